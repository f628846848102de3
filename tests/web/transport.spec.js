// Run, pause, step, step back, reset, speeds; seen and unseen.
import {
  button,
  enter,
  expect,
  forgetZeroGrad,
  link,
  open,
  output,
  pytorch,
  runToEnd,
  settled,
  standing,
  test,
  transport,
} from './support.js';

test('stepping a batch, an epoch, and back is exact', async ({ page }) => {
  await open(page);
  const seen = [await standing(page)];
  for (let i = 0; i < 3; ++i) {
    await button(page, 'step_batch').click();
    await settled(page);
    seen.push(await standing(page));
  }
  await expect(page.locator('.position')).toContainText('Step 3 of 300');
  for (let i = 2; i >= 0; --i) {
    await button(page, 'back_batch').click();
    await settled(page);
    expect(await standing(page)).toEqual(seen[i]);
  }
  await button(page, 'step_epoch').click();
  await expect(page.locator('.position')).toContainText('Step 100 of 300, 1 of 3 epochs done');
  await expect(output(page, 'train')).toHaveText(pytorch('notebook, seed 42').lines[0]);
  await button(page, 'back_batch').click();
  await expect(output(page, 'train')).toHaveText('');
  await button(page, 'step_epoch').click();
  await button(page, 'step_epoch').click();
  await button(page, 'step_epoch').click();
  await expect(transport(page)).toHaveAttribute('data-status', 'finished');
  await expect(output(page, 'train')).toHaveText(pytorch('notebook, seed 42').lines.join('\n'));
  await expect(button(page, 'step_batch')).toHaveAttribute('aria-disabled', 'true');
});

/** What is seen of a step in part: the phase, the loss of its minibatch, the gradient, the parameters. */
const inPart = (/** @type {import('@playwright/test').Page} */ page) =>
  page.evaluate(() => {
    const { trainer } = document.querySelector('linreg-lab').lab;
    const { phase, step_count, weight, bias, gradient, batch } = trainer;
    return { phase, step_count, weight: [...weight], bias, gradient: [...gradient.weight, gradient.bias], batch };
  });

test('a phase a second is seen as such; the state says what comes next', async ({ page }) => {
  await open(page);
  await page.locator('#speed').selectOption('phase');
  await button(page, 'toggle').click();
  await expect(page.locator('.state')).toHaveText('The minibatch is drawn. Next: forward.');
  await expect(page.locator('.state')).toHaveText(/^Forward: .* Next: zero_grad\.$/, { timeout: 3000 });
  await button(page, 'toggle').click();
  await button(page, 'step_batch').click();
  await expect(page.locator('.position')).toContainText('Step 1 of 300');
});

test('back by an epoch: to its start, then to the start of the one before', async ({ page }) => {
  await open(page);
  await button(page, 'step_epoch').click();
  await button(page, 'step_epoch').click();
  await button(page, 'step_batch').click();
  await button(page, 'step_phase').click();
  for (const step of [200, 100, 0]) {
    for (const stride of ['phase', 'batch', 'epoch'])
      await expect(button(page, `back_${stride}`)).toHaveAttribute('aria-disabled', 'false');
    await button(page, 'back_epoch').click();
    await expect(page.locator('.position')).toContainText(`Step ${step} of 300`);
  }
  for (const stride of ['phase', 'batch', 'epoch'])
    await expect(button(page, `back_${stride}`)).toHaveAttribute('aria-disabled', 'true');
});

test('go to a step as the page writes it, with marks between thousands', async ({ page }) => {
  await open(page, '#seed=42&epochs=1000');
  const goTo = page.locator('#go-to');
  await goTo.fill('2,345');
  await goTo.press('Enter');
  await expect(page.locator('.position')).toContainText('Step 2,345 of 100,000');
  await goTo.fill('23,45');
  await goTo.press('Enter');
  await expect(page.locator('#problem-go-to')).toContainText('from 0 to 100,000, got "23,45"');
});

test('go to a step, by its number and along the run', async ({ page }) => {
  await open(page);
  const goTo = page.locator('#go-to');
  await goTo.fill('250');
  await goTo.press('Enter');
  await expect(page.locator('.position')).toContainText('Step 250 of 300');
  await expect(goTo).toHaveValue('');
  const there = await inPart(page);
  for (const text of ['301', '-1', '1.5', 'x', '1e2']) {
    await goTo.fill(text);
    await goTo.press('Enter');
    await expect(page.locator('#problem-go-to')).toContainText('step must be a whole number from 0 to 300');
    await expect(page.locator('.position')).toContainText('Step 250');
  }
  await goTo.press('Escape');
  await expect(page.locator('#problem-go-to')).toBeEmpty();
  const scrubber = page.locator('#scrubber');
  await scrubber.focus();
  await page.keyboard.press('Home');
  await expect(page.locator('.position')).toContainText('Step 0 of 300');
  await scrubber.fill('250');
  await expect(page.locator('.position')).toContainText('Step 250 of 300');
  await settled(page);
  expect(await inPart(page)).toEqual(there);
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.position')).toContainText('Step 249 of 300');
  await expect(scrubber).toHaveAttribute('aria-valuetext', /Step 249 of 300/);
});

test('a run can be paused and goes on; run again starts over', async ({ page }) => {
  await open(page);
  await button(page, 'toggle').click();
  await expect(button(page, 'toggle')).toHaveText('Pause');
  await expect.poll(() => page.locator('.position').textContent()).not.toContain('Step 0 ');
  await button(page, 'toggle').click();
  await settled(page);
  const paused = await standing(page);
  await page.waitForTimeout(300);
  expect(await standing(page)).toEqual(paused);
  expect(Number((await link(page))['step'])).toBeGreaterThan(0);
  await runToEnd(page);
  const finished = await standing(page);
  await runToEnd(page);
  expect(await standing(page)).toEqual(finished);
});

/** How long a run takes in the page, in milliseconds: from the press of Run to its end. @param {import('@playwright/test').Page} page */
const runTime = (page) =>
  transport(page).evaluate(
    (element) =>
      new Promise((resolve) => {
        const start = performance.now();
        const look = () => element.dataset['status'] === 'finished' && resolve(performance.now() - start);
        new MutationObserver(look).observe(element, { attributeFilter: ['data-status'] });
        element.querySelector('[data-action=toggle]').click();
      }),
  );

test('at normal speed the notebook’s run is seen: it takes about two seconds', async ({ page }) => {
  await open(page);
  const took = await runTime(page);
  expect(took).toBeGreaterThan(1200);
  expect(took).toBeLessThan(5000);
});

test('slow speed shows single steps', async ({ page }) => {
  await open(page);
  await page.locator('#speed').selectOption('slow');
  const start = Date.now();
  await button(page, 'toggle').click();
  const step = () => page.locator('#scrubber').inputValue().then(Number);
  await expect.poll(step, { timeout: 5000 }).toBeGreaterThanOrEqual(5);
  await button(page, 'toggle').click();
  await settled(page);
  const seconds = (Date.now() - start) / 1000;
  expect(Number((await link(page))['step'])).toBeGreaterThanOrEqual(5);
  expect(Number((await link(page))['step'])).toBeLessThan(1 + 8 * seconds + 1);
});

test('reset keeps the seed, new seed changes it', async ({ page }) => {
  await open(page);
  const before = await standing(page);
  await runToEnd(page);
  await button(page, 'reset').click();
  await settled(page);
  expect(await standing(page)).toEqual(before);
  expect(await link(page)).toEqual({ seed: '42' });
  await button(page, 'new_seed').click();
  await settled(page);
  expect((await link(page))['seed']).not.toBe('42');
  expect((await standing(page))[1]).not.toEqual(before[1]);
});

test('with reduced motion a run goes straight to its end', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page);
  await expect(page.locator('#speed')).toHaveValue('fast');
  expect(await runTime(page)).toBeLessThan(1000);
});

test('a run at any speed ends in a page without animation frames', async ({ page }) => {
  await page.addInitScript(() => {
    // What a hidden tab and an off-screen frame of another origin get.
    Object.defineProperty(document, 'hidden', { get: () => true });
    globalThis.requestAnimationFrame = () => 1;
  });
  await open(page, '#seed=42');
  for (const speed of ['normal', 'fast']) {
    await page.locator('#speed').selectOption(speed);
    await button(page, 'toggle').evaluate((element) => element.click()); // a real click waits for a frame
    await expect(output(page, 'train')).toHaveText(pytorch('notebook, seed 42').lines.join('\n'));
    await expect(transport(page)).toHaveAttribute('data-status', 'finished');
    await button(page, 'reset').evaluate((element) => element.click());
    await expect(output(page, 'train')).toHaveText('');
  }
});

test('a run ends in a frame that is scrolled out of sight', async ({ page, baseURL }) => {
  await page.route('**/frame.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><title>x</title><div style="height:5000px"></div><iframe src="/#seed=42"></iframe>',
    }),
  );
  await page.goto(`${baseURL}frame.html`);
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('.transport')).toHaveAttribute('data-status', 'ready');
  await frame.locator('[data-action=toggle]').evaluate((toggle) => toggle.click());
  await page.evaluate(() => scrollTo(0, 0));
  await expect(frame.locator('.transport')).toHaveAttribute('data-status', 'finished');
  await expect(frame.locator('#output-train')).toHaveText(pytorch('notebook, seed 42').lines.join('\n'));
});

test('that zero_grad was left out is said of a run, and not that a setting was changed', async ({ page }) => {
  await open(page, '#seed=42&lr=0.003&epochs=2');
  await forgetZeroGrad(page);
  await runToEnd(page);
  await expect(page.locator('.state')).toHaveText(
    'Finished. zero_grad was left out during this run; a link cannot carry that.',
  );
});

test('what a link leaves out is said in every state of a run', async ({ page }) => {
  await open(page, '#seed=42');
  const state = page.locator('.state');
  await forgetZeroGrad(page);
  await expect(state).toHaveText('Ready to run. zero_grad will be left out; a link cannot carry that.');
  await forgetZeroGrad(page, false);
  await expect(state).toHaveText('Ready to run.');
  await button(page, 'step_batch').click();
  await enter(page, 'lr', '5');
  const altered = 'A setting was changed during this run; the code and the link have the current one.';
  await expect(state).toHaveText(`Paused. ${altered}`);
  await button(page, 'step_phase').click();
  await expect(state).toHaveText(`The minibatch is drawn. Next: forward. ${altered}`);
  await runToEnd(page, 'diverged');
  await expect(state).toHaveText(new RegExp(`^Diverged after .* ${altered}$`));
  await button(page, 'reset').click();
  await forgetZeroGrad(page);
  await button(page, 'step_batch').click();
  await enter(page, 'lr', '0.01');
  await expect(state).toHaveText(
    `Paused. ${altered} zero_grad was left out during this run; a link cannot carry that.`,
  );
});
