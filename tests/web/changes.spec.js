// Options changed in the course of a run: what goes on, what begins anew, and what is said of it.
import { control, enter, expect, link, open, output, runToEnd, button, settled, test, transport } from './support.js';

test('a training option changed in mid-run applies between steps, and the run goes on', async ({ page }) => {
  await open(page);
  for (let i = 0; i < 5; ++i) await button(page, 'step_batch').click();
  await enter(page, 'lr', '0.1');
  await settled(page);
  await expect(page.locator('.position')).toContainText('Step 5 of 300');
  await expect(page.locator('.state')).toContainText('changed during this run');
  expect((await link(page))['step']).toBeUndefined();
  await button(page, 'step_batch').click();
  await expect(page.locator('.position')).toContainText('Step 6 of 300');
  // Behind the change, the option is as it was.
  await button(page, 'back_batch').click();
  await button(page, 'back_batch').click();
  await expect(control(page, 'lr')).toHaveValue('0.03');
});

test('that an option was changed in mid-run is said at the end, too', async ({ page }) => {
  await open(page);
  await button(page, 'step_epoch').click();
  await enter(page, 'lr', '0.0001');
  await runToEnd(page);
  await expect(page.locator('.state')).toHaveText(/^Finished\. .*changed during this run/);
  await button(page, 'reset').click();
  await runToEnd(page);
  await expect(page.locator('.state')).toHaveText('Finished.');
});

test('an option that is again as it was has not changed the run, and more epochs change no step', async ({ page }) => {
  await open(page, '#seed=42&epochs=2');
  await button(page, 'step_epoch').click();
  await enter(page, 'lr', '0.1');
  await enter(page, 'lr', '0.03');
  await expect(page.locator('.state')).toHaveText('Paused.');
  expect((await link(page))['step']).toBe('100');
  await runToEnd(page);
  await enter(page, 'epochs', '3');
  await runToEnd(page);
  await expect(page.locator('.state')).toHaveText('Finished.');
  expect(await link(page)).toEqual({ seed: '42', step: '300' });
  await page.locator('linreg-lab').evaluate((element) => /** @type {any} */ (element).lab.goTo(150));
  await settled(page);
  await enter(page, 'lr', '0.1');
  await button(page, 'step_batch').click();
  await enter(page, 'lr', '0.03');
  await expect(page.locator('.state')).toContainText('A setting was changed');
});

test('more epochs go on where the run ended; another lr begins anew', async ({ page }) => {
  await open(page);
  await runToEnd(page);
  await enter(page, 'epochs', '4');
  await expect(page.locator('.position')).toHaveText('Step 300 of 400, 3 of 4 epochs done');
  await runToEnd(page);
  await expect(output(page, 'train')).toContainText('epoch 4, loss 0.000');
  await enter(page, 'lr', '0.01');
  await expect(transport(page)).toHaveAttribute('data-status', 'ready');
  await expect(page.locator('.position')).toContainText('Step 0 of 400');
});

test('fewer epochs than are done begin a new run', async ({ page }) => {
  await open(page, '#seed=42');
  await button(page, 'step_epoch').click();
  await button(page, 'step_epoch').click();
  await enter(page, 'epochs', '2');
  await expect(page.locator('.position')).toContainText('Step 200 of 200, 2 of 2 epochs done');
  await enter(page, 'epochs', '1');
  await expect(page.locator('.position')).toContainText('Step 0 of 100, 0 of 1 epochs done');
});
