// The link: a run's settings and step in the URL, both ways, and whatever a hostile link may hold.
import {
  address,
  button,
  control,
  enter,
  expect,
  goTo,
  link,
  open,
  runToEnd,
  settled,
  standing,
  test,
  transport,
} from './support.js';

const everything =
  '#seed=9&true_w=1.5,-2,0.25&true_b=-3&n=77&noise=0.5&batch_size=8&shuffle=false&drop_last=true&init=default' +
  '&init_std=1&loss=huber&reduction=sum&delta=0.5&lr=0.001&momentum=0.5&nesterov=true&weight_decay=0.01&epochs=4';

test('every option goes through the link and back', async ({ page }) => {
  await open(page, everything);
  expect(new URL(await address(page)).hash).toBe(everything);
  await expect(page.locator('.link-notice')).toBeEmpty();
  await runToEnd(page);
  const before = await standing(page);
  const url = await address(page);
  expect(url).toContain('step=36');
  await page.goto('about:blank');
  await page.goto(url);
  await expect(transport(page)).toHaveAttribute('data-status', 'finished');
  await settled(page);
  expect(await standing(page)).toEqual(before);
  expect(await address(page)).toBe(url);
});

test('a link opens at its step, by replay', async ({ page }) => {
  await open(page, '#seed=42');
  for (let i = 0; i < 7; ++i) await button(page, 'step_batch').click();
  await settled(page);
  expect(await link(page)).toEqual({ seed: '42', step: '7' });
  const before = await standing(page);
  await page.reload();
  await expect(page.locator('.position')).toContainText('Step 7 of 300');
  await settled(page);
  expect(await standing(page)).toEqual(before);
});

test('only what differs from the notebook is written', async ({ page }) => {
  await open(page, '#seed=3&lr=0.03&epochs=3&loss=mse');
  expect(new URL(await address(page)).hash).toBe('#seed=3');
});

test('a missing seed is chosen once, shown and in the link', async ({ page }) => {
  await open(page, '');
  const { seed } = await link(page);
  expect(seed).toMatch(/^\d+$/);
  await expect(control(page, 'seed')).toHaveValue(String(seed));
  const before = await standing(page);
  await page.reload();
  await settled(page);
  expect((await link(page))['seed']).toBe(seed);
  expect(await standing(page)).toEqual(before);
});

test('the reader’s history is not filled', async ({ page }) => {
  await open(page, '#seed=1');
  const before = await page.evaluate(() => history.length);
  await enter(page, 'lr', '0.1');
  await enter(page, 'epochs', '2');
  await settled(page);
  expect(await page.evaluate(() => history.length)).toBe(before);
});

test('another hash in the same tab is followed', async ({ page }) => {
  await open(page, '#seed=1');
  await page.evaluate(() => {
    location.hash = '#seed=2&lr=0.1&step=5';
  });
  await expect(control(page, 'seed')).toHaveValue('2');
  await expect(control(page, 'lr')).toHaveValue('0.1');
  await expect(page.locator('.position')).toContainText('Step 5 of 300');
  await page.evaluate(() => {
    location.hash = '#seed=2&lang=zh-CN&data=cars';
  });
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.locator('#source-cars')).toBeChecked();
  await settled(page);
});

test('a link is followed, even if the page was just about to write its own', async ({ page }) => {
  await open(page, '#seed=1');
  await settled(page);
  await page.evaluate(() => {
    const { lab } = /** @type {any} */ (document.querySelector('linreg-lab'));
    const wait = globalThis.setTimeout;
    /** @type {(() => void)[]} */
    const due = [];
    Object.assign(globalThis, { setTimeout: (/** @type {() => void} */ call) => due.push(call) });
    lab.emit('settings');
    Object.assign(globalThis, { setTimeout: wait });
    location.hash = '#seed=2'; // of which the page hears in a task of its own, after
    due.forEach((call) => call());
  });
  await expect(control(page, 'seed')).toHaveValue('2');
  await expect.poll(() => address(page)).toMatch('seed=2');
});

test('hostile links: what is left out is told of as plain text, nothing of it runs, and the run is the rest’s', async ({
  page,
}) => {
  page.on('dialog', () => expect.soft('a dialog').toBe('never shown'));
  await open(page, '#seed=7');
  const notice = page.locator('.link-notice');
  // What else a link may hold is tried in tests/wasm/link.test.js.
  for (const [hash, ...bad] of /** @type {const} */ ([
    ['#seed=1&<img src onerror%3Dalert(1)>=1&lr=javascript:alert(1)', '<img src', 'lr'],
    ['#seed=2&__proto__=1&lr=%ZZ', '__proto__', 'lr=%ZZ'],
  ])) {
    await goTo(page, hash);
    await expect(notice).toHaveCount(1);
    for (const part of bad) await expect(notice).toContainText(part);
    expect(await link(page)).toEqual({ seed: hash[6] });
    expect(await page.locator('.link-notice *').count()).toBe(0);
    expect(await page.evaluate(() => Object.keys(Object.prototype).length)).toBe(0);
    await runToEnd(page);
  }
});

test('what is too large is as large as it may be, and one notice says so', async ({ page }) => {
  await open(page, '#seed=42&epochs=1e18&batch_size=1e18');
  const notice = page.locator('.link-notice');
  await expect(notice).toHaveText(
    'What was too large was set to the largest allowed value: epochs = 9007199254740991, batch_size = 1000.',
  );
  expect(await link(page)).toMatchObject({ epochs: '9007199254740991', batch_size: '1000' });
  await page.evaluate(() => (location.hash = '#seed=42&n=99999999&lr=-1&lang=zh-CN'));
  await expect(notice).toHaveText('部分设置无法使用，已略去：lr。过大的值已改为允许的最大值：n = 1000000。');
  await settled(page);
});

test('a step beyond the last one is the last one, and that is said', async ({ page }) => {
  await open(page, '#seed=42&step=5000');
  await expect(page.locator('.link-notice')).toHaveText(
    'What was too large was set to the largest allowed value: step = 300.',
  );
  await expect(page.locator('.position')).toContainText('Step 300 of 300');
});

test('a batch that the rows of a link make too large is told of beside its control', async ({ page }) => {
  await open(page, '#seed=42&n=5');
  await expect(page.locator('css:light=#notice-batch_size')).toContainText(
    'batch_size 10 is more than there are rows (5)',
  );
});

test('a link of 1 MB is followed, and little of it is kept', async ({ page }) => {
  // How long each kind of them takes to read is timed in tests/wasm/link.test.js.
  await open(page, '#seed=5');
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    `seed=1&${'%41'.repeat(340_000)}=1`,
  );
  await expect(control(page, 'seed')).toHaveValue('1');
  await expect(page.locator('.link-notice')).not.toBeEmpty();
  expect((await page.locator('.link-notice').textContent())?.length).toBeLessThan(200);
  await settled(page);
  expect((await address(page)).length).toBeLessThan(100);
});
