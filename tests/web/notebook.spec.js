// The notebook's run, cell by cell, against what PyTorch printed.
import { expect, goTo, open, output, pytorch, runToEnd, button, settled, test, transport } from './support.js';

// Every run of the fixtures is compared to the bit in tests/wasm/parity.test.js; here, what is printed of a few.
test('the notebook’s run prints PyTorch’s lines', async ({ page }) => {
  const { lines, w_error, b_error } = pytorch('notebook, seed 42');
  await open(page, '#seed=42');
  await expect(output(page, 'train')).toHaveText('');
  await button(page, 'toggle').click();
  await expect(transport(page)).toHaveAttribute('data-status', 'finished');
  await expect(output(page, 'train')).toHaveText(lines.join('\n'));
  await expect(output(page, 'errors')).toHaveText(
    `error in estimating w: ${w_error}\nerror in estimating b: ${b_error}`,
  );
  await expect(page.locator('.position')).toHaveText('Step 300 of 300, 3 of 3 epochs done');
});

test('a seed over 2^32 and other settings print PyTorch’s lines', async ({ page }) => {
  await open(page);
  for (const name of [
    'notebook, seed 1099511640121',
    'huber 0.5',
    'adam, weight_decay',
    'nesterov, weight_decay',
    'no shuffle',
  ]) {
    const { options, lines } = pytorch(name);
    await goTo(page, `#${new URLSearchParams(options)}`);
    await runToEnd(page);
    await expect(output(page, 'train'), name).toHaveText(lines.join('\n'));
  }
});

test('the first minibatch and the parameters are PyTorch’s, printed as it prints them', async ({ page }) => {
  const { features, labels, peek, default_init, initial } = pytorch('n 11');
  await open(page, '#seed=4294967295&n=11&batch_size=4');
  const text = await output(page, 'peek').textContent();
  const lines = text?.split('\n') ?? [];
  expect(lines).toHaveLength(8);
  expect(lines[0]).toMatch(/^\[tensor\(\[\[ ?-?\d+\.\d{4}, {1,2}-?\d+\.\d{4}\],$/);
  for (const line of lines.slice(1, 4)) expect(line).toMatch(/^ {9}\[ ?-?\d+\.\d{4}, {1,2}-?\d+\.\d{4}\](,|\]\),)$/);
  expect(lines[4]).toMatch(/^ tensor\(\[\[ *-?\d+\.\d{4}\],$/);
  expect(lines[7]).toMatch(/\]\]\)\]$/);
  const printed = numbers(text);
  const expected = [
    ...peek.flatMap((row) => [features[2 * row], features[2 * row + 1]]),
    ...peek.map((row) => labels[row]),
  ];
  expect(printed).toHaveLength(expected.length);
  printed.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(6e-5));

  for (const [cell, { weight, bias }] of /** @type {const} */ ([
    ['net', default_init],
    ['init', initial],
  ])) {
    const shown = numbers(await output(page, cell).textContent());
    [...weight, bias].forEach((value, i) => expect(Math.abs(shown[i] - value)).toBeLessThan(6e-5));
  }
  await expect(output(page, 'init')).toHaveText(/^\(tensor\(\[\[.*\]\]\), tensor\(\[0\.\]\)\)$/);
});

test('an empty loader says what PyTorch says', async ({ page }) => {
  await open(page, '#seed=1&n=11&batch_size=12&drop_last=true');
  await expect(output(page, 'peek')).toHaveText('StopIteration');
  await expect(page.locator('css:light=#notice-batch_size')).toContainText('nothing trains');
  await runToEnd(page);
  await expect(output(page, 'train')).toHaveText(pytorch('drop_last, batch over n').lines.join('\n'));
});

test('cars: rows are counted, weights are in the data’s own units', async ({ page }) => {
  await open(page, '#seed=7&data=cars&epochs=30&lr=0.1');
  await expect(page.locator('#chart-data .summary')).toHaveText(
    'Rows: 392; features: 2. Rows left out because a value is missing: 14.',
  );
  await runToEnd(page);
  const [horsepower, weight, bias] = numbers(await output(page, 'errors').textContent());
  // Least squares gives -0.0473, -0.00579 and 45.64.
  expect(horsepower).toBeGreaterThan(-0.09);
  expect(horsepower).toBeLessThan(-0.01);
  expect(weight).toBeGreaterThan(-0.009);
  expect(weight).toBeLessThan(-0.003);
  expect(Math.abs(bias - 45.64)).toBeLessThan(3);
});

test('one feature is drawn as a line, more as predicted against actual', async ({ page }) => {
  await open(page, '#seed=1&true_w=2');
  await expect(page.locator('#chart-fit .plot')).toHaveAttribute(
    'aria-label',
    'Scatter plot of y against x1 with the fitted line',
  );
  await open(page, '#seed=1&true_w=2,3,4');
  await page.reload();
  await expect(page.locator('#chart-fit .plot')).toHaveAttribute(
    'aria-label',
    'Scatter plot of predicted y against actual y',
  );
  await settled(page);
});

/** The decimal numbers in a printed tensor. @param {string | null} text */
const numbers = (text) => [...(text ?? '').matchAll(/-?\d+\.\d*(?:e[+-]\d+)?/g)].map(([number]) => Number(number));
