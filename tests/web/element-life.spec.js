// <linreg-lab> that come and go: many of them, moved, taken out and put back.
import { bare, press } from './bare-page.js';
import { expect, pytorch, test } from './support.js';

/** The parameters of the first lab's run. @param {import('@playwright/test').Page} page */
const parameters = (page) =>
  page.evaluate(() => {
    const { trainer } = document.querySelector('linreg-lab').lab;
    return [...trainer.weight, trainer.bias, trainer.step_count];
  });

test('two labs on a page are two runs of one engine', async ({ page }) => {
  let loads = 0;
  page.on('request', (request) => request.url().endsWith('.wasm') && ++loads);
  await bare(page, '<linreg-lab seed="1"></linreg-lab><linreg-lab seed="2"></linreg-lab>', { labs: 2 });
  expect(loads).toBe(1);
  const [first, second] = [page.locator('linreg-lab').first(), page.locator('linreg-lab').last()];
  await press(first, 'step_epoch');
  await expect(first.locator('.position')).toContainText('Step 100');
  await expect(second.locator('.position')).toContainText('Step 0');
});

test('moved in the page, a run goes on; taken out, it stops and is freed; put back, it stands where it stood', async ({
  page,
}) => {
  await bare(page, '<linreg-lab seed="42" epochs="1000000"></linreg-lab><aside></aside>');
  await page.locator('#speed').selectOption('fast');
  await press(page, 'toggle');
  const moved = await page.evaluate(async () => {
    const element = document.querySelector('linreg-lab');
    const { lab } = element;
    const before = lab.step;
    document.querySelector('aside').append(element);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { same: element.lab === lab, playing: lab.playing, further: lab.step > before };
  });
  expect(moved).toEqual({ same: true, playing: true, further: true });
  const gone = await page.evaluate(async () => {
    const element = document.querySelector('linreg-lab');
    const { lab } = element;
    lab.pause();
    lab.goTo(123);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { weight } = lab.trainer;
    const { trainer } = lab;
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    let refused = '';
    try {
      void trainer.step_count;
    } catch (error) {
      refused = error.code;
    }
    Object.assign(globalThis, { element });
    return { step: lab.step, playing: lab.playing, mine: element.lab === undefined, refused, weight: [...weight] };
  });
  expect(gone).toMatchObject({ playing: false, mine: true, refused: 'invalid_state' });
  await page.evaluate(() => document.querySelector('main').append(globalThis.element));
  await expect(page.locator('.position')).toContainText('Step 123 of');
  expect((await parameters(page)).slice(0, 2)).toEqual(gone.weight);
});

test('put back, it still knows the minibatch that few rows have cut', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42"></linreg-lab>');
  const sizes = await page.evaluate(async () => {
    const element = document.querySelector('linreg-lab');
    element.lab.change('n', '5');
    const cut = element.lab.options.batch_size;
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    document.querySelector('main').append(element);
    element.lab.change('n', '1000');
    return [cut, element.lab.options.batch_size];
  });
  expect(sizes).toEqual([5, 10]);
});

test('put back, a run that was changed on its way begins anew: its settings do not lead to where it stood', async ({
  page,
}) => {
  await bare(page, '<linreg-lab seed="42"></linreg-lab>');
  const steps = await page.evaluate(async () => {
    const element = document.querySelector('linreg-lab');
    element.lab.stepOnce('batch');
    element.lab.change('lr', '0.1');
    element.lab.stepOnce('batch');
    const { step, altered } = element.lab;
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    document.querySelector('main').append(element);
    return [step, altered];
  });
  expect(steps).toEqual([2, true]);
  await expect(page.locator('.transport')).toHaveAttribute('data-status', 'ready');
  await expect(page.locator('.position')).toContainText('Step 0 of');
  expect(await page.evaluate(() => document.querySelector('linreg-lab').lab.options.lr)).toBe(0.1);
});

for (const reducedMotion of /** @type {const} */ (['no-preference', 'reduce']))
  test(`put back, the reader’s speed and pinned runs are there, reduced motion: ${reducedMotion}`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion });
    await bare(page, '<linreg-lab seed="42"></linreg-lab>');
    await page.locator('#speed').selectOption('slow');
    await press(page, 'step_epoch');
    await press(page, 'pin');
    await page.evaluate(async () => {
      const element = document.querySelector('linreg-lab');
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 50));
      document.querySelector('main').append(element);
    });
    await expect(page.locator('.position')).toContainText('Step 100 of');
    await expect(page.locator('#speed')).toHaveValue('slow');
    await expect(page.locator('.pins > *')).toHaveCount(1);
    await expect(page.locator('#chart-loss .legend')).toContainText('1');
  });

test('fifty labs on a page, and a thousand that come and go', async ({ page }) => {
  test.slow(); // some ten seconds of work
  await bare(page, '<linreg-lab view="loss"></linreg-lab>'.repeat(50), { labs: 50 });
  await press(page.locator('linreg-lab').nth(49), 'step_epoch');
  await expect(page.locator('linreg-lab').nth(49).locator('.position')).toContainText('Step 100');
  const alive = await page.evaluate(async () => {
    for (const element of document.querySelectorAll('linreg-lab')) element.remove();
    for (let i = 0; i < 1000; ++i) {
      const element = document.createElement('linreg-lab');
      document.body.append(element);
      if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve));
      element.remove();
    }
    const last = document.createElement('linreg-lab');
    last.setAttribute('seed', '42');
    document.body.append(last);
    while (last.lab.status === 'loading') await new Promise((resolve) => setTimeout(resolve, 20));
    last.lab.stepOnce('epoch');
    return last.lab.trainer.log;
  });
  expect(alive).toEqual(pytorch('notebook, seed 42').lines.slice(0, 1));
});
