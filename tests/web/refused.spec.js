// What is refused where no control can say so: the page tells of it, and what was there stays.
import { button, enter, expect, expectAccessible, link, open, test } from './support.js';

/** @import { Page } from '@playwright/test' */

const wide = { n: 1_000_000, true_w: Array(16).fill(1) };
const wideLink = `n=${wide.n}&true_w=${wide.true_w}`;
const refused = (/** @type {Page} */ page) => page.locator('.refused');

/** A host that has little memory: to fill all that WebAssembly may have takes long, and tests in Node do. */
test.beforeEach(({ page }) =>
  page.addInitScript(() => {
    const { grow } = WebAssembly.Memory.prototype;
    WebAssembly.Memory.prototype.grow = function (pages) {
      if (this.buffer.byteLength + pages * 65_536 > 1e8) throw new RangeError('there is no more');
      return grow.call(this, pages);
    };
  }),
);

/** Lets no room be left for data of so many rows, and more. @param {Page} page @param {number} [rows] */
const fillMemory = (page, rows = wide.n) =>
  page.locator('linreg-lab').evaluate((element, [options, least]) => {
    for (let n = options.n; n >= least; n /= 10) {
      let isFull = false;
      while (!isFull) {
        try {
          element.lab.make({ ...options, n });
        } catch (error) {
          if (error.code !== 'out_of_memory') throw error;
          isFull = true;
        }
      }
    }
  }, /** @type {const} */ ([wide, rows]));

test('where memory runs out, the run stays, and what is asked for next works', async ({ page }) => {
  await open(page, '#seed=1');
  await fillMemory(page);
  await page.evaluate((link) => (location.hash = `seed=2&${link}&step=500`), wideLink);
  await expect(refused(page)).toContainText('memory');
  await expectAccessible(page);
  await page.locator('linreg-lab').evaluate(({ lab }) => lab.emit('settings')); // as when the rates are known that are stable
  await expect(refused(page)).toContainText('memory');
  const { step, n } = await page
    .locator('linreg-lab')
    .evaluate(({ lab }) => ({ step: lab.heading.step, n: lab.options.n }));
  expect([step, n]).toEqual([0, 1000]);
  await enter(page, 'lr', '0.05');
  await expect(refused(page)).toBeEmpty();
  expect(await link(page)).toEqual({ seed: '1', lr: '0.05' });
});

test('a run that cannot begin anew for want of memory stays where it is', async ({ page }) => {
  await open(page, '#seed=1&n=1000&true_w=' + wide.true_w);
  await button(page, 'step_epoch').click();
  await enter(page, 'lr', '0.01');
  await fillMemory(page, 100);
  await button(page, 'reset').click();
  await expect(refused(page)).toContainText('memory');
  await expect(page.locator('.position')).toContainText('Step 100 of 300');
  await enter(page, 'lr', '0.02');
  await expect(refused(page)).toBeEmpty();
});

test('a lab that memory has no room for says so, and begins with fewer rows', async ({ page }) => {
  await open(page, '#seed=1');
  await fillMemory(page);
  const failed = page.locator('#second .failed');
  await page.evaluate((attributes) => {
    const second = Object.assign(document.createElement('linreg-lab'), { id: 'second' });
    for (const [name, value] of Object.entries(attributes)) second.setAttribute(name, String(value));
    document.body.append(second);
  }, { ...wide, step: 10 }); // prettier-ignore
  await expect(failed).toContainText('There is no run with these settings.');
  await expect(failed.locator('.cause')).toHaveText(/memory.*; .*fewer rows/);
  await expect(page.locator('#second .state')).toBeEmpty();
  await expect(page.locator('#second .position')).toBeEmpty();
  await page.locator('#second summary', { hasText: 'Data' }).click();
  await page.locator('#second #option-n').fill('500');
  await page.locator('#second #option-n').press('Enter');
  await expect(failed).toBeEmpty();
  await expect(page.locator('#second .transport')).toHaveAttribute('data-status', 'running');
  expect(await page.locator('#second').evaluate(({ lab }) => [lab.step, lab.options.n])).toEqual([10, 500]);
});

test('a script begins another run where there was no room for one', async ({ page }) => {
  await open(page, '#seed=1');
  await fillMemory(page);
  const state = await page.evaluate(async (attributes) => {
    const second = document.createElement('linreg-lab');
    for (const [name, value] of Object.entries(attributes)) second.setAttribute(name, String(value));
    document.body.append(second);
    await new Promise((resolve) => second.addEventListener('error', resolve, { once: true }));
    return second.setState({ options: { n: 20 }, step: 4 });
  }, wide);
  expect([state.options.n, state.step, state.status]).toEqual([20, 4, 'running']);
});
