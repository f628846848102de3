// The element by script: its methods, its events, its tokens and parts; and a frame that obeys the hosts it was told to.
import { expect, openElement as open, pytorchLines, site, test } from './support.js';

test('train, step, rewind, getState and setState', async ({ page, serve }) => {
  const element = await open(page, serve);
  const trained = await element.evaluate((lab) => lab.train());
  expect(trained).toMatchObject({ status: 'finished', step: 300, epoch: 3, data: 'synthetic' });
  expect(trained.log.join('\n')).toBe(pytorchLines(42));
  expect(trained.weight).toEqual([Math.fround(2.0002475), Math.fround(-3.4007931)]);
  expect(await element.evaluate((lab) => lab.rewind(120))).toMatchObject({ step: 120, status: 'running' });
  expect(await element.evaluate((lab) => lab.step('epoch'))).toMatchObject({ step: 200, epoch: 2 });
  expect(await element.evaluate((lab) => lab.step())).toMatchObject({ step: 201 });
  // A state goes through JSON and comes back to the bit, in another lab too.
  const state = JSON.parse(await element.evaluate((lab) => lab.exportAs('json')));
  await element.evaluate((lab) => lab.reset());
  expect(await element.evaluate((lab) => lab.getState())).toMatchObject({ step: 0, epoch: 0, log: [] });
  const again = await element.evaluate(async (lab, state) => {
    const other = document.body.appendChild(document.createElement('linreg-lab'));
    return [await lab.setState(state), await other.setState(state)];
  }, state);
  expect(again).toEqual([state, state]);
  expect(await element.evaluate((lab) => lab.exportAs('link'))).toBe('#seed=42&step=201');
  expect(await element.evaluate((lab) => lab.exportAs('python'))).toContain('torch.manual_seed(42)');
});

test('what is refused says so, and the run stays', async ({ page, serve }) => {
  const element = await open(page, serve);
  const before = await element.evaluate((lab) => lab.step());
  const refusals = await element.evaluate(async (lab) => {
    const calls = [
      () => lab.step('leap'), () => lab.rewind(-1), () => lab.rewind(NaN), () => lab.setState(null), () => lab.setState({ data: 'moon' }),
      () => lab.setState({ options: { lr: 'fast' } }), () => lab.setState({ options: { batch_size: 0 } }), () => lab.setState({ step: 1.5 }),
      () => lab.setState([]), () => lab.setState({ options: [] }), () => lab.setState({ options: { data: {} } }),
      () => lab.setState({ options: { get lr() { throw new Error('mine'); } } }), () => lab.setState({ options: { delta: 1, beta: 1 } }),
      () => lab.train({ speed: 'constructor' }), () => lab.train({ speed: '__proto__' }), () => lab.train({ speed: 'bogus' }), () => lab.train(null),
      () => lab.exportAs('docx'), () => document.createElement('linreg-lab').train(), () => document.createElement('linreg-lab').getState(),
    ];
    const told = [];
    for (const call of calls) told.push(await Promise.resolve().then(call).then(() => 'accepted', ({ name, code, field }) => `${name} ${code} ${field}`));
    return told;
  }); // prettier-ignore
  expect(refusals).toEqual([
    'LinregError invalid_option stride', 'LinregError invalid_option step', 'LinregError invalid_option step', 'LinregError invalid_option state', 'LinregError invalid_option data',
    'LinregError invalid_option lr', 'LinregError invalid_option batch_size', 'LinregError invalid_option step',
    'LinregError invalid_option state', 'LinregError invalid_option options', 'LinregError invalid_option options.data',
    'LinregError invalid_option options', 'LinregError invalid_option beta',
    'LinregError invalid_option speed', 'LinregError invalid_option speed', 'LinregError invalid_option speed', 'LinregError invalid_option how',
    'LinregError invalid_option format', 'LinregError invalid_state lab', 'LinregError invalid_state lab',
  ]); // prettier-ignore
  expect(await element.evaluate((lab) => lab.getState())).toEqual(before);
  const told = await element.evaluate((lab) =>
    lab.train({ speed: 'bogus' }).catch(({ value, range }) => [value, range]),
  );
  expect(told).toEqual(['"bogus"', 'one of phase, batch, slow, normal, fast']);
});

test('a state that options and data do not lead to says so, and begins its run anew', async ({ page, serve }) => {
  const element = await open(page, serve);
  const changed = await element.evaluate(async (lab) => {
    await lab.rewind(100);
    lab.setAttribute('lr', '0.1');
    await new Promise((resolve) => setTimeout(resolve));
    const state = await lab.step();
    return { state, link: lab.exportAs('link'), again: await lab.setState(JSON.parse(lab.exportAs('json'))) };
  });
  expect(changed.state).toMatchObject({ step: 101, altered: true, options: { lr: 0.1 } });
  expect(changed.link).toBe('#seed=42&lr=0.1');
  expect(changed.again).toMatchObject({ step: 0, altered: false, options: { lr: 0.1 } });
  const moved = await element.evaluate(async (lab) => {
    await lab.setState({ options: { beta: 0.5, loss: 'huber', seed: 42 }, step: 7 });
    const { labels } = lab.lab.data;
    lab.lab.moveLabel(3, 100);
    const state = lab.getState();
    const again = await lab.setState(state);
    return { state, again, restored: lab.lab.data.labels[3] === labels[3] };
  });
  expect(moved.state).toMatchObject({ step: 7, altered: true, data: 'synthetic', options: { delta: 0.5 } });
  expect(moved.again).toMatchObject({ step: 0, altered: false, data: 'synthetic', options: moved.state.options });
  expect(moved.restored).toBe(true);
});

test('an awaited run ends when it is paused, and is refused when the lab goes', async ({ page, serve }) => {
  const element = await open(page, serve, '<linreg-lab seed="42" epochs="100000000"></linreg-lab>');
  const paused = element.evaluate((lab) => {
    setTimeout(() => lab.pause(), 300);
    return lab.train();
  });
  expect(await paused).toMatchObject({ status: 'running' });
  const gone = await element.evaluate((lab) => {
    setTimeout(() => lab.remove(), 300);
    return lab.train().catch(({ code }) => code);
  });
  expect(gone).toBe('invalid_state');
});

test('events bubble out of shadows, step at most once a frame', async ({ page, serve }) => {
  const element = await open(page, serve, '<div id="outer"></div>').catch(() => undefined);
  expect(element).toBeDefined();
  const told = await page.evaluate(async () => {
    await customElements.whenDefined('linreg-lab');
    const told = [];
    let frame = 0;
    const count = () => (++frame, requestAnimationFrame(count));
    count();
    for (const type of customElements.get('linreg-lab').events)
      document.addEventListener(type, ({ type, detail, target }) => told.push({ type, detail, at: target.id, frame }));
    const lab = document.createElement('linreg-lab');
    lab.setAttribute('seed', '42');
    document.querySelector('#outer').attachShadow({ mode: 'open' }).append(lab);
    await lab.train({ speed: 'normal' });
    await new Promise((resolve) => setTimeout(resolve, 700)); // the last is told a frame later
    return told;
  }); // prettier-ignore
  const types = told.map(({ type }) => type);
  expect(types[0]).toBe('linreg-ready');
  expect(types.filter((type) => type === 'done')).toHaveLength(1);
  const steps = told.filter(({ type }) => type === 'step');
  expect(steps.length).toBeGreaterThan(3);
  expect(new Set(steps.map(({ frame }) => frame)).size).toBe(steps.length);
  expect(steps.at(-1).detail).toMatchObject({ step: 300, epoch: 3 });
  const epochs = told.filter(({ type }) => type === 'epoch');
  expect(epochs.map(({ detail: { epoch, loss } }) => `epoch ${epoch}, loss ${loss.toFixed(6)}`).join('\n')).toBe(
    pytorchLines(42),
  );
  expect(new Set(told.map(({ at }) => at))).toEqual(new Set(['outer']));
});

test('every epoch is told of, also of those that end in one frame', async ({ page, serve }) => {
  const element = await open(page, serve, '<linreg-lab seed="42" epochs="30"></linreg-lab>');
  const epochs = await element.evaluate(async (lab) => {
    const told = [];
    lab.addEventListener('epoch', ({ detail }) => told.push(detail.epoch));
    const done = new Promise((resolve) => lab.addEventListener('done', resolve));
    await lab.train();
    await done;
    return told;
  });
  expect(epochs).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
});

test('methods and linreg-ready wait for the step to begin at', async ({ page, serve }) => {
  await open(page, serve, '<div id="place"></div>');
  const steps = await page.evaluate(async () => {
    const make = () => {
      const lab = document.createElement('linreg-lab');
      Object.entries({ seed: '42', epochs: '5000', step: '200000' }).forEach(([name, text]) =>
        lab.setAttribute(name, text),
      );
      document.querySelector('#place').append(lab);
      return lab;
    };
    const [stepped, told] = [make(), make()];
    const ready = new Promise((resolve) => told.addEventListener('linreg-ready', ({ detail }) => resolve(detail.step)));
    return [(await stepped.step()).step, await ready];
  });
  expect(steps).toEqual([200_001, 200_000]);
});

test('misspelt names are refused by the methods that take an object, and nothing changes', async ({ page, serve }) => {
  const element = await open(page, serve, '<linreg-lab seed="42" step="7"></linreg-lab>');
  const told = await element.evaluate(async (lab) => {
    const why = (promise) => promise.then(String, ({ code, field }) => `${code} ${field}`);
    const all = [await why(lab.setState({ optoins: {} })), await why(lab.train({ sped: 'slow' }))];
    return [...all, (await lab.setState(lab.getState())).step];
  });
  expect(told).toEqual(['invalid_option optoins', 'invalid_option sped', 7]);
});

test('attributes are properties too, before the element is known and after', async ({ page, serve }) => {
  const early = '<script>document.querySelector("linreg-lab").lr = 0.5</script>';
  const element = await open(
    page,
    serve,
    `<linreg-lab seed="42" batch_size="many" hide="seed, sound"></linreg-lab>${early}`,
  );
  await expect(element.locator('.transport')).toHaveAttribute('data-status', 'ready');
  const read = await element.evaluate((lab) => {
    const { seed, lr, batch_size, true_w, shuffle, loss, data, hide, theme, readonly } = lab;
    return {
      seed,
      lr,
      batch_size,
      true_w,
      shuffle,
      loss,
      data,
      hide,
      theme,
      readonly,
      attribute: lab.getAttribute('lr'),
    };
  });
  expect(read).toEqual({
    seed: 42, lr: 0.5, batch_size: 10, true_w: [2, -3.4], shuffle: true, loss: 'mse', data: 'synthetic', hide: ['seed', 'sound'],
    theme: 'auto', readonly: false, attribute: '0.5',
  }); // prettier-ignore
  const written = await element.evaluate(async (lab) => {
    Object.assign(lab, { seed: 7, true_w: [1, 2, 3], shuffle: false, batch_size: 'none at all', theme: 'dark', readonly: true, hide: [] });
    lab.epochs = undefined;
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { options } = lab.getState();
    return { html: lab.outerHTML, options, batch_size: lab.batch_size };
  }); // prettier-ignore
  expect(written.html).toContain(
    'seed="7" batch_size="none at all" hide="" lr="0.5" true_w="1,2,3" shuffle="false" theme="dark" readonly=""',
  );
  expect(written.options).toMatchObject({ seed: 7, true_w: [1, 2, 3], shuffle: false, batch_size: 10, epochs: 3 });
  expect(written.batch_size).toBe(10);
  await expect(element.locator('.link-notice')).toContainText('batch_size');
});

test('a divergence is told of', async ({ page, serve }) => {
  const element = await open(page, serve, '<linreg-lab seed="42" lr="30"></linreg-lab>');
  const lr = element.evaluate(async (lab) => {
    const told = new Promise((resolve) => lab.addEventListener('diverge', ({ detail }) => resolve(detail.lr)));
    await lab.train();
    return told;
  });
  expect(await lr).toBe(30);
});

test.describe('no engine', () => {
  test.use({ allowed: /404/ });
  test('an error is told, train is refused, and what the author put inside is seen', async ({ page, serve }) => {
    const element = await open(page, serve, '<linreg-lab seed="42"><em>see the figure</em></linreg-lab>', 404);
    expect(await element.evaluate((lab) => lab.train().catch(({ code }) => code))).toBe('load_failed');
    await expect(page.getByText('see the figure')).toBeVisible();
    await expect(element.locator('.failed')).toContainText('status 404');
    await expect(element.locator('.transport')).toBeHidden(); // of no use, and in the figure's place
  });
});

test.describe('a frame without an engine', () => {
  test.use({ allowed: /404|preload/ });
  test('says why, and shows the picture and a link', async ({ page, serve }) => {
    const missing = (path, response) => path.endsWith('.wasm') && Boolean(response.writeHead(404).end());
    const server = await serve(site, { answer: missing });
    await page.goto(`${server.url}embed.html?lang=zh-CN&seed=7&view=loss#lr=0.1`);
    await expect(page.locator('.failed')).toContainText('训练引擎未能加载');
    await expect(page.getByRole('link', { name: '单文件版课程' })).toBeVisible();
    await expect(page.getByRole('img', { name: '训练实验室' })).toBeVisible();
    await page.getByRole('link', { name: '单文件版课程' }).click();
    await expect(page.locator('.transport')).toHaveAttribute('data-status', 'ready');
    await expect(page).toHaveURL(/linreg-lab\.html#seed=7&lr=0\.1&lang=zh-CN$/);
  });
});

test('tokens and parts are the page’s to style', async ({ page, serve }) => {
  const style =
    '<style>linreg-lab { --linreg-accent: rgb(1, 2, 3) } linreg-lab::part(transport) { border-top-width: 7px }</style>';
  const element = await open(page, serve, `${style}<linreg-lab seed="42"></linreg-lab>`);
  await expect(element.locator('.transport')).toHaveAttribute('data-status', 'ready');
  expect(await element.locator('[data-action=toggle]').evaluate((it) => getComputedStyle(it).backgroundColor)).toBe(
    'rgb(1, 2, 3)',
  );
  expect(await element.locator('.transport').evaluate((it) => getComputedStyle(it).borderTopWidth)).toBe('7px');
});

test('a frame obeys its parent alone, and only at an origin that its address names', async ({ page, serve }) => {
  const lab = await serve(site, { headers: { 'access-control-allow-origin': '*' } });
  const body = `<script>const heard = []; addEventListener('message', ({ data, origin }) => data.type === 'linreg-lab:answer' && heard.push({ ...data, origin }));</script>`;
  const host = await serve(site, {
    answer: (path, response) =>
      path === '/host.html' && Boolean(response.setHeader('content-type', 'text/html').end(body)),
  });
  await page.goto(`${host.url}host.html`);
  const labOrigin = lab.url.slice(0, -1).replace('localhost', '127.0.0.1');
  const hostOrigin = host.url.slice(0, -1);
  const frames = [`origins=${hostOrigin}`, `origins=https://book.example,${hostOrigin}0`, ''];
  for (const [i, origins] of frames.entries()) {
    await page.evaluate(
      (src) => document.body.append(Object.assign(document.createElement('iframe'), { src })),
      `${labOrigin}/embed.html?seed=42&id=lab${i}&${origins}`,
    );
    const frame = page.frames()[i + 1];
    await expect(frame.locator('.transport')).toHaveAttribute('data-status', 'ready');
  }
  const ask = (index, message) =>
    page
      .frames()[0]
      .evaluate(
        ([index, message]) => frames[index].postMessage({ type: 'linreg-lab:command', ...message }, '*'),
        [index, message],
      );
  for (const i of [0, 1, 2]) await ask(i, { command: 'train', request: i });
  const heard = () => page.evaluate('heard');
  await expect.poll(async () => (await heard()).length).toBe(1);
  for (const message of [
    { command: 'constructor', request: 7 },
    { command: 'rewind', argument: -1, request: 8 },
    { command: 'exportAs', argument: 'link', request: 9 },
    { command: 'train', argument: { speed: 'toString' }, request: 11 },
  ])
    await ask(0, message);
  await expect.poll(async () => (await heard()).length).toBe(5);
  const [trained, unknown, refused, link, speed] = await heard();
  expect(speed.error).toMatchObject({
    code: 'invalid_option',
    field: 'speed',
    value: '"toString"',
    range: 'one of phase, batch, slow, normal, fast',
  });
  expect(trained).toMatchObject({ id: 'lab0', request: 0, origin: labOrigin, value: { status: 'finished' } });
  expect(trained.value.log.join('\n')).toBe(pytorchLines(42));
  expect(unknown.error).toMatchObject({
    name: 'LinregError',
    code: 'invalid_option',
    field: 'command',
    value: '"constructor"',
  });
  expect(unknown.error.range).toContain('one of train');
  expect(refused).toMatchObject({
    request: 8,
    error: { code: 'invalid_option', field: 'step', hint: expect.stringContaining('nothing has changed') },
  });
  expect(link).toMatchObject({ request: 9, value: '#seed=42&step=300' });
  // A frame beside it, though of the right origin, is not its parent.
  await page
    .frames()[3]
    .evaluate(() => parent.frames[0].postMessage({ type: 'linreg-lab:command', command: 'reset', request: 10 }, '*'));
  await page.waitForTimeout(200);
  expect(
    await page
      .frames()[1]
      .locator('linreg-lab')
      .evaluate((lab) => lab.getState().step),
  ).toBe(300);
});
