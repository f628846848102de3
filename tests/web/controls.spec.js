// Every control, by mouse and by keyboard, with its effect on the code, the link and the run.
import {
  control,
  drawn,
  enter,
  expect,
  goTo,
  link,
  notice,
  open,
  output,
  problem,
  runToEnd,
  settled,
  standing,
  test,
} from './support.js';

/** For each text field a value, and what of the run it changes at once. @type {[string, string, 'peek' | 'init' | 'train' | 'errors' | 'steps', string?][]} */
const fields = [
  ['seed', '7', 'peek'],
  ['true_w', '1.5, -2, 0.25', 'peek', '1.5,-2,0.25'],
  ['true_b', '-3', 'peek'],
  ['n', '500', 'steps'],
  ['noise', '0.5', 'peek'],
  ['batch_size', '50', 'steps'],
  ['init_std', '1', 'init'],
  ['lr', '0.1', 'train'],
  ['momentum', '0.5', 'train'],
  ['weight_decay', '0.01', 'train'],
  ['epochs', '5', 'steps'],
];

/** @param {import('@playwright/test').Page} page @param {string} part */
async function shown(page, part) {
  if (part === 'steps') return page.locator('.position').textContent();
  if (part !== 'train') return output(page, /** @type {'peek'} */ (part)).textContent();
  await runToEnd(page);
  await expect(page).toHaveURL(/step=300/); // the page writes it after a pause, and would not follow a link that it has itself
  return output(page, 'train').textContent();
}

/** Waits until the link has an option as it should be, or does not name it. @param {import('@playwright/test').Page} page @param {string} name @param {string} [text] */
const expectLinked = (page, name, text) =>
  expect
    .poll(() => page.evaluate(() => Object.fromEntries(new URLSearchParams(location.hash.slice(1)))), { message: name })
    .toEqual({ seed: '42', ...(text !== undefined && { [name]: text }) });

test('every field by mouse, and back by keyboard', async ({ page }) => {
  await open(page);
  for (const [name, text, part, inLink = text] of fields) {
    await goTo(page, '#seed=42');
    const first = await control(page, name).inputValue();
    const before = await shown(page, part);

    await control(page, name).click({ clickCount: 3 });
    await page.keyboard.type(text);
    await page.locator('h1').click();
    await settled(page);
    await expect(control(page, name)).toHaveValue(text);
    await expectLinked(page, name, inLink);
    await expect(problem(page, name)).toBeEmpty();
    expect(await shown(page, part), name).not.toBe(before);

    await control(page, name).focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(first);
    await page.keyboard.press('Enter');
    await settled(page);
    await expect(control(page, name)).toHaveValue(first);
    await expectLinked(page, name, name === 'seed' ? '42' : undefined);
    expect(await shown(page, part), name).toBe(before);
  }
});

/** @type {[string, string, number, string][]} option, value, its place after the first, what the code then holds */
const choices = [
  ['init', 'zeros', 2, '(0)'],
  ['loss', 'l1', 1, 'L1Loss'],
  ['reduction', 'sum', 1, 'reduction='],
  ['optimizer', 'adam', 1, '(net.parameters(), lr='],
];

/**
 * Opens a select's list with the mouse and takes an entry further down. The open list is a window of the browser's own, which
 * only keys can be sent to.
 * @param {import('@playwright/test').Page} page @param {import('@playwright/test').Locator} select @param {number} down
 */
async function choose(page, select, down) {
  await select.click();
  for (let i = 0; i < down; ++i) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}

test('every choice from the list that a click opens, and by keyboard alone', async ({ page }) => {
  await open(page);
  for (const [name, value, place, code] of choices) {
    await goTo(page, '#seed=42');
    await choose(page, control(page, name), place);
    await expectLinked(page, name, value);
    await expect(page.locator('main')).toContainText(code);
    await expect(control(page, name)).toBeFocused();
    await page.keyboard.press('Home');
    await expectLinked(page, name);
    for (let i = 0; i < place; ++i) await page.keyboard.press('ArrowDown');
    await expectLinked(page, name, value);
  }
});

test('every flag by mouse and by keyboard', async ({ page }) => {
  await open(page);
  for (const [name, before] of /** @type {const} */ ([
    ['shuffle', true],
    ['drop_last', false],
  ])) {
    await control(page, name).click();
    await expectLinked(page, name, String(!before));
    await control(page, name).press(' ');
    await expectLinked(page, name);
  }
});

test('a remark is heard once, from the control that the reader has used', async ({ page }) => {
  await open(page);
  const heard = () =>
    page.evaluate(() => {
      const roots = [document, /** @type {ShadowRoot} */ (document.querySelector('linreg-lab')?.shadowRoot)];
      return roots.map((root) =>
        [...root.querySelectorAll('.notice[id$=notice-lr]')].flatMap(({ ariaLive, textContent }) =>
          textContent === '' ? [] : [ariaLive],
        ),
      );
    });
  await enter(page, 'lr', '1.2');
  await expect.poll(heard).toEqual([['polite'], ['off']]);
  await page.locator('linreg-lab #option-lr').fill('1.3');
  await page.locator('linreg-lab #option-lr').press('Enter');
  await expect.poll(heard).toEqual([['off'], ['polite']]);
});

test('nesterov goes on once there is momentum, by mouse and by keyboard', async ({ page }) => {
  await open(page);
  await enter(page, 'momentum', '0.9');
  await control(page, 'nesterov').click();
  await settled(page);
  expect(await link(page)).toMatchObject({ momentum: '0.9', nesterov: 'true' });
  await page.keyboard.press(' ');
  await settled(page);
  expect((await link(page))['nesterov']).toBeUndefined();
  await page.keyboard.press(' ');
  await settled(page);
  expect((await link(page))['nesterov']).toBe('true');
});

test('delta appears with the losses that have one, under PyTorch’s name, by keyboard and by mouse', async ({
  page,
}) => {
  await open(page);
  await expect(control(page, 'delta')).toHaveCount(0);
  await control(page, 'loss').selectOption('huber');
  await expect(page.locator('#code-loss')).toContainText('delta=');
  await enter(page, 'delta', '0.5');
  await control(page, 'loss').selectOption('smooth_l1');
  await expect(page.locator('#code-loss')).toContainText('beta=');
  await expect(control(page, 'delta')).toHaveValue('0.5');
  expect(await link(page)).toMatchObject({ loss: 'smooth_l1', delta: '0.5' });
  await control(page, 'delta').click({ clickCount: 3 });
  await page.keyboard.type('0.25');
  await page.locator('h1').click();
  await settled(page);
  expect((await link(page))['delta']).toBe('0.25');
});

test('the data’s switch and its scaling, by mouse and by keyboard', async ({ page }) => {
  await open(page);
  await page.getByRole('radio', { name: 'Cars: miles per gallon' }).click();
  await settled(page);
  expect(await link(page)).toMatchObject({ data: 'cars', seed: '42' });
  await expect(page.locator('#code-data')).toContainText('vega.cars()');
  await expect(control(page, 'standardize')).toBeChecked();
  await control(page, 'standardize').click();
  await settled(page);
  expect((await link(page))['standardize']).toBe('false');
  await page.keyboard.press(' ');
  await settled(page);
  await expect(control(page, 'standardize')).toBeChecked();
  expect((await link(page))['standardize']).toBeUndefined();
  await page.getByRole('radio', { name: 'Cars: miles per gallon' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('radio', { name: 'Synthetic' })).toBeChecked();
  await settled(page);
  expect((await link(page))['data']).toBeUndefined();
  await expect(page.locator('#code-data')).toContainText('synthetic_data');
  await page.keyboard.press('ArrowRight');
  await settled(page);
  expect((await link(page))['data']).toBe('cars');
});

test('other data and back, and the notebook’s run is as it was', async ({ page }) => {
  await open(page);
  for (const name of ['Outliers', 'Cars: miles per gallon', 'Synthetic'])
    await page.getByRole('radio', { name, exact: true }).click();
  await runToEnd(page);
  expect(await link(page)).toEqual({ seed: '42', step: '300' });
  await expect(output(page, 'train')).toContainText('epoch 1, loss 0.000353');
});

test('the feature that is drawn, from the list that a click opens, and by keyboard alone', async ({ page }) => {
  await open(page);
  const plot = page.locator('#chart-data .plot');
  await choose(page, page.locator('#feature'), 1);
  await expect(plot).toHaveAttribute('aria-label', 'Scatter plot of y against x2');
  await page.keyboard.press('Home');
  await expect(plot).toHaveAttribute('aria-label', 'Scatter plot of y against x1');
  await page.keyboard.press('ArrowDown');
  await expect(plot).toHaveAttribute('aria-label', 'Scatter plot of y against x2');
});

test('whole weights stay valid PyTorch', async ({ page }) => {
  await open(page);
  await enter(page, 'true_w', '2, -3');
  await expect(page.locator('#code-data')).toContainText('dtype=torch.float32');
});

test('a batch over n is clamped and shown, however large', async ({ page }) => {
  await open(page);
  for (const text of ['1001', '2147483648', '4294967297', '1e18']) {
    await enter(page, 'batch_size', text);
    await expect(control(page, 'batch_size')).toHaveValue('1000');
    await expect(notice(page, 'batch_size')).toContainText('is more than there are rows (1000)');
    await settled(page);
    expect((await link(page))['batch_size']).toBe('1000');
    await enter(page, 'batch_size', '10');
    await expect(notice(page, 'batch_size')).toBeEmpty();
  }
});

test('a learning rate that changes nothing is accepted and said', async ({ page }) => {
  await open(page);
  for (const text of ['0', '1e-30']) {
    await enter(page, 'lr', text);
    await expect(notice(page, 'lr')).toContainText('next to nothing will change');
    await expect(problem(page, 'lr')).toBeEmpty();
  }
});

test('1e12 epochs run, and stop at once', async ({ page }) => {
  await open(page);
  await enter(page, 'epochs', '1e12');
  await page.locator('#speed').selectOption('fast');
  /** How long the page takes from the click on Pause until it is free for the next thing. */
  const stopTime = () =>
    page.evaluate(async () => {
      const toggle = document.querySelector('linreg-lab').shadowRoot.querySelector('[data-action=toggle]');
      toggle.click();
      await new Promise((resolve) => setTimeout(resolve, 500));
      const start = performance.now();
      toggle.click();
      await new Promise((resolve) => setTimeout(resolve));
      return performance.now() - start;
    });
  // The machine may be busy with something else in a few of them; a page that is slow to stop is so in most.
  const times = [];
  for (let i = 0; i < 5; ++i) times.push(await stopTime());
  expect(times.sort((a, b) => a - b)[2]).toBeLessThan(100);
  await settled(page);
  const now = await standing(page);
  await page.waitForTimeout(200);
  expect(await standing(page)).toEqual(now);
});

test('cells and the whole script are copied as code that runs', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '#seed=5&momentum=0.9');
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Copy the code of cell 7' }).click();
  await expect.poll(clipboard).toBe('trainer = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)');
  await page.getByRole('button', { name: 'Copy the code of cell 6' }).click();
  await expect.poll(clipboard).toBe('loss = nn.MSELoss()');
  await page.getByRole('button', { name: 'Copy the whole notebook' }).click();
  await expect.poll(clipboard).toContain('torch.manual_seed(5)');
  const script = await clipboard();
  expect(script).toContain('print(next(iter(data_iter)))');
  expect(script).toContain('data_iter = load_array((features, labels), batch_size)\n');
});

test('what is half written stays, whatever else changes', async ({ page }) => {
  await open(page);
  const other = page.locator('.settings #option-batch_size');
  await control(page, 'batch_size').fill('3');
  const tellOfSettings = () =>
    page.evaluate(() => /** @type {any} */ (document.querySelector('linreg-lab')).lab.emit('settings'));
  await tellOfSettings();
  await drawn(page);
  await expect(control(page, 'batch_size')).toHaveValue('3');
  await control(page, 'batch_size').press('End');
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await expect(other).toHaveValue('32');
  // Left as it was, or given up, it follows the run again.
  await control(page, 'batch_size').fill('5');
  await control(page, 'batch_size').fill('32');
  await control(page, 'batch_size').blur();
  await other.fill('64');
  await other.press('Enter');
  await expect(control(page, 'batch_size')).toHaveValue('64');
  await control(page, 'batch_size').fill('5');
  await control(page, 'batch_size').press('Escape');
  await tellOfSettings();
  await drawn(page);
  await expect(control(page, 'batch_size')).toHaveValue('64');
});

test('a refused clipboard is said, and the rest works', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } });
    document.execCommand = () => false;
  });
  await open(page);
  await page.getByRole('button', { name: 'Copy the code of cell 7' }).click();
  await expect(page.locator('#code-optimizer .copy')).toHaveText('The browser refused to copy');
});

test('what was refused goes once the option is set elsewhere', async ({ page }) => {
  await open(page);
  await enter(page, 'lr', '-1');
  await expect(control(page, 'lr')).toHaveValue('-1');
  await enter(page, 'batch_size', '20');
  await expect(control(page, 'lr')).toHaveValue('-1'); // another option is another matter
  const other = page.locator('.settings #option-lr');
  await other.fill('0.2');
  await other.press('Enter');
  await expect(control(page, 'lr')).toHaveValue('0.2');
  await expect(problem(page, 'lr')).toBeEmpty();
});

test('where the page may not write the clipboard, what is selected is copied', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } });
    document.addEventListener('copy', ({ composedPath }) => {
      /** @type {any} */ (globalThis).copied = /** @type {any} */ (document.activeElement)?.value ?? composedPath;
    });
  });
  await open(page);
  const copy = page.getByRole('button', { name: 'Copy the code of cell 7' });
  await copy.click();
  await expect(page.locator('#code-optimizer .copy')).toHaveText('Copied');
  expect(await page.evaluate('copied')).toBe('trainer = torch.optim.SGD(net.parameters(), lr=0.03)');
  await expect(copy).toBeFocused();
});
