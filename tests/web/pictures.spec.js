// The pictures under a reader's hands: cursor, files, paper.
import { readFileSync } from 'node:fs';
import { button, expect, expectAccessible, open, runToEnd, settled, showAll, test } from './support.js';
import { chart, pixels, said, showSweep, stage, trainerOf } from './views-support.js';

test('the cursor reads the loss by keys, in both languages', async ({ page }) => {
  await open(page);
  await runToEnd(page);
  const before = await said(page, 'loss').textContent();
  const empty = await pixels(page, 'loss');
  await stage(page, 'loss').focus();
  await page.keyboard.press('Home');
  await expect(said(page, 'loss')).toHaveText(/^Step 1, epoch 1: minibatch loss 24\.67\.$/);
  expect(await pixels(page, 'loss')).not.toBe(empty);
  await page.keyboard.press('ArrowRight');
  await expect(said(page, 'loss')).toHaveText(/^Step 2, epoch 1: /);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(said(page, 'loss')).toHaveText(/^Step 1, /);
  await page.keyboard.press('PageUp');
  await expect(said(page, 'loss')).toHaveText(/^Step 31, /);
  await page.keyboard.press('End');
  await expect(said(page, 'loss')).toHaveText(/^Step 300, epoch 3: .* On all data, after this epoch: 0\.0001006\.$/);
  await page.keyboard.press('Escape');
  await expect(said(page, 'loss')).toHaveText(before ?? '');
  await page.locator('#language').selectOption('zh-CN');
  await stage(page, 'loss').focus();
  await page.keyboard.press('End');
  await expect(said(page, 'loss')).toHaveText(/^第 300 步，第 3 个迭代周期：小批量的损失为 /);
  await settled(page);
});

test('the cursor reads by mouse and by touch, and lets the page scroll', async ({ page }) => {
  await open(page);
  await runToEnd(page);
  await stage(page, 'loss').scrollIntoViewIfNeeded();
  const box = await stage(page, 'loss').boundingBox();
  if (!box) throw new Error('no box');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(said(page, 'loss')).toHaveText(/^Step \d+,/);
  const step = Number(/^Step (\d+),/.exec((await said(page, 'loss').textContent()) ?? '')?.[1]);
  expect(step).toBeGreaterThan(100);
  expect(step).toBeLessThan(200);
  await page.mouse.move(box.x + box.width / 2, box.y - 200);
  await expect(said(page, 'loss')).toHaveText(/^After step 300/);
  expect(await stage(page, 'loss').evaluate((element) => getComputedStyle(element).touchAction)).toMatch(/pan-y/);
  await stage(page, 'loss').dispatchEvent('pointerdown', {
    pointerType: 'touch',
    isPrimary: true,
    button: 0,
    clientX: box.x + box.width - 13,
    clientY: box.y + 60,
  });
  await expect(said(page, 'loss')).toHaveText(/^Step 300,/);
});

test('linear and logarithmic are two pictures with two names', async ({ page }) => {
  await open(page);
  await runToEnd(page);
  const log = await pixels(page, 'loss');
  await chart(page, 'loss').getByRole('checkbox', { name: 'logarithmic' }).uncheck();
  await expect(chart(page, 'loss').locator('.plot')).toHaveAttribute(
    'aria-label',
    'Line chart of the minibatch loss at every step',
  );
  await expect.poll(() => pixels(page, 'loss')).not.toBe(log);
  await expect(chart(page, 'loss').locator('.legend')).toContainText('noise floor 0.0001');
  await settled(page);
});

test('files: SVG, PNG and CSV hold the picture and all of its numbers', async ({ page }) => {
  await open(page);
  await runToEnd(page);
  await chart(page, 'loss').locator('.numbers > summary').click();
  const save = async (/** @type {string} */ kind) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      chart(page, 'loss').locator(`[data-save=${kind}]`).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`linreg-loss.${kind}`);
    await expect(chart(page, 'loss').locator('.saved')).toHaveText(`Saved as linreg-loss.${kind}.`);
    return readFileSync(await download.path());
  };
  const svg = (await save('svg')).toString();
  const blank = await page.context().newPage(); // the lesson’s own page refuses to parse
  const tags = await blank.evaluate((text) => {
    const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    return { root: root.nodeName, errors: root.querySelectorAll('parsererror').length, texts: root.textContent };
  }, svg);
  expect(tags).toMatchObject({ root: 'svg', errors: 0 });
  expect(tags.texts).toContain('epoch, all data');
  const png = await save('png');
  expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1600, 960]);
  const lines = (await save('csv')).toString().trimEnd().split('\r\n');
  expect(lines).toHaveLength(304);
  expect(lines[0]).toBe('\ufeffstep,measured on,loss');
  expect(lines.at(-1)).toMatch(/^300,"epoch 3, all data",0\.0001006\d+$/);
});

for (const [lang, told] of /** @type {const} */ ([
  ['en', '400 of 3,012 rows; all are in the CSV file.'],
  ['zh-CN', '共 3,012 行，此处列出 400 行；全部都在 CSV 文件里。'],
])) {
  test(`a long table is a sample with the last row, and says so, ${lang}`, async ({ page }) => {
    await open(page, `#seed=42&epochs=12&batch_size=4&lang=${lang}`);
    await runToEnd(page);
    await chart(page, 'loss').locator('.numbers > summary').click();
    await expect(chart(page, 'loss').locator('caption')).toContainText(told);
    await expect(chart(page, 'loss').locator('tbody tr')).toHaveCount(400);
    await expect(chart(page, 'loss').locator('tbody tr').last().locator('td').first()).toHaveText('3,000');
    await expect(chart(page, 'fit').locator('caption')).not.toContainText('CSV');
  });
}

test('a file saved right after a step is of that step, whatever is still to be drawn', async ({ page }) => {
  await open(page);
  await showAll(page);
  await chart(page, 'parameters').locator('.numbers > summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('linreg-lab').evaluate((element) => {
      const { lab } = /** @type {any} */ (element);
      lab.stepOnce('epoch');
      const save = element.shadowRoot?.querySelector('#chart-parameters [data-save=csv]');
      /** @type {HTMLElement} */ (save).click();
    }),
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toMatch(/^100,/m);
});

test('a refused file is told of', async ({ page }) => {
  await page.addInitScript(() => {
    URL.createObjectURL = () => {
      throw new Error('refused');
    };
  });
  await open(page);
  await chart(page, 'data').locator('.numbers > summary').click();
  await chart(page, 'data').locator('[data-save=csv]').click();
  await expect(chart(page, 'data').locator('.saved')).toHaveText('The browser refused to make linreg-data.csv.');
});

test('every picture’s own keys are told to those who do not see its hint', async ({ page }) => {
  await open(page, '#seed=42&true_w=2');
  await showAll(page);
  const told = (/** @type {string} */ view) => page.locator(`#chart-${view} .stage`);
  await expect(told('loss')).toHaveAttribute('aria-description', /Esc stops\.$/);
  await expect(told('fit')).toHaveAttribute('aria-description', /Drag a point up or down/);
  await expect(told('parameters')).toHaveAttribute('aria-description', /0 shows the whole path/);
  await expect(told('sweep')).toHaveAttribute('aria-description', /Trains this run anew/);
});

test('all rows of the notebook are drawn; of more it is said how many', async ({ page }) => {
  await open(page, '#seed=42');
  await expect(page.locator('#chart-fit .summary')).not.toContainText('are drawn');
  await open(page, '#seed=42&n=1001');
  await expect(page.locator('#chart-fit .summary')).toContainText('1,000 of the 1,001 rows are drawn.');
});

test('printed, pictures are light and sharp; afterwards they are as before', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page);
  await runToEnd(page);
  const size = () =>
    page
      .locator('#chart-loss .plot')
      .evaluate((/** @type {HTMLCanvasElement} */ { width, clientWidth }) => width / clientWidth);
  const dark = await pixels(page, 'loss');
  const ratio = await size();
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  expect(await size()).toBe(4);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await expect.poll(size).toBe(ratio);
  await expect.poll(() => pixels(page, 'loss')).toBe(dark);
});

test('a lost canvas is told of, and drawn again', async ({ page }) => {
  await open(page);
  const plot = page.locator('#chart-loss .plot');
  await plot.evaluate((canvas) => canvas.dispatchEvent(new Event('contextlost')));
  await expect(said(page, 'loss')).toHaveText(/dropped this picture/);
  await plot.evaluate((canvas) => canvas.dispatchEvent(new Event('contextrestored')));
  await expect(said(page, 'loss')).toHaveText('No step has been taken yet.');
});

for (const lang of ['en', 'zh-CN']) {
  test(`axe: pinned, swept, edited, with files open, ${lang}`, async ({ page }) => {
    await open(page, `#seed=1&true_w=2&n=30&noise=1&lang=${lang}`);
    await runToEnd(page);
    await page.locator('[data-action=pin]').click();
    await stage(page, 'fit').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    await showSweep(page);
    await page.locator('[data-action=sweep]').click();
    await expect(page.locator('[data-action=sweep]')).toHaveText(lang === 'en' ? 'Sweep' : '开始扫描');
    for (const summary of await page.locator('.numbers > summary').all()) await summary.click();
    await expectAccessible(page);
    const text = await page.locator('.views').innerText();
    expect(text).not.toMatch(/NaN|undefined/);
  });
}

test('a picture with nothing to read as yet keeps its keys', async ({ page }) => {
  await open(page);
  await stage(page, 'loss').focus();
  for (const key of ['ArrowRight', 'End', 'PageUp']) await page.keyboard.press(key);
  expect((await trainerOf(page)).step_count).toBe(0);
});
