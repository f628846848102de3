// Values that are refused: the message stands beside the control, and nothing else changes.
import {
  address,
  button,
  control,
  enter,
  expect,
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

const nonNumbers = [
  '',
  'abc',
  '0,1',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e400',
  '0x10',
  '1_000',
  '１',
  '<img src=x onerror=alert(1)>',
];
const notNegative = 'a finite number from 0 to 1e30';
const whole = 'a whole number from';

/** @type {[string, string, string[]][]} option, accepted range in the message, values */
const classes = [
  ['seed', `${whole} 0 to 9007199254740991`, ['-1', '1.5', '9007199254740992', ...nonNumbers]],
  [
    'true_w',
    'a list of 1 to 256 numbers',
    ['', 'a', '1,,2', '1,', '1 2', '1;2', '1e31', 'NaN', Array(257).fill('1').join(',')],
  ],
  ['true_b', 'a finite number from -1e30 to 1e30', ['1e31', ...nonNumbers]],
  ['n', `${whole} 1 to 1000000`, ['0', '-1', '1.5', '1000001', '1e18', ...nonNumbers]],
  ['noise', notNegative, ['-0.1', '1e31', ...nonNumbers]],
  ['batch_size', 'a whole number of at least 1', ['0', '-1', '1.5', ...nonNumbers]],
  ['init_std', notNegative, ['-1', ...nonNumbers]],
  ['lr', notNegative, ['-1', '-1e-9', '1e31', ...nonNumbers]],
  ['momentum', 'a number from 0 up to, but not including, 1', ['1', '1.5', '-0.1', ...nonNumbers]],
  ['weight_decay', notNegative, ['-1', ...nonNumbers]],
  ['epochs', `${whole} 1 to 9007199254740991`, ['0', '-3', '2.5', '1e16', ...nonNumbers]],
];

for (const [name, range, values] of classes) {
  test(`${name} refuses what is out of range`, async ({ page }) => {
    await open(page);
    await runToEnd(page);
    const before = await standing(page);
    const linkBefore = await address(page);
    for (const text of values) {
      await enter(page, name, text);
      await expect(problem(page, name), text).toContainText(`${name} must be ${range}`);
      await expect(control(page, name)).toHaveAttribute('aria-invalid', 'true');
      await expect(control(page, name)).toHaveValue(text);
    }
    await settled(page);
    expect(await standing(page)).toEqual(before);
    expect(await address(page)).toBe(linkBefore);
    await expect(problem(page, name)).toHaveAttribute('role', 'alert');
    await expect(control(page, name)).toHaveAccessibleDescription(new RegExp(`^${name} must be`));

    // The next valid value works.
    const valid = name === 'true_w' ? '1, 2' : name === 'momentum' ? '0.5' : '2';
    await enter(page, name, valid);
    await expect(problem(page, name)).toBeEmpty();
    await expect(control(page, name)).not.toHaveAttribute('aria-invalid');
    await settled(page);
    expect((await link(page))[name]).toBe(valid.replace(' ', ''));
  });
}

test('delta must be above 0', async ({ page }) => {
  await open(page, '#seed=1&loss=huber');
  for (const text of ['0', '-1', ...nonNumbers]) {
    await enter(page, 'delta', text);
    await expect(problem(page, 'delta')).toContainText('delta must be a finite number above 0, at most 1e30');
  }
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

test('too many cells name the limit', async ({ page }) => {
  await open(page, `#seed=1&n=10&true_w=${Array(20).fill('1').join(',')}`);
  await enter(page, 'n', '1000000');
  await expect(problem(page, 'n')).toContainText('n times d at most 16777216, got 1000000');
});

test('a message shows at most 40 characters of the value, as text', async ({ page }) => {
  await open(page);
  await enter(page, 'lr', `<b>${'x'.repeat(500)}</b>`);
  await expect(problem(page, 'lr')).toHaveText(/got "<b>x+…$/);
  expect((await problem(page, 'lr').textContent())?.length).toBeLessThan(110);
  expect(await page.locator('css:light=#problem-lr b').count()).toBe(0);
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

test('errors are told in Chinese too', async ({ page }) => {
  await open(page, '#seed=1&lang=zh-CN');
  await enter(page, 'lr', '-1');
  await expect(problem(page, 'lr')).toHaveText('lr 必须是从 0 到 1e30 的有限数，而输入的是 -1');
});

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
  test(`divergence is a state, not an error: ${hash}`, async ({ page }) => {
    await open(page, hash);
    await runToEnd(page, 'diverged');
    await expect(page.locator('.state')).toContainText(said);
    const text = await page.locator('main').innerText();
    expect(text).not.toMatch(/NaN|Infinity|\binf\b/i);
    await expect(output(page, 'errors')).toContainText('tensor([');
    // A smaller rate begins a new run.
    await enter(page, 'lr', '1e-20');
    await expect(page.locator('.transport')).toHaveAttribute('data-status', 'ready');
  });
}

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
