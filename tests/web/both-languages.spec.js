// Every view, control and key of the lab, in each language: found by what it does, not by its words.
import { keys } from '../../web/src/lab/keys.js';
import { sweptOptions } from '../../web/src/lab/sweep.js';
import { button, expect, goTo, open, settled, showAll, test, transport } from './support.js';
import { pixels, trainerOf } from './views-support.js';

/** @import { Page } from '@playwright/test' */

/** @param {Page} page @param {string} name */
const setting = (page, name) => page.locator(`.settings #option-${name}`);
/** @param {Page} page @returns {Promise<any>} */
const labOf = (page) =>
  page.locator('linreg-lab').evaluate((element) => {
    const { options, base, step, playing, speed, pins, forgetsZeroGrad } = /** @type {any} */ (element).lab;
    return { options, base, step, playing, speed, pins: pins.list.length, forgetsZeroGrad };
  });

/** A test that is done in each language, on one page. @param {string} title @param {(page: Page, lang: string) => Promise<void>} pass */
const inEach = (title, pass) =>
  test(title, async ({ page }) => {
    for (const lang of ['en', 'zh-CN']) await test.step(lang, () => pass(page, lang));
  });

/** Opens the page; for its second language by the switch, and a link to the same run. @param {Page} page @param {string} lang @param {string} hash */
async function begin(page, lang, hash) {
  if (lang === 'en') return open(page, `${hash}&lang=en`);
  await page.locator('#language').selectOption(lang);
  await goTo(page, `${hash}&lang=${lang}`);
  await expect(page.locator('.lab')).toHaveAttribute('lang', lang);
  await page.locator('linreg-lab').evaluate((element) => Reflect.get(element, 'lab').pins.clear()); // which stay with the reader
}

inEach('every setting', async (page, lang) => {
  await begin(page, lang, '#seed=42');
  for (const name of ['more', 'data']) {
    const group = page.locator(`.settings .group.${name}`);
    if ((await group.getAttribute('open')) === null) await group.locator('summary').click();
  }
  const texts = { lr: '0.01', batch_size: '20', epochs: '2', momentum: '0.5', weight_decay: '0.1', init_std: '0.1', seed: '7', n: '80', noise: '0.5', true_w: '1, 2', true_b: '3', delta: '0.5' }; // prettier-ignore
  const chosen = { reduction: 'sum', loss: 'huber' };
  const flags = { shuffle: false, drop_last: true, nesterov: true };
  for (const [name, text] of Object.entries(chosen)) await setting(page, name).selectOption(text);
  for (const [name, text] of Object.entries(texts)) {
    await setting(page, name).fill(text);
    await setting(page, name).press('Enter');
  }
  for (const name of Object.keys(flags)) await setting(page, name).click();
  const { options } = await labOf(page);
  const given = Object.entries(texts).map(([name, text]) => [name, name === 'true_w' ? [1, 2] : Number(text)]);
  expect(options).toMatchObject({ ...chosen, ...flags, ...Object.fromEntries(given) });
  await setting(page, 'nesterov').click();
  await setting(page, 'optimizer').selectOption('adam');
  await expect(setting(page, 'momentum')).toBeHidden();
  await setting(page, 'init').selectOption('zeros');
  await expect(setting(page, 'init_std')).toBeHidden();
  await page.locator('#source').selectOption('outliers');
  expect((await labOf(page)).base).toBe('outliers');
  await setting(page, 'standardize').click();
  expect((await labOf(page)).options).toMatchObject({ optimizer: 'adam', init: 'zeros', standardize: true });
  await expect(setting(page, 'n')).toBeHidden();
  const problems = await page.locator('.settings .problem').all();
  expect(problems.length).toBeGreaterThan(10);
  for (const problem of problems) await expect(problem).toBeEmpty();
});

inEach('batch size, momentum and loss change in mid-run, and nothing of the run is lost', async (page, lang) => {
  await begin(page, lang, '#seed=42');
  for (let i = 0; i < 5; ++i) await button(page, 'step_batch').click();
  const before = await trainerOf(page);
  await setting(page, 'batch_size').fill('50');
  await setting(page, 'batch_size').press('Enter');
  await setting(page, 'momentum').fill('0.5');
  await setting(page, 'momentum').press('Enter');
  await setting(page, 'loss').selectOption('l1');
  const after = await trainerOf(page);
  expect(after.options).toMatchObject({ batch_size: 50, momentum: 0.5, loss: 'l1' });
  for (const name of ['step_count', 'weight', 'bias', 'gradient', 'batch', 'history'])
    expect(after[name], name).toEqual(before[name]);
  await button(page, 'step_batch').click();
  const { step_count, batch, step_start } = await trainerOf(page);
  expect([step_count, batch.size]).toEqual([6, 50]);
  expect(step_start.training).toMatchObject({ batch_size: 50, momentum: 0.5, loss: 'l1' });
  expect(step_start.parameters).toEqual({ weight: before.weight, bias: before.bias });
});

/** @param {Page} page @param {string} lang @param {string[]} names of the views to show beside those that are */
const show = async (page, lang, ...names) => {
  await begin(page, lang, '#seed=42&n=60&epochs=2&true_w=2&noise=1');
  for (const name of names) {
    const button = page.locator(`.chooser [data-view=${name}]`);
    if ((await button.getAttribute('aria-pressed')) === 'false') await button.click();
    await expect(page.locator(`.views > [data-view=${name}]`)).toBeVisible();
  }
};

inEach('loss, fit, parameters and table, and what is in them', async (page, lang) => {
  await show(page, lang, 'parameters', 'table');
  await button(page, 'step_epoch').click();
  await settled(page);
  const switches = await page.locator('#chart-fit .switches input').all();
  expect(switches.length).toBeGreaterThan(1);
  for (const box of switches) {
    const drawn = await pixels(page, 'fit');
    await box.click();
    await expect.poll(() => pixels(page, 'fit')).not.toBe(drawn);
  }
  await page.locator('#fit-kind').selectOption('predicted');
  await page.locator('#chart-loss .switch input').uncheck();
  await page.locator('[data-action=pin]').click();
  await expect(page.locator('.unpin')).toHaveCount(1);
  for (const press of ['[data-zoom=zoom_in]', '[data-zoom=zoom_out]', '[data-aim=optimum]']) {
    const drawn = await pixels(page, 'parameters');
    await page.locator(press).click();
    await expect.poll(() => pixels(page, 'parameters')).not.toBe(drawn);
  }
  await page.locator('#chart-parameters select').first().selectOption('b');
  await expect(page.locator('#chart-parameters select').nth(1)).toHaveValue('w x1');
  await expect(page.locator('.table-view tbody tr')).toHaveCount(2);
  expect(await page.locator('.views').innerText()).not.toMatch(/NaN|undefined|null/);
  // What was chosen stays: it is chosen anew in the next language.
  await page.locator('#chart-parameters select').first().selectOption('w x1');
  await page.locator('[data-aim=path]').click();
  await page.locator('#chart-loss .switch input').check();
  await page.locator('#fit-kind').selectOption({ index: 0 });
});

inEach('microscope, code and sweep, and what is in them', async (page, lang) => {
  await show(page, lang, 'microscope', 'code', 'sweep');
  for (const name of ['draw', 'forward', 'zero_grad', 'backward', 'step']) {
    await page.locator(`.phases [data-phase=${name}]`).click();
    await expect(transport(page)).toHaveAttribute('data-phase', name);
  }
  await page.locator('.phase-tools .back').click();
  await page.locator('.forget input').check();
  await page.locator('.row-choice select').selectOption({ index: 1 });
  await expect(page.locator('.minibatch tr.chosen')).toHaveCount(1);
  await expect(page.locator('.code-view .forgotten')).toBeVisible();
  await page.locator('.code-view #view-option-lr').fill('0.2');
  await page.locator('.code-view #view-option-lr').press('Enter');
  expect(await labOf(page)).toMatchObject({ options: { lr: 0.2 }, forgetsZeroGrad: true });
  for (const name of sweptOptions) {
    await page.locator('#sweep-option').selectOption(name);
    await page.locator('[data-action=sweep]').click();
    // Not by what is shown, which may still be of the sweep before: a press in mid-sweep would cancel it.
    const swept = () =>
      page.evaluate(() => {
        const { sweep } = /** @type {any} */ (document.querySelector('linreg-lab')).lab;
        return { name: sweep.name, progress: sweep.progress, running: sweep.running };
      });
    await expect.poll(swept, { timeout: 30_000 }).toEqual({ name, progress: 1, running: false });
    await expect(page.locator('#chart-sweep progress')).toHaveJSProperty('value', 1);
  }
  expect(await page.locator('.views').innerText()).not.toMatch(/NaN|undefined|null/);
});

inEach('every key of the lab', async (page, lang) => {
  await begin(page, lang, '#seed=42&n=60&epochs=2');
  await page.locator('.lab').focus();
  /** What each key does. @type {Record<string, () => Promise<unknown>>} */
  const does = {
    toggle: async () => {
      await expect(transport(page)).toHaveAttribute('data-playing', 'true');
      await page.keyboard.press(' ');
      await expect(transport(page)).toHaveAttribute('data-playing', 'false');
      await page.keyboard.press('Home');
    },
    step_batch: async () => expect((await labOf(page)).step).toBe(1),
    pin: async () => expect((await labOf(page)).pins).toBe(1),
    step_epoch: async () => expect((await labOf(page)).step).toBe(6),
    step_phase: () => expect(transport(page)).toHaveAttribute('data-phase', 'draw'),
    back_phase: () => expect(transport(page)).toHaveAttribute('data-phase', 'step'),
    back_batch: async () => expect((await labOf(page)).step).toBe(5),
    back_epoch: async () => expect((await labOf(page)).step).toBe(0),
    reset: async () => expect((await labOf(page)).step).toBe(0),
    new_seed: async () => expect((await labOf(page)).options.seed).not.toBe(42),
    faster: () => expect(page.locator('#speed')).toHaveValue('fast'),
    slower: () => expect(page.locator('#speed')).toHaveValue('normal'),
    sweep: async () => {
      const done = { running: false, progress: 1, stale: false }; // one of the run before would be stale
      const sweep = () =>
        page.evaluate(() => {
          const { running, progress, stale } = /** @type {any} */ (document.querySelector('linreg-lab')).lab.sweep;
          return { running, progress, stale };
        });
      await expect.poll(sweep).toEqual(done);
      await expect(page.locator('#chart-sweep progress')).toHaveJSProperty('value', 1);
    },
    go_to: () => expect(page.locator('#go-to')).toBeFocused(),
    help: async () => {
      await expect(page.locator('#help dl').first().locator('dt')).toHaveCount(keys.length);
      for (const key of ['Page Up', 'Esc', 'Shift', 'Enter', '+', 'O'])
        expect(await page.locator('#help h3 ~ *').allInnerTexts()).toContainEqual(expect.stringContaining(key));
    },
  };
  expect(Object.keys(does).sort()).toEqual(keys.map(({ action }) => action).sort());
  for (const [action, check] of Object.entries(does)) {
    const found = keys.find((key) => key.action === action);
    if (action === 'help') await page.locator('.lab').focus();
    if (action === 'reset') await page.keyboard.press('ArrowRight');
    await page.keyboard.press(`${found?.shift ? 'Shift+' : ''}${found?.key}`);
    await check();
  }
  await page.keyboard.press('Escape');
  await expect(page.locator('#help')).toBeHidden();
});

inEach('keys work from a box, which keeps Space, and not from a field', async (page, lang) => {
  await begin(page, lang, '#seed=42');
  const box = page.locator('#chart-loss .switch input');
  await box.check(); // as it is at first
  await box.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('.');
  await expect(transport(page)).toHaveAttribute('data-phase', 'draw');
  expect(await labOf(page)).toMatchObject({ step: 1, playing: false });
  await page.keyboard.press(' ');
  await expect(box).not.toBeChecked();
  expect(await labOf(page)).toMatchObject({ step: 1, playing: false });
  for (const field of [setting(page, 'lr'), page.locator('#speed'), page.locator('#scrubber')]) {
    await field.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Home');
    await page.keyboard.press('Escape');
  }
  await button(page, 'back_batch').focus();
  await page.keyboard.press('Enter');
  await expect(transport(page)).toHaveAttribute('data-phase', 'step');
});

inEach('the sound: a tone for each loss, none where there is none', async (page, lang) => {
  await begin(page, lang, '#seed=42');
  const sound = page.locator('#sound-button');
  await sound.click();
  await expect(sound).toHaveAttribute('aria-pressed', 'true');
  const pitch = async () => Number(await sound.getAttribute('data-pitch'));
  await button(page, 'step_batch').click();
  await expect.poll(pitch).toBeGreaterThan(1000);
  const first = await pitch();
  await button(page, 'step_epoch').click();
  await expect.poll(pitch).toBeLessThan(first / 2);
  const last = await pitch();
  await button(page, 'reset').click();
  await settled(page);
  expect(await pitch()).toBe(last);
  await sound.click();
  await expect(sound).toHaveAttribute('aria-pressed', 'false');
  await button(page, 'step_batch').click();
  await settled(page);
  expect(await pitch(), 'nothing is heard once it is off').toBe(last);
});

test('what a reader has chosen in the lab stays when the language changes', async ({ page }) => {
  await open(page, '#seed=42');
  await showAll(page);
  await button(page, 'step_batch').click();
  await page.locator('#fit-kind').selectOption('predicted');
  await page.locator('#chart-loss [type=checkbox]').uncheck();
  await page.locator('#chart-loss .numbers > summary').click();
  await page.locator('.settings .group.more > summary').click();
  await page.locator('.row-choice select').selectOption({ index: 4 });
  await page.locator('#chart-parameters .choice select').nth(1).selectOption('b');
  const chosen = () =>
    page
      .locator('linreg-lab')
      .evaluate((element) =>
        [...(element.shadowRoot?.querySelectorAll('select, [type=checkbox], details') ?? [])].map((control) => [
          control.localName,
          /** @type {any} */ (control)[{ select: 'value', input: 'checked', details: 'open' }[control.localName] ?? ''],
        ]),
      );
  const before = await chosen();
  await page.locator('#language').selectOption('zh-CN');
  await expect(page.locator('.lab')).toHaveAttribute('lang', 'zh-CN');
  await settled(page);
  expect(await chosen()).toEqual(before);
  await expect(page.locator('#chart-fit .summary')).not.toBeEmpty();
});

test('a setting and a look that change together are both taken', async ({ page }) => {
  await page.goto('/embed.html?view=code#seed=42');
  await expect(transport(page)).toHaveAttribute('data-status', 'ready');
  await page.locator('linreg-lab').evaluate((element) => {
    element.setAttribute('shuffle', 'false');
    element.setAttribute('theme', 'dark');
  });
  await settled(page);
  await expect(page.locator('.settings #option-shuffle')).not.toBeChecked();
  expect((await labOf(page)).options.shuffle).toBe(false);
});
