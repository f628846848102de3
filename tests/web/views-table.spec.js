// The table of parameters, beside the trainer's numbers.
import { button, enter, expect, expectAccessible, runToEnd, settled, test } from './support.js';
import { expectNoSidewaysScroll, list, openView, trainerOf } from './views-support.js';

/** The columns by their title. @param {import('@playwright/test').Locator} view @returns {Promise<Record<string, string[]>>} */
const columnsOf = (view) =>
  view.locator('table').evaluate((/** @type {HTMLTableElement} */ table) => {
    const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent ?? ''));
    const [titles = [], ...lines] = rows;
    return Object.fromEntries(titles.map((title, i) => [title, lines.map((line) => line[i] ?? '')]));
  });

test('where the data do not determine the weights the table says so', async ({ page }) => {
  const view = await openView(page, 'table', '#seed=42&n=5&true_w=2,-3.4,1,0.5,-1,3&batch_size=5');
  await expect(view.locator('.table-note')).toHaveText(
    /^The data do not determine the weights: many have the least loss\./,
  );
  await enter(page, 'n', '50');
  await expect(view.locator('.table-note')).toHaveText('');
});

test('truth, least squares, the present, and how far off, with the notebook’s signs', async ({ page }) => {
  const view = await openView(page, 'table', '#seed=42');
  await runToEnd(page);
  const columns = await columnsOf(view);
  const { weight, bias, optimum, gradient } = await trainerOf(page);
  const now = list({ weight, bias });
  const truth = [2, -3.4, 4.2];
  expect(Object.keys(columns)).toEqual([
    'parameter',
    'now',
    'true',
    'true − now',
    'least squares',
    'gradient',
    'least loss − now',
    'standard error',
  ]);
  expect(columns['parameter']).toEqual(['w x1', 'w x2', 'b']);
  expect(columns['true']).toEqual(['2.0000', '-3.4000', '4.2000']);
  const close = (/** @type {string} */ title, /** @type {number[]} */ values) =>
    values.forEach((value, i) => expect(Math.abs(Number(columns[title]?.[i]) - value), title).toBeLessThan(6e-5));
  close('now', now);
  close(
    'true − now',
    truth.map((value, i) => value - Number(now[i])),
  );
  close('least squares', list(optimum.coefficients));
  close(
    'least loss − now',
    list(optimum.coefficients).map((value, i) => value - Number(now[i])),
  );
  close('standard error', [...optimum.coefficients.weight_se, optimum.coefficients.bias_se]);
  close('gradient', list(gradient));
  // As the notebook prints them for this seed.
  expect(columns['true − now']?.slice(0, 2)).toEqual(['-0.0002', '0.0008']);
});

test('it follows every step, and another loss has its own optimum', async ({ page }) => {
  const view = await openView(page, 'table', '#seed=42&loss=l1');
  await button(page, 'step_batch').click();
  await settled(page);
  const columns = await columnsOf(view);
  expect(Object.keys(columns)).not.toContain('standard error');
  const { weight, bias, optimum } = await trainerOf(page);
  list({ weight, bias }).forEach((w, i) => expect(Math.abs(Number(columns['now']?.[i]) - w)).toBeLessThan(6e-5));
  list(optimum.coefficients).forEach((w, i) =>
    expect(Math.abs(Number(columns['least loss']?.[i]) - w)).toBeLessThan(6e-5),
  );
});

test('a moved label leaves the truth that the other labels came from', async ({ page }) => {
  const view = await openView(page, 'table', '#seed=1&true_w=2&n=30&noise=1');
  await page.locator('linreg-lab').evaluate((/** @type {any} */ element) => element.lab.moveLabel(3, 50));
  await settled(page);
  const columns = await columnsOf(view);
  expect(columns['true']).toEqual(['2.0000', '4.2000']);
  const { optimum } = await trainerOf(page);
  expect(Math.abs(Number(columns['least squares']?.[1]) - optimum.coefficients.bias)).toBeLessThan(6e-5);
});

test('errors have four decimals, however large they are', async ({ page }) => {
  const view = await openView(page, 'table', '#seed=42&true_w=12345.678,-123.45&true_b=12.3');
  const columns = await columnsOf(view);
  const errors = (columns['true − now'] ?? []).map((text) => text.replaceAll(',', '')); // thousands stand apart
  expect(errors).toEqual(errors.map((text) => Number(text).toFixed(4)));
  expect(Number(errors[0])).toBeCloseTo(12345.678, 0);
});

test('real data: no truth, names of the features, their own units', async ({ page }) => {
  const view = await openView(page, 'table', '#seed=7&data=cars');
  await runToEnd(page);
  const columns = await columnsOf(view);
  expect(columns['parameter']).toEqual(['w Horsepower', 'w Weight_in_lbs', 'b']);
  expect(Object.keys(columns)).not.toContain('true');
  const { coefficients } = await trainerOf(page);
  list(coefficients).forEach((w, i) => expect(Math.abs(Number(columns['now']?.[i]) - w)).toBeLessThan(6e-4));
  expect(Number(columns['least squares']?.[2])).toBeCloseTo(45.64, 1);
  await expect(view.locator('.table-note')).toContainText('standardized');
});

test('where it is narrow names stand on one line each, no wider than a column of them may be', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const hash of ['#seed=42', '#seed=42&data=cars']) {
    const view = await openView(page, 'table', hash);
    const names = await view.locator('table th:first-child').evaluateAll((cells) =>
      cells.map((cell) => {
        const text = document.createRange();
        text.selectNodeContents(cell);
        return { name: cell.textContent, lines: text.getClientRects().length, width: cell.clientWidth };
      }),
    );
    expect(names.length).toBeGreaterThan(3);
    for (const { name, lines, width } of names) {
      expect(lines, name ?? '').toBe(1);
      expect(width, name ?? '').toBeLessThanOrEqual(160 + 13);
    }
  }
});

test('256 features: all parameters, in a box that scrolls', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const weights = Array.from({ length: 256 }, (_, j) => (j % 7) - 3).join(',');
  const view = await openView(page, 'table', `#seed=1&true_w=${weights}&lr=0.001`);
  await button(page, 'step_batch').click();
  await settled(page);
  await expect(view.locator('tbody tr')).toHaveCount(257);
  await expectNoSidewaysScroll(page);
  expect(await view.innerText()).not.toMatch(/NaN|undefined|null/);
});

for (const lang of ['en', 'zh-CN']) {
  test(`on a phone, in ${lang}`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    const view = await openView(page, 'table', `#seed=1&lang=${lang}`);
    await button(page, 'step_batch').click();
    await settled(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page, { within: 'linreg-lab' });
    await view.locator('.scroller').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => view.locator('.scroller').evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(0);
  });
}
