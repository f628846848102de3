// The code of the present settings: edited here and there, followed line by line, copied.
import { translator } from '../../web/src/i18n/index.js';
import { cellCode, cells, contextOf, scriptCode } from '../../web/src/lab/notebook.js';
import { button, drawn, expect, expectAccessible, forgetZeroGrad, goTo, notice, settled, test } from './support.js';
import { expectNoSidewaysScroll, openView, trainerOf } from './views-support.js';

test('a value edited in the code changes the setting, and the other way round', async ({ page }) => {
  const view = await openView(page, 'code', '#seed=42');
  const [inCode, inSettings] = [view.locator('#view-option-lr'), page.locator('.settings #option-lr')];
  await inCode.fill('0.1');
  await inCode.press('Enter');
  await expect(inSettings).toHaveValue('0.1');
  expect((await trainerOf(page)).options.lr).toBe(0.1);
  await inSettings.fill('0.2');
  await inSettings.press('Enter');
  await expect(inCode).toHaveValue('0.2');
  await page.locator('.settings #option-loss').selectOption('huber');
  await expect(view.locator('#view-code-loss code').last()).toContainText('delta=');
  await view.locator('#view-option-loss').selectOption('mse');
  await expect(page.locator('.settings #option-loss')).toHaveValue('mse');

  await inCode.fill('-1');
  await inCode.press('Enter');
  await expect(view.locator('#view-problem-lr')).toContainText('lr must be');
  expect((await trainerOf(page)).options.lr).toBe(0.2);
});

test('the line that was run last is marked, phase by phase', async ({ page }) => {
  const view = await openView(page, 'code', '#seed=42');
  await expect(view.locator('[aria-current]')).toHaveCount(0);
  const lines = [
    'for X, y in data_iter:',
    'l = loss(net(X), y)',
    'trainer.zero_grad()',
    'l.backward()',
    'trainer.step()',
  ];
  for (const line of [...lines, lines[0]]) {
    await button(page, 'step_phase').click();
    await expect(view.locator('[aria-current=step]')).toHaveText(new RegExp(`^\\s*${line?.replace(/[()]/g, '\\$&')}`));
    const [box, place] = [
      await view.locator('.cells').boundingBox(),
      await view.locator('[aria-current=step]').boundingBox(),
    ];
    expect(Number(place?.y)).toBeGreaterThanOrEqual(Number(box?.y));
    expect(Number(place?.y) + Number(place?.height)).toBeLessThanOrEqual(Number(box?.y) + Number(box?.height));
  }
  await button(page, 'back_phase').click();
  await expect(view.locator('[aria-current=step]')).toContainText('trainer.step()');
  await button(page, 'reset').click();
  await expect(view.locator('[aria-current]')).toHaveCount(0);
});

test('selected with the mouse, code is copied as by its button, in the lesson and in the lab', async ({ page }) => {
  const view = await openView(page, 'code', '#seed=42');
  for (const [hash, forgets] of /** @type {const} */ ([
    ['#seed=42', false],
    ['#seed=42&lr=1.2', true],
    ['#seed=42&drop_last=true&momentum=0.5&nesterov=true&loss=huber&shuffle=false', false],
    ['#seed=42&optimizer=adam&reduction=sum&init=default', false],
  ])) {
    await goTo(page, hash);
    await forgetZeroGrad(page, forgets);
    await drawn(page);
    if (hash.includes('lr=1.2')) await expect(notice(page, 'lr')).toContainText('lr 1.2 is above');
    const { options } = await trainerOf(page);
    const context = { options, source: 'synthetic', moved: [], forgets, altered: false, t: translator('en'), d: 2 };
    for (const cell of cells)
      for (const listing of [view.locator(`#view-code-${cell.id}`), page.locator(`css:light=#code-${cell.id}`)]) {
        const text = await listing.locator('.code').evaluate((code) => {
          getSelection()?.selectAllChildren(code);
          return getSelection()?.toString();
        });
        expect(text?.trim(), `${hash}, ${cell.id}`).toBe(cellCode(cell, context).trim());
      }
  }
});

test('a forgotten zero_grad is struck out', async ({ page }) => {
  const view = await openView(page, 'code', '#seed=42');
  await expect(view.locator('.forgotten')).toHaveCount(0);
  await forgetZeroGrad(page);
  await expect(view.locator('.forgotten')).toHaveText(/trainer\.zero_grad\(\)/);
  await expect(view.locator('.forgotten')).toBeVisible();
});

test('the whole script is copied as the lesson copies it', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const view = await openView(page, 'code', '#seed=42&lr=0.5');
  await view.locator('.view-head .copy').click();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const { options } = await trainerOf(page);
  expect(options).toMatchObject({ seed: 42, lr: 0.5 });
  const lab = {
    options,
    base: 'synthetic',
    edited: undefined,
    forgetsZeroGrad: false,
    altered: false,
    data: undefined,
  };
  await expect.poll(clipboard).toBe(scriptCode(contextOf(lab, translator('en'))));
});

test('on a phone, in both languages', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openView(page, 'code', '#seed=42');
  await button(page, 'step_phase').click();
  for (const language of ['en', 'zh-CN']) {
    await page.locator('#language').selectOption(language);
    await expect(page.locator('.lab')).toHaveAttribute('lang', language);
    await settled(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page, { within: 'linreg-lab' });
  }
});
