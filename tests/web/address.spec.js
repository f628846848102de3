// The page's address: it leads to the run that is shown, also while that plays, while the engine loads, and after a reload.
import { button, enter, expect, link, open, settled, test, transport } from './support.js';

/** @param {import('@playwright/test').Page} page */
const hashOf = async (page) => new URL(page.url()).hash;

test('a setting is soon in the address, also of a run that plays', async ({ page }) => {
  await open(page, '#seed=42&epochs=500000');
  await enter(page, 'lr', '0.005');
  await expect.poll(() => hashOf(page)).toBe('#seed=42&lr=0.005&epochs=500000');
  await button(page, 'toggle').click();
  await enter(page, 'momentum', '0.5');
  await enter(page, 'lr', '0.001');
  await expect(transport(page)).toHaveAttribute('data-playing', 'true');
  await expect.poll(() => hashOf(page)).toBe('#seed=42&lr=0.001&momentum=0.5&epochs=500000');
  await page.reload();
  await settled(page);
  await expect(page.locator('#option-lr').first()).toHaveValue('0.001');
  await expect(page.locator('#option-momentum').first()).toHaveValue('0.5');
});

test('a seed that was chosen is in the address while the run is on its way to the step to begin at', async ({
  page,
}) => {
  await page.goto('#n=100000&epochs=100000&batch_size=1&step=9000000000');
  await expect(transport(page)).toHaveAttribute('data-playing', 'true');
  await expect.poll(() => hashOf(page)).toMatch(/^#seed=\d+&n=100000&batch_size=1&epochs=100000&step=9000000000$/);
});

test('the step that was asked for last is gone to when the engine comes', async ({ page }) => {
  /** @type {() => void} */
  let arrive = () => {};
  const arrived = new Promise((resolve) => (arrive = () => resolve(undefined)));
  await page.route('**/*.wasm', (route) => arrived.then(() => route.continue()));
  await page.goto('#seed=42&step=50');
  await page.evaluate(() => (location.hash = '#seed=7&step=20'));
  await expect.poll(() => hashOf(page)).toBe('#seed=7&step=20');
  arrive();
  await settled(page);
  await expect(page.locator('.position')).toContainText('Step 20 of');
  expect(await link(page)).toEqual({ seed: '7', step: '20' });
});

test('a link keeps its step in the address all the way, and so does a comparison', async ({ page }) => {
  await page.addInitScript(() => {
    const written = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { written });
    const { replaceState } = history;
    history.replaceState = function (...how) {
      written.push(String(how[2]));
      return Reflect.apply(replaceState, this, how);
    };
  });
  await open(page, '#seed=42&step=200');
  await page.evaluate(() => (location.hash = '#seed=7&step=100'));
  await expect(page.locator('.position')).toContainText('Step 100 of');
  await settled(page);
  await page.locator('css:light=[data-preset=outliers]').getByRole('button', { name: 'Run and compare' }).click();
  await expect(page.locator('#chart-loss .legend')).toContainText('mse');
  await expect(transport(page)).toHaveAttribute('data-status', 'finished');
  await expect.poll(() => hashOf(page)).toContain('step=240');
  const written = await page.evaluate(() => Reflect.get(globalThis, 'written'));
  const before = written.filter((/** @type {string} */ hash) => !hash.includes('outliers'));
  for (const hash of before) expect(hash).toMatch(/step=(200|100)$/);
  expect(written.join()).not.toContain('9007199254740991');
});
