// Options changed in the course of a run, and what is said of it. What goes on and what begins anew is tested in tests/wasm/changes.test.js.
import { control, enter, expect, link, open, runToEnd, button, settled, test } from './support.js';

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
