// A page's script drives the lab: events are not lost, and what a run cannot do is refused.
import { bare } from './bare-page.js';
import { expect, test } from './support.js';

/** Notes the events of the first lab in globalThis.told. @param {import('@playwright/test').Page} page */
const listen = (page) =>
  page.evaluate(() => {
    const told = (globalThis.told = []);
    for (const type of ['linreg-ready', 'epoch', 'done', 'diverge'])
      document.addEventListener(type, ({ detail }) => told.push(type === 'epoch' ? detail.epoch : type));
  });

/** Puts a new lab in the place of the one there is, and waits until it can be used. @param {import('@playwright/test').Page} page @param {Record<string, string>} attributes */
async function anew(page, attributes) {
  await page.evaluate((given) => {
    const element = document.createElement('linreg-lab');
    for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
    document.querySelector('linreg-lab').replaceWith(element);
  }, attributes);
  await expect(page.locator('.transport[data-status]:not([data-status=loading])')).toHaveCount(1);
}

test('every epoch and every end is told of before the method’s promise is fulfilled', async ({ page }) => {
  await bare(page, '<linreg-lab></linreg-lab>');
  await listen(page);
  for (const [what, drive] of /** @type {const} */ ([
    ['seeds', 'element.seed = i; await element.train();'],
    ['states', 'await element.setState({ options: { seed: i } }); await element.train();'],
    ['rewinding', 'await element.train(); await element.rewind(0);'],
    ['epochs', 'await element.rewind(0); for (const _ of [1, 2, 3]) await element.step("epoch");'],
  ])) {
    await anew(page, { seed: '42' });
    const told = await page.evaluate(async (drive) => {
      globalThis.told.length = 0;
      const element = document.querySelector('linreg-lab');
      const run = new (Object.getPrototypeOf(async () => {}).constructor)('element', 'i', drive);
      for (const i of [1, 2, 3, 4, 5]) await run(element, i);
      return globalThis.told;
    }, drive);
    const isNew = what === 'seeds' || what === 'states';
    const each = [...(isNew ? ['linreg-ready'] : []), 1, 2, 3, 'done'];
    expect(told, what).toEqual(Array(5).fill(each).flat());
  }
});

test('a divergence is told of before the promise is fulfilled, and an answer from a listener is obeyed', async ({
  page,
}) => {
  await bare(page, '<linreg-lab seed="42" lr="30"></linreg-lab>');
  await listen(page);
  const first = await page.evaluate(async () => {
    await document.querySelector('linreg-lab').train();
    return globalThis.told;
  });
  expect(first).toEqual(['diverge']);
  const again = await page.evaluate(async () => {
    const element = document.querySelector('linreg-lab');
    await element.setState({ options: { seed: 1 } });
    const told = (globalThis.told.length = 0, globalThis.told); // prettier-ignore
    element.addEventListener('done', () => element.lab.play(), { once: true });
    await element.train();
    while (told.filter((type) => type === 'done').length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    return told;
  });
  expect(again).toEqual([1, 2, 3, 'done', 1, 2, 3, 'done']);
});

test('a command that another one overtakes is refused, and tells of no other’s run', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42"></linreg-lab>');
  const told = await page.evaluate(async () => {
    const element = document.querySelector('linreg-lab');
    const ends = (...promises) => Promise.all(
      promises.map((promise) => promise.then(({ options, step }) => [options.seed, step], ({ code, field, message }) => `${code} ${field}: ${message}`)),
    );
    const state = (seed, step, more) => element.setState({ options: { seed, ...more }, step });
    const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const told = { states: await ends(state(1, 100), state(2, 50)) };
    told.trained = await ends(element.train({ speed: 'slow' }), element.rewind(7));
    const train = element.train({ speed: 'slow' });
    await pause(50);
    element.reset();
    told.reset = await ends(train);
    await state(3, 0, { epochs: 1e6 });
    told.long = await ends(element.rewind(40_000_000), element.rewind(5));
    // Each is done before the next one begins.
    told.steps = await ends(element.step(), element.step(), element.step('epoch'));
    // What is refused overtakes nothing.
    await state(4, 299);
    told.refused = await ends(element.train({ speed: 'slow' }), element.rewind(301), element.step('leap'), element.setState({ step: -1 }));
    // Nor does a pause, which ends what is played.
    await state(5, 3);
    const paused = element.train({ speed: 'slow' });
    await pause(50);
    element.pause();
    told.paused = await ends(paused);
    return told;
  }); // prettier-ignore
  const overtaken = 'invalid_state lab: another command came before it was done';
  const refused = (field) => expect.stringContaining(`invalid_option ${field}: `);
  expect(told).toEqual({
    states: [overtaken, [2, 50]], trained: [overtaken, [2, 7]], reset: [overtaken], long: [overtaken, [3, 5]],
    steps: [[3, 6], [3, 7], [3, 100]], refused: [[4, 300], refused('step'), refused('stride'), refused('step')],
    paused: [[5, expect.any(Number)]],
  }); // prettier-ignore
});

test('a state leads to its step and status, whatever of a run is over', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42"></linreg-lab>');
  const told = await page.evaluate(async () => {
    const element = document.querySelector('linreg-lab');
    const where = ({ step, status, epoch }) => [step, status, epoch];
    const again = async (state) => [where(state), where(await element.setState({ ...state }))];
    return {
      begun: await again(await element.step('phase')),
      // Of rows that are fewer than a minibatch, whose rest is dropped, nothing is trained on.
      empty: await again(await element.setState({ options: { n: 5, batch_size: 10, drop_last: true } })),
      emptyAndOver: await again(await element.train()),
      over: [where(await element.setState({ options: { n: 50 } })), ...(await again(await element.train()))],
    };
  });
  expect(told).toEqual({
    begun: [[0, 'running', 0], [0, 'ready', 0]], // the parts of a step that was begun are not kept
    empty: [[0, 'ready', 0], [0, 'ready', 0]], emptyAndOver: [[0, 'finished', 3], [0, 'finished', 3]],
    over: [[0, 'ready', 0], [15, 'finished', 3], [15, 'finished', 3]],
  }); // prettier-ignore
});

test('a script’s speed is of its own training, and leaves the reader’s', async ({ page }) => {
  await bare(page, '<linreg-lab seed="1" epochs="1000000"></linreg-lab>');
  const speeds = await page.evaluate(async () => {
    const element = document.querySelector('linreg-lab');
    element.lab.speed = 'batch';
    const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const told = [];
    const overtaken = [element.train({ speed: 'slow' }), element.train()].map((done) => done.catch(({ code }) => code));
    await wait(500);
    told.push(element.lab.step > 1000); // as the last of them says
    element.pause();
    await Promise.all(overtaken);
    told.push(element.lab.speed);
    const { step } = element.lab;
    element.lab.play();
    await wait(300);
    told.push(element.lab.step - step < 5);
    return told;
  });
  expect(speeds).toEqual([true, 'batch', true]);
});

test('a method does not tell of a run that came in between', async ({ page }) => {
  await bare(page, '<linreg-lab seed="1" epochs="1000000" true-w="2"></linreg-lab>');
  const told = await page.evaluate(async () => {
    const element = document.querySelector('linreg-lab');
    const codes = [];
    for (const change of [() => element.lab.moveLabel(0, 3), () => element.lab.change('seed', '7')]) {
      const training = element.train().then(
        () => 'told',
        ({ code }) => code,
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
      change();
      codes.push(await training);
    }
    return codes;
  });
  expect(told).toEqual(['invalid_state', 'invalid_state']);
});

test('what a script asks for is checked, and where it is refused the run stays as it was', async ({ page }) => {
  await bare(page, '<linreg-lab></linreg-lab>');

  await test.step('a step that the run does not have is refused, and nothing changes', async () => {
    await anew(page, { seed: '42', step: '7' });
    const told = await page.evaluate(async () => {
      const element = document.querySelector('linreg-lab');
      const why = (promise) => promise.then(({ step }) => step, ({ code, field, value, range }) => [code, field, value, range]);
      return [
        await why(element.rewind(1e9)),
        await why(element.rewind(301)),
        await why(element.setState({ step: 500 })),
        await why(element.setState({ options: { n: 20, beta: 1 }, step: 7 })),
        await why(element.setState({ data: 'cars', options: { n: 20 }, step: 120 })),
        await why(element.setState({ step: 1000, altered: true })),
        await why(element.rewind(300)),
      ];
    }); // prettier-ignore
    const refused = (value, last) => ['invalid_option', 'step', value, `a whole number from 0 to ${last}`];
    expect(told).toEqual([
      refused('1000000000', 300), refused('301', 300), refused('500', 300), refused('7', 6), 120, 0, 300,
    ]); // prettier-ignore
  });

  await test.step('a state that is no plain object is refused, and the run stays', async () => {
    await anew(page, { seed: '42', step: '7' });
    const told = await page.evaluate(async () => {
      const element = document.querySelector('linreg-lab');
      const frame = document.body.appendChild(document.createElement('iframe'));
      const why = (promise) => promise.then(({ step, options }) => [step, options.lr], ({ field, range }) => `${field}: ${range}`);
      return [
        await why(element.setState(new Map([['step', 3]]))),
        await why(element.setState(Promise.resolve({ step: 3 }))),
        await why(element.setState({ options: Object.create({ lr: 5 }) })),
        await why(element.train(Promise.resolve({ speed: 'slow' }))),
        [element.getState().step],
        await why(element.setState(frame.contentWindow.Object.assign(new frame.contentWindow.Object(), { step: 3, options: { lr: 0.5 } }))),
      ];
    }); // prettier-ignore
    const state = 'state: a plain object with options, data, step, altered, epoch, status, weight, bias, log';
    const options = 'options: a plain object that can be read';
    expect(told).toEqual([state, state, options, 'how: a plain object with speed', [7], [3, 0.5]]);
  });

  await test.step('what a state says of its run is checked, and what is refused names what there is', async () => {
    await anew(page, { seed: '42' });
    const told = await page.evaluate(async () => {
      const element = document.querySelector('linreg-lab');
      const calls = [
        () => element.setState({ status: 'bogus' }),
        () => element.setState({ status: 5 }),
        () => element.setState({ altered: 'yes' }),
        () => element.setState({ altered: null }),
        () => element.setState({ step: NaN }),
        () => element.setState({ foo: 1 }),
        () => element.setState({ options: { foo: 1 } }),
        () => element.setState({ get step() { throw new Error('mine'); } }),
        () => element.train('fast'),
        () => element.train({ sped: 'fast' }),
        () => element.rewind(NaN),
        () => element.rewind('5'),
      ];
      const messages = [];
      for (const call of calls) messages.push(await call().then(() => 'accepted', ({ message }) => message));
      return messages;
    }); // prettier-ignore
    const names = 'options, data, step, altered, epoch, status, weight, bias, log';
    const statuses = 'loading, ready, running, finished, diverged';
    expect(told).toEqual([
      `status must be one of ${statuses}, got "bogus"`,
      `status must be one of ${statuses}, got 5`,
      'altered must be true or false, got "yes"',
      'altered must be true or false, got null',
      'step must be a whole number from 0 to 300, got NaN',
      `there is no "foo", only ${names}`,
      expect.stringMatching(/^there is no option "foo", only seed, true_w, .*, epochs$/),
      'step must be a property that can be read, but reading it failed',
      'how must be a plain object with speed, got "fast"',
      'there is no "sped", only speed',
      'step must be a whole number from 0 to 300, got NaN',
      'step must be a whole number from 0 to 300, got "5"',
    ]);
  });

  await test.step('an option of a state that is undefined is as if left out', async () => {
    await anew(page, { seed: '42' });
    const { options } = await page.evaluate(() =>
      document.querySelector('linreg-lab').setState({
        data: 'cars',
        options: { seed: undefined, lr: undefined, standardize: undefined },
        step: undefined,
      }),
    );
    expect(options).toMatchObject({ seed: 0, lr: 0.03, standardize: true }); // the cars' columns are
  });
});
