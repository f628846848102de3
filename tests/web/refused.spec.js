// What is refused where no control can say so: the page tells of it, and what was there stays.
import { enter, expect, expectAccessible, link, open, test } from './support.js';

/** @import { Page } from '@playwright/test' */

const wide = { n: 1_000_000, true_w: Array(16).fill(1) };
const wideLink = `n=${wide.n}&true_w=${wide.true_w}`;
const refused = (/** @type {Page} */ page) => page.locator('.refused');

/** Lets no room be left for large data. @param {Page} page */
const fillMemory = (page) =>
  page.locator('linreg-lab').evaluate((element, options) => {
    for (;;) {
      try {
        element.lab.make(options);
      } catch (error) {
        if (error.code === 'out_of_memory') return;
        throw error;
      }
    }
  }, wide);

test('where memory runs out, the run stays, and what is asked for next works', async ({ page }) => {
  await open(page, '#seed=1');
  await fillMemory(page);
  await page.evaluate((link) => (location.hash = `seed=2&${link}&step=500`), wideLink);
  await expect(refused(page)).toContainText('memory');
  await expectAccessible(page);
  const { step, n } = await page
    .locator('linreg-lab')
    .evaluate(({ lab }) => ({ step: lab.heading.step, n: lab.options.n }));
  expect([step, n]).toEqual([0, 1000]);
  await enter(page, 'lr', '0.05');
  await expect(refused(page)).toBeEmpty();
  expect(await link(page)).toEqual({ seed: '1', lr: '0.05' });
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
  await page.locator('#second summary', { hasText: 'Data' }).click();
  await page.locator('#second #option-n').fill('500');
  await page.locator('#second #option-n').press('Enter');
  await expect(failed).toBeEmpty();
  await expect(page.locator('#second .transport')).toHaveAttribute('data-status', 'running');
  expect(await page.locator('#second').evaluate(({ lab }) => [lab.step, lab.options.n])).toEqual([10, 500]);
});
