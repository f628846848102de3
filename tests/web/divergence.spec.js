// A learning rate that is too large: flagged before the run, explained after it, and two ways out.
import {
  address,
  button,
  control,
  drawn,
  enter,
  expect,
  forgetZeroGrad,
  goTo,
  link,
  notice,
  open,
  runToEnd,
  settled,
  test,
  transport,
} from './support.js';

const rate = (page) => page.locator('[data-action=use_rate]');
const back = (page) => page.locator('[data-action=back_to_good]');

/** Waits until it is known which rates are stable: before it is, nothing is said of any. @param {import('@playwright/test').Page} page */
const analysed = (page) =>
  expect
    .poll(() => page.locator('linreg-lab').evaluate((element) => Boolean(Reflect.get(element, 'lab').stability.bounds)))
    .toBe(true);

test('a rate above the bound is flagged before the run, at every control of it', async ({ page }) => {
  await open(page, '#seed=42');
  await analysed(page);
  await drawn(page);
  await expect(notice(page, 'lr')).toBeEmpty();
  await enter(page, 'lr', '0.96');
  await expect(notice(page, 'lr')).toHaveText(
    'lr 0.96 is above 0.955: with these settings training will most likely diverge',
  );
  await expect(page.locator('.settings #notice-lr')).toContainText('will most likely diverge');
  await enter(page, 'lr', '0.8');
  await expect(notice(page, 'lr')).toContainText('about the largest rate that is stable at batch size 10');
  await enter(page, 'lr', '0.5');
  await analysed(page);
  await drawn(page);
  await expect(notice(page, 'lr')).toBeEmpty();
  // What the bound depends on moves it.
  await enter(page, 'batch_size', '1');
  await expect(notice(page, 'lr')).toContainText('lr 0.5 is above 0.194');
  await control(page, 'loss').selectOption('huber');
  await expect(notice(page, 'lr')).toContainText('is above 0.389');
  // That a loss has no such bound is known once the settings are told of again, after the analysis.
  await page.locator('linreg-lab').evaluate((element) => {
    let told = 0;
    Reflect.get(element, 'lab').addEventListener('settings', () => (element.dataset['told'] = String((told += 1))));
  });
  await control(page, 'loss').selectOption('l1');
  await expect(page.locator('linreg-lab')).toHaveAttribute('data-told', '2');
  await drawn(page);
  await expect(notice(page, 'lr')).toBeEmpty();
});

test('a loss whose gradients have a bound is said to overshoot, not to diverge', async ({ page }) => {
  await open(page, '#seed=42&loss=huber&lr=3');
  await expect(notice(page, 'lr')).toHaveText(
    'lr 3 is above 1.91: with these settings steps will overshoot and stay away from the optimum',
  );
  await runToEnd(page);
  await enter(page, 'weight_decay', '1'); // which has none
  await expect(notice(page, 'lr')).toContainText('training will most likely diverge');
  await runToEnd(page, 'diverged');
  await expect(page.locator('.state')).toContainText('each one overshoots further than the last');
});

test('a divergence says why, and the rate that is offered trains', async ({ page }) => {
  await open(page, '#seed=42&lr=3');
  await runToEnd(page, 'diverged');
  await expect(page.locator('.state')).toHaveText(
    'Diverged after step 26: in the direction in which the loss curves most, by λ = 2.09, steps are stable only up to lr = 0.955; with 3 each one overshoots further than the last.',
  );
  await expect(rate(page)).toHaveText('Start again with lr 0.3');
  await expect(page.locator('#output-train')).toHaveText(
    /^\(The run was stopped here, where a number was no longer finite\. PyTorch goes on/,
  );
  await expect(page.locator('#output-errors')).toContainText('(with the last parameters that were finite)');
  await rate(page).click();
  await expect(button(page, 'toggle')).toBeFocused();
  await expect(transport(page)).toHaveAttribute('data-status', 'ready');
  await expect(rate(page)).toBeHidden();
  await settled(page);
  expect(await link(page)).toEqual({ seed: '42', lr: '0.3' });
  await runToEnd(page);
  await expect(page.locator('#output-train')).toContainText('epoch 3, loss 0.0001');
});

test('the link of a run that diverged leads to its divergence, and so does its state', async ({ page }) => {
  await open(page, '#seed=42');
  const state = () => page.evaluate(() => /** @type {any} */ (document.querySelector('linreg-lab')).getState());
  // On a step that is not taken, and at the end of an epoch.
  for (const hash of ['#seed=42&weight_decay=1000', '#seed=42&lr=1.2', '#seed=42&lr=1e30']) {
    await goTo(page, hash);
    await expect(transport(page)).toHaveAttribute('data-status', 'ready');
    await runToEnd(page, 'diverged');
    const reason = await page.locator('.state').textContent();
    const before = await state();
    await address(page);
    await page.reload();
    await expect(transport(page)).toHaveAttribute('data-status', 'diverged');
    await expect(page.locator('.state'), hash).toHaveText(String(reason));
    expect(await state(), hash).toEqual(before);
    await button(page, 'reset').click();
    await page.evaluate((kept) => /** @type {any} */ (document.querySelector('linreg-lab')).setState(kept), before);
    expect(await state(), hash).toEqual(before);
  }
});

test('Adam, which only overflows, is offered a rate that trains', async ({ page }) => {
  await open(page, '#seed=42&optimizer=adam&lr=1e30');
  await runToEnd(page, 'diverged');
  await expect(rate(page)).toHaveText('Start again with lr 0.03');
  await rate(page).click();
  await runToEnd(page);
});

test('back to the last good step leads to before the rate was raised, not to the brink', async ({ page }) => {
  await open(page, '#seed=42');
  await button(page, 'step_epoch').click();
  await enter(page, 'lr', '3');
  await runToEnd(page, 'diverged');
  await expect(back(page)).toHaveText(/^Back to step \d+$/);
  await back(page).click();
  await settled(page);
  await expect(button(page, 'toggle')).toBeFocused();
  const step = Number((await page.locator('.position').textContent())?.match(/\d+/)?.[0]);
  expect(step).toBeGreaterThan(50);
  expect(step).toBeLessThanOrEqual(101);
  await enter(page, 'lr', '0.03');
  await runToEnd(page);
});

test('minibatches that are steeper than the whole are told of as such', async ({ page }) => {
  await open(page, '#seed=42&lr=0.9&batch_size=1');
  await runToEnd(page, 'diverged');
  await expect(page.locator('.state')).toContainText('single minibatches (batch size 1) can curve more');
  await expect(rate(page)).toHaveText('Start again with lr 0.09');
  await rate(page).click();
  await runToEnd(page);
});

test('a sum over the minibatch has its own bound', async ({ page }) => {
  await open(page, '#seed=1&n=100&reduction=sum&lr=0.3&epochs=10');
  await expect(notice(page, 'lr')).toContainText('will most likely diverge');
  await runToEnd(page, 'diverged');
  await rate(page).click();
  await runToEnd(page);
});

test('without an analysis there is advice too', async ({ page }) => {
  await open(page, '#seed=1&optimizer=adam&lr=1e30&epochs=40');
  await runToEnd(page, 'diverged');
  await expect(page.locator('.state')).toContainText('the numbers grew beyond what float32 holds');
  await expect(rate(page)).toHaveText('Start again with lr 0.03');
  await rate(page).click();
  await expect(transport(page)).toHaveAttribute('data-status', 'ready');
});

test('where already the first loss is beyond float32, no rate is blamed, and none offered', async ({ page }) => {
  await open(page, '#seed=1&true_w=1e30&true_b=-1e30');
  await runToEnd(page, 'diverged');
  await expect(page.locator('.state')).toContainText('Diverged before the first step');
  await expect(rate(page)).toBeHidden();
  await enter(page, 'true_w', '2, -3.4');
  await expect(transport(page)).toHaveAttribute('data-status', 'ready');
});

test('weight decay is named where it is what no step survives', async ({ page }) => {
  await open(page, '#seed=42&weight_decay=1000&lr=0.03');
  await runToEnd(page, 'diverged');
  await expect(page.locator('.state')).toContainText(
    'by λ = 2.09 and weight decay by 1000 more, steps are stable only up to lr = 0.00199;',
  );
  await open(page, '#seed=42&reduction=sum&weight_decay=100&lr=0.03');
  await expect(notice(page, 'lr')).toContainText('is above 0.0165: with these settings training will most likely');
  await runToEnd(page, 'diverged');
  await expect(page.locator('.state')).toContainText('only up to lr = 0.0165');
});

test('zero_grad left out long ago is not why a run diverges', async ({ page }) => {
  await open(page, '#seed=42&lr=1.2');
  await forgetZeroGrad(page);
  await button(page, 'step_batch').click();
  await forgetZeroGrad(page, false);
  await runToEnd(page, 'diverged');
  await expect(page.locator('.state')).toContainText('λ = 2.09');
});

test('why a run diverged is of how it went, not of what is ticked since', async ({ page }) => {
  await open(page, '#seed=42&lr=1.2');
  await runToEnd(page, 'diverged');
  await expect(page.locator('.state')).toContainText('λ = 2.09');
  await forgetZeroGrad(page);
  await expect(page.locator('.state')).toContainText('λ = 2.09');
  await open(page, '#seed=42&lr=0.2&epochs=20&noise=0.02');
  await forgetZeroGrad(page);
  await runToEnd(page, 'diverged');
  await forgetZeroGrad(page, false);
  await expect(page.locator('.state')).toContainText('zero_grad was left out');
});

test('rows in their order: the rate that was tried out is told, and a lower one offered', async ({ page }) => {
  await open(page, '#data=sorted&seed=42&batch_size=20&lr=0.65&shuffle=false&epochs=60');
  await expect(notice(page, 'lr')).toContainText('is above 0.561, about the largest rate that is stable');
  await runToEnd(page, 'diverged');
  await expect(page.locator('.state')).toContainText('in this order training is stable only up to about lr = 0.561');
  await expect(rate(page)).toHaveText('Start again with lr 0.2');
  await rate(page).click();
  await runToEnd(page);
});
