// The microscope: every number of a step, phase by phase, beside the trainer's own.
import { button, expect, goTo, runToEnd, settled, test, transport } from './support.js';
import { expectNoSidewaysScroll, list, openView, phase, phases, trainerOf } from './views-support.js';

/** @import { Locator, Page } from '@playwright/test' */

/** The numbers of the table's lines; NaN for a dash. @param {Locator} view */
async function tableOf(view) {
  const rows = await view.locator('.minibatch tbody tr').allInnerTexts();
  return rows.map((row) => row.split(/\s+/).map(Number));
}

/** The table's last line: the loss, the sum of the shares (the bias's gradient), and the weights'. @param {Locator} view */
const footOf = async (view) =>
  (await view.locator('.minibatch tfoot').innerText()).match(/-?[\d.]+(e-?\d+)?/g)?.map(Number) ?? [];

/** A formula's three parts. @param {Locator} view @param {string} part */
const formulasOf = (view, part) =>
  view.locator(`${part} .formula`).evaluateAll((formulas) =>
    formulas.map((formula) => {
      /** A formula as arithmetic. @param {Element} node @returns {string} */
      const read = (node) => {
        const parts = [...node.children].map(read);
        const [a = '', b = ''] = parts;
        if (node.localName === 'msup') return `(${a})**(${b})`;
        if (node.localName === 'mfrac') return `(${a})/(${b})`;
        if (node.localName === 'msqrt') return `Math.sqrt(${parts.join('')})`;
        if (parts.length > 0) return parts.join('');
        return (node.textContent ?? '').replace('−', '-').replace('×', '*');
      };
      const [, numbers = '', result = ''] = [...formula.children].map((part) => read(part.firstElementChild ?? part));
      return { numbers: numbers.slice(1), result: result.slice(1) };
    }),
  );

/** The value of plain arithmetic, as the formulas have it. @param {string} text */
function calculate(text) {
  expect(text).toMatch(/^(?:[-+*/().\d\s]|Math\.sqrt)+$/);
  return Number(new Function(`return ${text}`)());
}

test('a step by keyboard: each phase fills in its own, and nothing moves', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42');
  const places = () =>
    view.evaluate((element) => {
      const { top } = element.getBoundingClientRect();
      const parts = element.querySelectorAll('.part, .phases, .formula');
      return [...parts].map((part) => part.getBoundingClientRect().top - top);
    });
  const before = await places();
  await expect(phase(page, 'draw')).toHaveAttribute('aria-current', 'step');
  await phase(page, 'draw').focus();
  const filled = { draw: 3, forward: 6, zero_grad: 6, backward: 9, step: 9 };
  for (const [i, name] of phases.entries()) {
    await expect(phase(page, name)).toBeFocused();
    await page.keyboard.press('Enter');
    await settled(page);
    expect((await trainerOf(page)).phase).toBe(name);
    const next = phases[(i + 1) % phases.length] ?? '';
    await expect(phase(page, next)).toHaveAttribute('aria-current', 'step');
    await expect(view.locator('[aria-current=step]')).toHaveCount(1);
    await expect(phase(page, name)).toContainText('done');
    const [line = []] = await tableOf(view);
    expect(line.slice(1).filter((value) => !Number.isNaN(value))).toHaveLength(filled[name]);
    for (const [j, place] of (await places()).entries()) expect(place, name).toBeCloseTo(Number(before[j]), 1);
  }
  await expect(view.locator('.told')).toHaveText(/^Step 1 is done/);
});

test('the rows, their sums and the step are the trainer’s', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42');
  for (let step = 0; step < 3; ++step) await button(page, 'step_batch').click();
  await settled(page);
  const { batch, gradient, weight, bias, step_start } = await trainerOf(page);
  const lines = await tableOf(view);
  expect(lines).toHaveLength(10);
  lines.forEach((line, i) => {
    const [x1, x2] = batch.features.slice(2 * i);
    const [prediction, label, share] = [batch.predictions[i], batch.labels[i], batch.shares[i]];
    const expected = [
      batch.rows[i],
      x1,
      x2,
      label,
      prediction,
      prediction - label,
      batch.losses[i],
      share,
      share * x1,
      share * x2,
    ];
    expected.forEach((value, j) =>
      expect(Math.abs(Number(line[j]) - value)).toBeLessThan(6e-4 + 5e-5 * Math.abs(value)),
    );
  });
  const [loss, ...sums] = await footOf(view);
  expect(Math.abs(Number(loss) - batch.loss)).toBeLessThan(6e-4);
  // The columns sum to what stands below them, and that is the gradient.
  for (const [at, column] of [7, 8, 9].entries()) {
    const sum = lines.reduce((total, line) => total + Number(line[column]), 0);
    expect(Math.abs(sum - Number(sums[at]))).toBeLessThan(1e-3);
  }
  [gradient.bias, ...gradient.weight].forEach((g, i) => expect(Math.abs(g - Number(sums[i]))).toBeLessThan(6e-4));

  const gradients = await formulasOf(view, '.part.gradient');
  list(gradient).forEach((g, i) =>
    expect(Math.abs(calculate(gradients[i].result) - g)).toBeLessThan(2e-6 * Math.abs(g)),
  );
  const steps = await formulasOf(view, '.part.step');
  list({ weight, bias }).forEach((w, i) => {
    expect(Math.abs(calculate(steps[i].result) - w)).toBeLessThan(2e-6);
    expect(Math.abs(calculate(steps[i].numbers) - w)).toBeLessThan(5e-6);
    expect(steps[i].numbers).toContain('0.03');
    expect(calculate(steps[i].numbers.split('-0.03')[0])).toBeCloseTo(list(step_start.parameters)[i], 5);
  });
});

test('whatever the optimizer, each line of the formula comes out, and the last is the next value', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42');
  for (const hash of [
    'weight_decay=0.1',
    'momentum=0.9',
    'momentum=0.9&nesterov=true&weight_decay=0.1',
    'optimizer=adam&lr=0.1',
    'optimizer=adam&weight_decay=0.1&lr=0.1',
  ]) {
    await goTo(page, `#seed=42&${hash}`);
    for (let step = 0; step < 4; ++step) await button(page, 'step_batch').click();
    await settled(page);
    const { step_count, weight, bias } = await trainerOf(page);
    expect(step_count, hash).toBe(4);
    const lines = await formulasOf(view, '.part.step');
    for (const { numbers, result } of lines) {
      const value = calculate(result);
      expect(Math.abs(calculate(numbers) - value), `${hash}: ${numbers}`).toBeLessThan(1e-4 * (1 + Math.abs(value)));
    }
    const each = lines.length / 3;
    expect(Number.isInteger(each) && each > 0, hash).toBe(true);
    list({ weight, bias }).forEach((w, i) => {
      const last = calculate(lines[each * (i + 1) - 1]?.result ?? '');
      expect(Math.abs(last - w), hash).toBeLessThan(2e-6 * (1 + Math.abs(w)));
    });
  }
});

test('whatever the loss, a row in full is arithmetic that comes out, on both sides of the bend', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42');
  for (const loss of ['mse', 'l1', 'huber', 'smooth_l1'])
    for (const reduction of ['mean', 'sum']) {
      const what = `${loss}, ${reduction}`;
      await goTo(page, `#seed=42&loss=${loss}&reduction=${reduction}&delta=0.7`);
      await button(page, 'step_epoch').click();
      await button(page, 'step_batch').click();
      await settled(page);
      const { options, batch } = await trainerOf(page);
      expect(options).toMatchObject({ loss, reduction });
      for (const line of [0, 9]) {
        await view.locator('.row-choice select').selectOption({ index: line });
        await expect(view.locator('.minibatch .chosen th')).toHaveText(String(batch.rows[line]));
        const formulas = await formulasOf(view, '.microscope .part:nth-of-type(2)');
        const rows = formulas.length > 0 ? formulas : await formulasOf(view, '.part:has(.row-choice)');
        const [prediction, residual, lossOf, share] = rows.map(({ result }) => calculate(result));
        const close = (/** @type {number | undefined} */ got, /** @type {number} */ wanted) =>
          expect(Math.abs(Number(got) - wanted), what).toBeLessThan(1e-3 * Math.abs(wanted) + 1e-6);
        close(prediction, batch.predictions[line]);
        close(residual, batch.predictions[line] - batch.labels[line]);
        close(lossOf, batch.losses[line]);
        close(share, batch.shares[line]);
      }
    }
});

test('forgotten zero_grad: the gradient that was left is added to', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42');
  await button(page, 'step_batch').click();
  await view.getByLabel('Forget zero_grad').check();
  const left = (await trainerOf(page)).gradient;
  await phase(page, 'forward').click();
  await expect(phase(page, 'backward')).toHaveAttribute('aria-current', 'step');
  await expect(phase(page, 'zero_grad')).toHaveAttribute('aria-disabled', 'true');
  await expect(phase(page, 'zero_grad')).toContainText('left out');
  await expect(view.locator('.told')).toContainText('forgotten');
  await phase(page, 'backward').click();
  await settled(page);
  const { gradient, batch } = await trainerOf(page);
  const formulas = await formulasOf(view, '.part.gradient');
  list(gradient).forEach((g, i) => {
    const { numbers, result } = formulas[i];
    const [before, added] = numbers.replace(/[()]/g, '').split('+').map(Number);
    expect(Number(before)).toBeCloseTo(list(left)[i], 4);
    const shares = batch.shares.reduce((sum, s, row) => sum + s * (i === 2 ? 1 : batch.features[2 * row + i]), 0);
    expect(Number(added)).toBeCloseTo(shares, 4);
    expect(calculate(result)).toBeCloseTo(g, 4);
  });
  await expect(view.locator('.told')).toContainText('their sum');
  await phase(page, 'step').click();
  await view.getByLabel('Forget zero_grad').uncheck();
  await phase(page, 'zero_grad').click();
  expect((await formulasOf(view, '.part.gradient')).map(({ numbers }) => numbers.split('+')[0])).toEqual([
    '0',
    '0',
    '0',
  ]);
});

test('what the microscope says of zero_grad is the step’s own, whatever is ticked since', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42');
  const forget = view.getByLabel('Forget zero_grad');
  await button(page, 'step_batch').click();
  await phase(page, 'backward').click();
  await forget.check();
  await expect(phase(page, 'zero_grad')).toContainText('done');
  await expect(view.locator('.told')).not.toContainText('their sum');
  await button(page, 'step_batch').click();
  await button(page, 'step_batch').click();
  await forget.uncheck();
  await view.getByRole('button', { name: 'Back one phase' }).click();
  await expect(phase(page, 'zero_grad')).toContainText('left out');
  await expect(view.locator('.told')).toContainText('their sum');
});

test('between two steps the phases are those of the step that was done', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42');
  const forget = view.getByLabel('Forget zero_grad');
  for (let i = 0; i < 2; ++i) await button(page, 'step_batch').click();
  await forget.check();
  await expect(phase(page, 'zero_grad')).toContainText('done');
  await expect(phase(page, 'zero_grad')).toHaveAttribute('aria-disabled', 'true'); // there will be none
  await button(page, 'step_batch').click();
  await forget.uncheck();
  await expect(phase(page, 'zero_grad')).toContainText('left out');
  await expect(phase(page, 'zero_grad')).toHaveAttribute('aria-disabled', 'false');
});

test('at the first step there is no gradient to clear, and none to add to', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42');
  await phase(page, 'forward').click();
  await expect(view.locator('.told')).toContainText('there is no gradient to clear');
  await view.getByLabel('Forget zero_grad').check();
  await expect(view.locator('.told')).toContainText('there is no gradient to add to');
  await expect(page.locator('.state')).toContainText('Next: backward, as zero_grad is forgotten.');
  await phase(page, 'backward').click();
  await expect(view.locator('.told')).toContainText('there was no gradient to add to yet');
});

test('epochs without a minibatch have moved nothing', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=1&n=5&drop_last=true&batch_size=10');
  await button(page, 'step_epoch').click();
  await expect(view.locator('.told')).toHaveText('No step has been taken yet: no minibatch was full.');
  await expect(view.locator('[data-state=done]')).toHaveCount(0);
});

test('what an optimizer has from the step before is filled in before the gradient is known', async ({ page }) => {
  for (const hash of ['#seed=42&momentum=0.9&step=3', '#seed=42&optimizer=adam&step=3']) {
    const view = await openView(page, 'microscope', hash);
    await expect(page.locator('.position')).toContainText('Step 3 of');
    await phase(page, 'draw').click();
    await settled(page);
    const [first] = await formulasOf(view, '.part.step');
    const [{ momentum }] = await page.evaluate(() => [document.querySelector('linreg-lab').lab.trainer.step_start]);
    const carried = Number(first?.numbers.match(/0\.9\*\(?(-?[\d.]+)/)?.[1]);
    expect(Math.abs(carried - momentum.weight[0]), first?.numbers).toBeLessThan(1e-5);
    expect(first?.numbers).toContain('⋯'); // the gradient
    if (hash.includes('adam')) expect((await formulasOf(view, '.part.step'))[2]?.numbers).toContain('**(4)');
  }
});

test('the digits of a small residual are those of its difference', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42&noise=0&step=290');
  await expect(page.locator('.position')).toContainText('Step 290 of');
  await phase(page, 'forward').click();
  await settled(page);
  const [, { numbers, result }] = await formulasOf(view, '.lines, .formulas:has(.formula)');
  expect(Math.abs(calculate(numbers) / calculate(result) - 1), `${numbers} = ${result}`).toBeLessThan(0.1);
});

test('back, phase by phase, to the start', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42');
  await phase(page, 'backward').click();
  const texts = () => view.locator('.minibatch, .formulas').allInnerTexts();
  const at = await texts();
  await phase(page, 'step').click();
  await view.getByRole('button', { name: 'Back one phase' }).click();
  await settled(page);
  expect(await texts()).toEqual(at);
  for (let i = 0; i < 4; ++i) await view.getByRole('button', { name: 'Back one phase' }).click();
  await settled(page);
  await expect(view.locator('.told')).toHaveText(/^Nothing has happened/);
  await expect(view.getByRole('button', { name: 'Back one phase' })).toHaveAttribute('aria-disabled', 'true');
  await expect(view.locator('.batch-size')).toHaveText('No minibatch has been drawn yet.');
});

test('a change of the rate after a step leaves that step’s own numbers', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42');
  await button(page, 'step_batch').click();
  await settled(page);
  const before = await formulasOf(view, '.part.step');
  await page.locator('.lab #option-lr').fill('0.5');
  await page.locator('.lab #option-lr').press('Enter');
  await settled(page);
  expect(await formulasOf(view, '.part.step')).toEqual(before);
  await phase(page, 'draw').click();
  await settled(page);
  for (const { numbers } of await formulasOf(view, '.part.step')) expect(numbers).toContain('0.5*');
});

test('many rows and many features: the first of them, a count, and no long task', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=1&n=100000&batch_size=100000&lr=0.1');
  await button(page, 'step_batch').click();
  await settled(page);
  await expect(view.locator('.batch-size')).toHaveText(
    '100,000 of the 100,000 rows of the data. The first 48 are listed, the last line counts all.',
  );
  expect(await tableOf(view)).toHaveLength(48);
  const { gradient } = await trainerOf(page);
  const [, ...sums] = await footOf(view);
  [gradient.bias, ...gradient.weight].forEach((g, i) => expect(Math.abs(g - Number(sums[i]))).toBeLessThan(6e-4));

  const weights = Array.from({ length: 256 }, (_, j) => (j % 7) - 3).join(',');
  await page.goto('about:blank');
  const wide = await openView(page, 'microscope', `#seed=1&true_w=${weights}&lr=0.001`);
  await button(page, 'step_batch').click();
  await settled(page);
  expect((await tableOf(wide))[0]).toHaveLength(1 + 256 + 5);
  await expect(wide.locator('.fewer')).toHaveText(
    'The first 4 of 256 weights, and the bias. The table view lists all.',
  );
  await expectNoSidewaysScroll(page);
});

test('of a step that diverges it is told what became infinite, without a NaN', async ({ page }) => {
  const view = await openView(page, 'microscope', '#seed=42');
  for (const [settings, told, result] of /** @type {const} */ ([
    ['lr=1e25', 'The minibatch’s loss is beyond what float32 holds, so this step was not taken.', /=⋯$/],
    ['lr=1e30&true_w=1e12', 'This step would have made a parameter infinite, so it was not taken.', /=⋯$/],
    ['lr=1.2', 'This step was taken; after it the loss on all data is beyond what float32 holds.', /=[^⋯]*\d$/],
  ])) {
    await goTo(page, `#seed=42&${settings}`);
    await expect(transport(page)).toHaveAttribute('data-status', 'ready');
    await runToEnd(page, 'diverged');
    await expect(view.locator('.overflow')).toHaveText(told);
    await expect(view.locator('.told')).toHaveText(told);
    await expect(view.locator('.part.step .formula').last()).toHaveText(result);
    expect(await view.innerText()).not.toMatch(/NaN|undefined|Infinity/);
  }
});
