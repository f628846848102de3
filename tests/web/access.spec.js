// Accessibility: axe in every state, both languages, both colour schemes; names, summaries and tables of the charts.
import {
  address,
  allViews,
  button,
  enter,
  expect,
  expectAccessible,
  goTo,
  open,
  problem,
  runToEnd,
  settled,
  test,
  transport,
} from './support.js';
import { pixels } from './views-support.js';

for (const lang of ['en', 'zh-CN']) {
  test(`axe: ready, with tables and help, finished, and with errors and notices, ${lang}, light and dark`, async ({
    page,
  }) => {
    await open(page, `#seed=42&n=60&lang=${lang}`);
    await expectAccessible(page);
    for (const summary of await page.locator('.numbers > summary').all()) await summary.click();
    await page.locator('#keys-button').click();
    await expect(page.locator('#help')).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await runToEnd(page);
    await expectAccessible(page);
    await goTo(page, `#seed=42&n=60&lang=${lang}&foo=1&batch_size=5000`);
    await enter(page, 'lr', '-1');
    await enter(page, 'true_w', 'x');
    await expect(page.locator('.link-notice')).not.toBeEmpty();
    for (const name of ['lr', 'true_w']) await expect(problem(page, name)).not.toBeEmpty();
    await expectAccessible(page);
  });

  test(`axe: running, diverged, and on cars, ${lang}, light and dark`, async ({ page }) => {
    await open(page, `#seed=42&lang=${lang}&epochs=1000000`);
    await button(page, 'toggle').click();
    await expect(transport(page)).toHaveAttribute('data-playing', 'true');
    await expectAccessible(page);
    await button(page, 'toggle').click();
    await goTo(page, `#seed=42&lang=${lang}&lr=3`);
    await expect(transport(page)).toHaveAttribute('data-status', 'ready');
    await runToEnd(page, 'diverged');
    await expectAccessible(page);
    await goTo(page, `#seed=42&lang=${lang}&data=cars`);
    await expect(page.locator('#source-cars')).toBeChecked();
    await runToEnd(page);
    await expectAccessible(page);
  });
}

for (const lang of ['en', 'zh-CN'])
  test(`axe: all views, playing and in the midst of a step, ${lang}`, async ({ page }) => {
    test.setTimeout(120_000);
    await open(page, `#seed=42&n=60&epochs=1000000&lang=${lang}`);
    await page.locator('linreg-lab').evaluate((lab, all) => lab.setAttribute('view', all), allViews);
    await page.locator('#speed').selectOption('slow');
    await button(page, 'toggle').click();
    await expect(transport(page)).toHaveAttribute('data-playing', 'true');
    await expectAccessible(page, { within: 'linreg-lab' });
    await button(page, 'toggle').click();
    await button(page, 'step_epoch').click();
    await button(page, 'pin').click();
    for (let i = 0; i < 2; ++i) await button(page, 'step_phase').click();
    await expect(transport(page)).toHaveAttribute('data-phase', 'forward');
    await settled(page);
    await expectAccessible(page, { within: 'linreg-lab' });
  });

test('headings, landmarks and the skip link', async ({ page }) => {
  await open(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(page.getByRole('banner')).toHaveCount(1);
  await expect(page.getByRole('contentinfo')).toHaveCount(1);
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#lesson')).toBeFocused();
  await settled(page);
  expect(new URL(await address(page)).hash).toBe('#seed=42');
});

test('every chart has a name, a sentence and its numbers', async ({ page }) => {
  await open(page);
  await expect(page.locator('#chart-loss .summary')).toHaveText('No step has been taken yet.');
  await runToEnd(page);
  await expect(
    page.getByRole('img', { name: 'Line chart of the minibatch loss at every step, on a logarithmic axis' }),
  ).toBeVisible();
  await expect(page.locator('#chart-loss .summary')).toHaveText(
    /^After step 300, the minibatch loss has gone from 24\.7 to 0\.0000\d+\. On all data it was 0\.000101 after the last epoch\.$/,
  );
  await expect(page.locator('#chart-fit .summary')).toHaveText(
    /^After step 300, the prediction of y is off by 0\.01\d* \(root mean square\)\.$/,
  );
  for (const [id, columns] of /** @type {const} */ ([
    ['data', 4],
    ['loss', 3],
    ['fit', 4],
  ])) {
    const chart = page.locator(`#chart-${id}`);
    await chart.locator('summary').focus();
    await page.keyboard.press('Enter');
    await expect(chart.locator('thead th')).toHaveCount(columns);
    expect(await chart.locator('tbody tr').count()).toBeGreaterThan(50);
    expect(await chart.locator('tbody').innerText()).not.toMatch(/NaN|Infinity|undefined/);
  }
  await expect(page.locator('#chart-loss tbody tr', { hasText: 'epoch 2, all data' })).toContainText('0.00010');
});

test('charts are drawn, and anew in the dark', async ({ page }) => {
  await open(page);
  const empty = await page.evaluate(() => document.createElement('canvas').toDataURL().length);
  await runToEnd(page);
  for (const id of ['data', 'loss', 'fit']) {
    const picture = () => pixels(page, id);
    const light = await picture();
    expect(light.length, id).toBeGreaterThan(3 * empty);
    await page.emulateMedia({ colorScheme: 'dark' });
    await settled(page);
    expect(await picture(), id).not.toBe(light);
    await page.emulateMedia({ colorScheme: 'light' });
    await settled(page);
    expect(await picture(), id).toBe(light);
  }
});

for (const frames of ['frames', 'no frames'])
  test(`the sentence under a chart is seen as the run goes, and heard when it rests, ${frames}`, async ({ page }) => {
    if (frames === 'no frames')
      await page.addInitScript(() => {
        let asked = 0;
        window.requestAnimationFrame = () => (asked += 1);
      });
    await open(page, '#seed=42');
    const summary = page.locator('#chart-loss .summary');
    await page.locator('#speed').selectOption('slow'); // eight steps a second, in each of which the sentence might wait
    await button(page, 'toggle').click();
    await expect(summary).toHaveText(/^After step [1-9]/); // long before the run is over
    expect(await summary.getAttribute('aria-live')).toBe('off');
    for (let i = 0; i < 5; ++i) {
      await page.waitForTimeout(400);
      const steps = await page.evaluate(() => {
        dispatchEvent(new Event('beforeprint')); // on paper it is that of the picture
        const root = document.querySelector('linreg-lab')?.shadowRoot;
        return ['#chart-loss .summary', '.position'].map((part) =>
          Number(/step ([\d,]*\d)/i.exec(String(root?.querySelector(part)?.textContent))?.[1]),
        );
      });
      expect(steps[0]).toBe(steps[1]);
    }
    await button(page, 'toggle').click();
    await expect(summary).toHaveAttribute('aria-live', 'polite');
  });

test('the focus stays in the lab where what had it goes away', async ({ page }) => {
  await open(page, '#seed=3&lr=1.2');
  const focused = () =>
    page.evaluate(() => {
      const element = document.querySelector('linreg-lab')?.shadowRoot?.activeElement;
      return element?.id || element?.getAttribute('data-action');
    });
  await page.locator('#go-to').fill('250');
  await page.keyboard.press('Enter');
  await expect(transport(page)).toHaveAttribute('data-status', 'diverged');
  await expect.poll(focused).toBe('use_rate');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(focused).toBe('toggle');
  await page.locator('linreg-lab').evaluate((element) => element.setAttribute('theme', 'dark'));
  await settled(page);
  expect(await focused()).toBe('toggle');
});
