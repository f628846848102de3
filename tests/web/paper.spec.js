// What is printed while a run plays: all of it is of one step, also what was out of sight.
import { button, drawn, expect, open, test } from './support.js';

/** What is on a sheet that is printed now. */
function print() {
  const { lab, shadowRoot: root } = /** @type {any} */ (document.querySelector('linreg-lab'));
  const texts = (/** @type {ParentNode} */ where, /** @type {string} */ what) =>
    [...where.querySelectorAll(what)].map(({ textContent }) => textContent);
  dispatchEvent(new Event('beforeprint'));
  return {
    step: Number(lab.step).toLocaleString('en'),
    charts: texts(root, ':is(#chart-loss, #chart-fit, #chart-parameters) .summary'),
    numbers: texts(root, '#chart-fit .numbers td'),
    table: texts(root, 'table.parameters td'),
    microscope: texts(root, '.microscope .batch-rows, .microscope .formulas'),
    printed: texts(document, '.printed'),
    pictures: ['loss', 'fit'].map((name) => root.querySelector(`#chart-${name} .plot`).toDataURL()),
  };
}

test('printed while it plays, a run is of one step, in sight and out of it', async ({ page }) => {
  await open(page, '#seed=42&epochs=100000&n=200');
  const lab = page.locator('linreg-lab');
  await lab.evaluate((element) => element.setAttribute('view', 'loss,fit,parameters,microscope,table'));
  await page.locator('#chart-fit .numbers > summary').click();
  await page.locator('#speed').selectOption('fast');
  const go = () => lab.evaluate((element) => /** @type {any} */ (element).lab.play());
  const step = () => lab.evaluate((element) => Number(/** @type {any} */ (element).lab.step));
  for (const place of ['#data', '#training', '#output-train']) {
    await page.evaluate((at) => document.querySelector(at)?.scrollIntoView(), place);
    const from = await step();
    await go();
    await expect.poll(step).toBeGreaterThan(from + 2000);
    // It stops in the same moment, so that there is something to compare with.
    const sheet = await page.evaluate(
      `{ const sheet = (${print})(); document.querySelector('linreg-lab').lab.pause(); sheet }`,
    );
    await drawn(page);
    for (const text of sheet.charts) expect(text).toContain(sheet.step);
    expect(await page.evaluate(print)).toEqual(sheet);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await drawn(page);
  }
  await expect(button(page, 'toggle')).toHaveText('Run');
});
