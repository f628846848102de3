// The attributes of <linreg-lab> and its run: the same attributes set up the same run, whenever and in whatever order they
// came, and as properties they read what the run was set up with.
import { bare, press } from './bare-page.js';
import { expect, test } from './support.js';

/** @import { Page } from '@playwright/test' */

/**
 * Sets attributes one after another, each in a task of its own; null takes one away. Gives what the run then has of them, and
 * what the properties read.
 * @param {Page} page @param {[string, string | null][]} steps @param {string[]} names
 */
const after = (page, steps, names) =>
  page.evaluate(async ([steps, names]) => {
    const element = document.querySelector('linreg-lab');
    for (const [name, text] of steps) {
      if (text === null) element.removeAttribute(name);
      else element.setAttribute(name, text);
      await new Promise((resolve) => setTimeout(resolve));
    }
    const { options } = element.lab;
    return { run: names.map((name) => options[name]), read: names.map((name) => element[name]) };
  }, /** @type {const} */ ([steps, names]));

test('attributes changed while the element is in no page count when it is put back', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42" lr="0.1"></linreg-lab>');
  const steps = await page.evaluate(async () => {
    const element = document.querySelector('linreg-lab');
    const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
    const put = async (change) => {
      element.remove();
      await pause();
      change();
      document.querySelector('main').append(element);
      while (element.lab.status === 'loading') await pause();
      await element.rewind(element.lab.heading.step);
      const { options, data, step } = element.getState();
      return [options.lr, options.seed, data, step];
    };
    await element.rewind(5);
    const untouched = await put(() => {});
    const back = await put(() => {
      element.lr = 9;
      element.lr = 0.1;
    });
    const changed = await put(() => Object.assign(element, { lr: 0.5, data: 'cars', step: 7 }));
    element.removeAttribute('seed');
    await pause();
    const chosen = await put(() => element.setAttribute('lr', '0.2'));
    return { untouched, back, changed, chosen };
  });
  expect(steps).toEqual({
    untouched: [0.1, 42, 'synthetic', 5],
    back: [0.1, 42, 'synthetic', 5],
    changed: [0.5, 42, 'cars', 7],
    chosen: [0.2, 42, 'cars', 7],
  });
  await expect(page.locator('.position')).toContainText('Step 7 of 120');
});

test('the run does not depend on the order in which attributes came', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42"></linreg-lab>');
  await press(page, 'step_batch');
  const notice = page.locator('.link-notice');
  const names = ['nesterov', 'momentum'];
  expect(await after(page, [['nesterov', 'true']], names)).toEqual({ run: [false, 0], read: [false, 0] });
  await expect(notice).toContainText('nesterov');
  expect(await after(page, [['momentum', '0.9']], names)).toEqual({ run: [true, 0.9], read: [true, 0.9] });
  await expect(notice).toBeEmpty();
  expect(await after(page, [['momentum', null]], names)).toEqual({ run: [false, 0], read: [false, 0] });
  await expect(notice).toContainText('nesterov');
  await expect(page.locator('.position')).toContainText('Step 1 of 300'); // all of that in place
  const weights = Array(17).fill(1);
  const many = [['n', '1000000'], ['true_w', weights.join()]]; // prettier-ignore
  const most = Math.floor(2 ** 24 / 17);
  expect(await after(page, many, ['n', 'true_w'])).toEqual({ run: [most, weights], read: [most, weights] });
  await expect(notice).toContainText(`n = ${most}`);
  expect(await after(page, [['n', '100']], ['n', 'true_w'])).toEqual({ run: [100, weights], read: [100, weights] });
});

test('what the reader has set gives way where it is in an attribute’s way, and stays elsewhere', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42" momentum="0.9"></linreg-lab>');
  await page.evaluate(() => {
    const { lab } = document.querySelector('linreg-lab');
    lab.change('lr', '0.2');
    lab.change('batch_size', '20');
  });
  expect(await after(page, [['weight_decay', '0.1']], ['lr', 'weight_decay'])).toMatchObject({ run: [0.2, 0.1] });
  expect(await after(page, [['n', '500']], ['lr', 'n', 'batch_size'])).toMatchObject({ run: [0.2, 500, 20] });
  await page.evaluate(() => document.querySelector('linreg-lab').lab.change('optimizer', 'adam'));
  const forced = await after(page, [['nesterov', 'true']], ['nesterov', 'optimizer', 'seed']);
  expect(forced.run).toEqual([true, 'sgd', 42]);
  await page.evaluate(() => document.querySelector('linreg-lab').lab.changeSource('cars'));
  expect(await after(page, [['n', '300']], ['n'])).toEqual({ run: [300], read: [300] });
  await expect(page.locator('.link-notice')).toBeEmpty();
});

test('an attribute that is refused is as one that is not there', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42" lr="0.1"></linreg-lab>');
  const names = ['lr'];
  expect(await after(page, [['lr', 'abc']], names)).toEqual({ run: [0.03], read: [0.03] });
  await expect(page.locator('.link-notice')).toContainText('lr');
  expect(await after(page, [['epochs', '2']], names)).toEqual({ run: [0.03], read: [0.03] });
  // A seed that no attribute gives is the run's own.
  expect(await after(page, [['seed', null]], ['seed'])).toEqual({ run: [42], read: [42] });
  await page.evaluate(() => document.querySelector('linreg-lab').lab.change('seed', '7'));
  expect(await after(page, [['epochs', '3']], ['seed'])).toEqual({ run: [7], read: [7] });
  const looks = await page.evaluate(async () => {
    const element = document.querySelector('linreg-lab');
    Object.assign(element, { theme: 'pink', hide: 'seed, planes', view: 'planes, table' });
    return [element.theme, element.hide, element.view];
  });
  expect(looks).toEqual(['auto', ['seed'], ['table']]);
});

test('a minibatch that few rows cut is as it was asked for when there are many', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42" batch_size="500" n="100"></linreg-lab>');
  const names = ['batch_size'];
  expect(await after(page, [], names)).toEqual({ run: [100], read: [100] });
  await expect(page.locator('.link-notice')).toContainText('batch_size = 100');
  expect(await after(page, [['n', '1000']], names)).toEqual({ run: [500], read: [500] });
  await expect(page.locator('.link-notice')).toBeEmpty();
});

test('properties read before the element is in a page, beta among them', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42"></linreg-lab>');
  const read = await page.evaluate(() => {
    const element = document.createElement('linreg-lab');
    Object.assign(element, { view: 'table', beta: 0.5, step: 7, n: 5 });
    const { view, beta, delta, batch_size } = element;
    return { view, beta, delta, batch_size, html: element.outerHTML, isMethod: typeof element.step };
  });
  expect(read).toEqual({
    view: ['table'],
    beta: 0.5,
    delta: 0.5,
    batch_size: 5,
    html: '<linreg-lab view="table" beta="0.5" step="7" n="5"></linreg-lab>',
    isMethod: 'function',
  });
});

test('autoplay leaves a run at the step that it is to begin at', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42" step="200" autoplay></linreg-lab>');
  await expect(page.locator('.position')).toContainText('Step 200 of');
  await expect(page.locator('.transport')).toHaveAttribute('data-playing', 'false');
});

test('autoplay set later plays a run that has not begun', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42"></linreg-lab>');
  await page.evaluate(() => (document.querySelector('linreg-lab').autoplay = true));
  await expect(page.locator('.transport')).toHaveAttribute('data-status', 'finished');
});
