// Runs beside each other: pins and sweeps.
import { button, control, enter, expect, open, runToEnd, settled, showAll, test } from './support.js';
import { chart, said, showSweep, stage } from './views-support.js';

test('pinned runs are named by what differs, and go', async ({ page }) => {
  await open(page);
  const pin = page.locator('[data-action=pin]');
  await expect(pin).toHaveAttribute('aria-disabled', 'true');
  await runToEnd(page);
  await pin.click();
  await enter(page, 'lr', '0.3');
  await runToEnd(page);
  const legend = chart(page, 'loss').locator('.legend');
  await expect(legend).toContainText('1: lr 0.03 → 0.3');
  await pin.click();
  await expect(legend).toContainText('2: the same settings, up to step 300');
  await page.getByRole('button', { name: 'Remove pinned run 1: lr 0.03 → 0.3' }).click();
  await expect(legend).not.toContainText('0.03 → 0.3');
  for (let i = 0; i < 5; ++i) await pin.click();
  await expect(pin).toBeDisabled();
  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(legend).not.toContainText('the same settings');
  await expect(pin).toBeFocused();
});

test('pinning is told, and its button keeps the focus when it has nothing to do', async ({ page }) => {
  await open(page);
  await button(page, 'step_epoch').click();
  const pin = page.locator('[data-action=pin]');
  await pin.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('[role=status]').filter({ hasText: 'Pinned runs: 1.' })).toHaveCount(1);
  await page.keyboard.press('Home');
  await expect(pin).toHaveAttribute('aria-disabled', 'true');
  await expect(pin).toBeFocused();
  await page.keyboard.press('ArrowRight'); // and the lab its keys
  await expect(page.locator('.position')).toContainText('Step 1 of');
});

test('a sweep is still there in the other language, and after its view was put away', async ({ page }) => {
  await open(page, '#seed=42&n=100');
  await showSweep(page);
  await page.locator('#sweep-option').selectOption('batch_size');
  await page.locator('[data-action=sweep]').click();
  await expect(said(page, 'sweep')).toHaveText(/^Of \d+ runs, batch_size /);
  await page.locator('#language').selectOption('zh-CN');
  await expect(said(page, 'sweep')).toHaveText(/batch_size \d+ 的最终损失最小/);
  await expect(page.locator('#sweep-option')).toHaveValue('batch_size');
  await showSweep(page);
  await expect(chart(page, 'sweep')).toHaveCount(0);
  await showSweep(page);
  await expect(said(page, 'sweep')).toHaveText(/batch_size \d+ 的最终损失最小/);
});

test('a sweep that goes on is shown again by its key, and in the other language', async ({ page }) => {
  await open(page, '#seed=42&n=100000&epochs=1000');
  const progress = chart(page, 'sweep').locator('progress');
  const start = chart(page, 'sweep').locator('[data-action=sweep]');
  await showSweep(page);
  await start.click();
  await expect(start).toHaveText('Cancel');
  await showSweep(page); // put away
  await page.locator('.lab').focus();
  await page.keyboard.press('s');
  await expect(start).toHaveText('Cancel');
  await page.locator('#language').selectOption('zh-CN');
  await expect(start).toHaveText('取消');
  const before = Number(await progress.getAttribute('value'));
  await expect
    .poll(async () => Number(await progress.evaluate((bar) => Reflect.get(bar, 'value'))))
    .toBeGreaterThan(before);
  await page.locator('.lab').focus();
  await page.keyboard.press('s'); // seen, it is cancelled
  await expect(start).toHaveText('开始扫描');
});

test('momentum is not swept where it makes no difference', async ({ page }) => {
  await open(page, '#seed=42&optimizer=adam');
  await showAll(page);
  await expect(page.locator('#sweep-option option[value=momentum]')).toBeDisabled();
});

test('a sweep shows where each learning rate ends, opens a run, and can be cancelled', async ({ page }) => {
  await open(page, '#seed=42&step=7');
  await settled(page);
  await showSweep(page);
  await page.locator('[data-action=sweep]').click();
  await expect(said(page, 'sweep')).toHaveText(/^Of 12 runs, lr 0\.\d+ ends lowest, at 0\.000\d+\. Diverged: \d\.$/);
  await expect(page.locator('.position')).toContainText('Step 7 of 300');
  // By mouse: those that diverged are at the upper edge, the last of them to the right.
  const { width } = await stage(page, 'sweep').boundingBox();
  for (let x = width - 10; x > width / 2 && (await control(page, 'lr').inputValue()) === '0.03'; x -= 20)
    await stage(page, 'sweep').click({ position: { x, y: 12 } });
  await expect(control(page, 'lr')).toHaveValue('1.4');
  await expect(page.locator('.position')).toContainText('Step 0 of 300');
  await stage(page, 'sweep').focus();
  await page.keyboard.press('End');
  await expect(said(page, 'sweep')).toHaveText(/^lr 1\.4: diverged at step \d+\.$/);
  await page.keyboard.press('Home');
  await expect(said(page, 'sweep')).toHaveText(/^lr 0\.0003: final loss \d/);
  await page.keyboard.press('Enter');
  await expect(control(page, 'lr')).toHaveValue('0.0003');
  await expect(page.locator('.position')).toContainText('Step 0 of 300');
  await enter(page, 'batch_size', '20');
  await expect(chart(page, 'sweep').locator('.hint')).toHaveText('Other settings have changed since this sweep.');
  await enter(page, 'epochs', '100000');
  await page.locator('#sweep-option').selectOption('momentum');
  await page.locator('[data-action=sweep]').click();
  await expect(page.locator('[data-action=sweep]')).toHaveText('Cancel');
  await page.locator('[data-action=sweep]').click();
  await expect(page.locator('[data-action=sweep]')).toHaveText('Sweep');
  await settled(page);
});
