// Values that are refused: the message stands beside the control, and nothing else changes.
import {
  address,
  button,
  control,
  enter,
  expect,
  goTo,
  link,
  open,
  output,
  problem,
  runToEnd,
  settled,
  standing,
  test,
  transport,
} from './support.js';

/** For each field a value that is refused, and one that is not. Which ones are, and in what words, is in tests/wasm/refused_text.test.js. @type {[string, string, string][]} */
const fields = [
  ['seed', '-1', '2'],
  ['true_w', '1,,2', '1, 2'],
  ['true_b', '1e400', '2'],
  ['n', '1000001', '2'],
  ['noise', '-0.1', '2'],
  ['batch_size', '1.5', '2'],
  ['init_std', '', '2'],
  ['lr', '<img src=x onerror=alert(1)>', '2'],
  ['momentum', '1', '0.5'],
  ['weight_decay', 'NaN', '2'],
  ['epochs', '0', '3'],
  ['delta', '0', '0.5'],
];

test('what a field refuses stands in it, with the reason beside it, and nothing else changes until it is mended', async ({
  page,
}) => {
  await open(page, '#seed=42&loss=huber&epochs=2');
  await runToEnd(page);
  const before = await standing(page);
  const linkBefore = await address(page);
  for (const [name, text] of fields) {
    await enter(page, name, text);
    await expect(problem(page, name)).toContainText(`${name} must be `);
    await expect(control(page, name)).toHaveAttribute('aria-invalid', 'true');
    await expect(control(page, name)).toHaveValue(text);
    await expect(problem(page, name)).toHaveAttribute('role', 'alert');
    await expect(control(page, name)).toHaveAccessibleDescription(new RegExp(`^${name} must be`));
  }
  await settled(page);
  expect(await standing(page)).toEqual(before);
  expect(await address(page)).toBe(linkBefore);
  expect(await page.locator('css:light=.problem *').count()).toBe(0); // markup is text

  // The next valid value works, whatever is still refused in other fields.
  for (const [name, , valid] of fields) {
    await enter(page, name, valid);
    await expect(problem(page, name)).toBeEmpty();
    await expect(control(page, name)).not.toHaveAttribute('aria-invalid');
  }
  await settled(page);
  const valid = fields.map(([name, , text]) => [name, text.replace(' ', '')]);
  const { epochs, ...rest } = Object.fromEntries(valid); // 3 is the notebook's, which no link names
  expect(epochs).toBe('3');
  expect(await link(page)).toEqual({ ...rest, loss: 'huber' });
});

test('nesterov needs momentum: the box does not stay ticked', async ({ page }) => {
  await open(page);
  await control(page, 'nesterov').click();
  await expect(problem(page, 'nesterov')).toContainText('nesterov must be off unless');
  await expect(control(page, 'nesterov')).not.toBeChecked();
  await enter(page, 'momentum', '0.9');
  await expect(problem(page, 'nesterov')).toBeEmpty();
  await control(page, 'nesterov').click();
  await expect(control(page, 'nesterov')).toBeChecked();
  // And the other way round: the momentum that it needs cannot go.
  await enter(page, 'momentum', '0');
  await expect(problem(page, 'momentum')).toContainText('nesterov must be off unless');
  await control(page, 'nesterov').click();
  await expect(problem(page, 'momentum')).toBeEmpty();
});

test('an error survives other actions and goes with Escape', async ({ page }) => {
  await open(page);
  await enter(page, 'lr', '-1');
  await enter(page, 'epochs', '2');
  await expect(problem(page, 'lr')).toContainText('lr must be');
  await runToEnd(page);
  await expect(problem(page, 'lr')).toContainText('lr must be');
  await control(page, 'lr').press('Escape');
  await expect(problem(page, 'lr')).toBeEmpty();
  await expect(control(page, 'lr')).toHaveValue('0.03');
});

test('divergence is a state, not an error', async ({ page }) => {
  await open(page, '#seed=42');
  const withItsRate = /^Diverged after step \d+: .*(lr [\d.e]+|lr = [\d.e]+;)/;
  for (const [hash, said] of /** @type {const} */ ([
    ['#seed=42&lr=3', withItsRate],
    ['#seed=1&n=100&reduction=sum&lr=0.3&epochs=10', withItsRate],
    ['#seed=1&lr=1e30', withItsRate],
    [
      '#seed=1&true_w=1e30&true_b=-1e30',
      /^Diverged before the first step: the first minibatch’s loss is already beyond what float32 holds/,
    ],
    ['#seed=3&data=cars&standardize=false', withItsRate],
  ])) {
    await goTo(page, hash);
    await expect(control(page, 'lr')).toHaveValue(/lr=([^&]*)/.exec(hash)?.[1] ?? '0.03');
    await runToEnd(page, 'diverged');
    await expect(page.locator('.state'), hash).toContainText(said);
    const text = await page.locator('main').innerText();
    expect(text, hash).not.toMatch(/NaN|Infinity|\binf\b/i);
    await expect(output(page, 'errors'), hash).toContainText('tensor([');
    await expect(page.locator('.problem:not(:empty)')).toHaveCount(0);
    // A smaller rate begins a new run.
    await enter(page, 'lr', '1e-20');
    await expect(transport(page)).toHaveAttribute('data-status', 'ready');
  }
});

test('a click reaches what it was aimed at, although a refused entry goes at its press', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, '#seed=42');
  await control(page, 'lr').fill('x'.repeat(200));
  await page.keyboard.press('Enter');
  await expect(problem(page, 'lr')).not.toBeEmpty();
  await control(page, 'lr').fill('x'.repeat(200)); // typed once more, which changes nothing
  await button(page, 'toggle').evaluate((toggle) => toggle.scrollIntoView({ block: 'center' }));
  const { x, y } = /** @type {{ x: number, y: number }} */ (await button(page, 'toggle').boundingBox());
  await page.mouse.move(x + 20, y + 20);
  await page.mouse.down();
  await page.waitForTimeout(50);
  await expect(problem(page, 'lr')).not.toBeEmpty();
  await page.mouse.up();
  await expect(transport(page)).toHaveAttribute('data-status', /running|finished/);
  await expect(problem(page, 'lr')).toBeEmpty();
  await expect(control(page, 'lr')).toHaveValue('0.03');
});
