// English and Simplified Chinese: switched, remembered in the link. That both are complete is tested in tests/wasm/language.test.js.
import {
  button,
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

test('the switch changes everything but the run', async ({ page }) => {
  await open(page);
  await runToEnd(page);
  const before = await standing(page);
  await page.locator('#language').selectOption('zh-CN');
  await expect(page).toHaveTitle('线性回归的简洁实现，动手试一试 · linreg-lab');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.locator('#language')).toBeFocused();
  await expect(button(page, 'toggle')).toHaveText('运行');
  await settled(page);
  expect(await link(page)).toEqual({ seed: '42', step: '300', lang: 'zh-CN' });
  const after = await standing(page);
  expect(after.slice(1, 4)).toEqual(before.slice(1, 4));
  await expect(output(page, 'errors')).toContainText('w的估计误差： tensor([-0.0002,  0.0008])');
  // What is left in English are code, names and numbers.
  const text = (await page.locator('.prose, button, h1, h2, h3, label, legend').allInnerTexts()).join(' ');
  const words = text.match(/[A-Za-z]{3,}/g) ?? [];
  const known = /^(linreg|lab|shuffle|load|array|is|train|Huber|PyTorch|Linear|MSELoss|SGD|English|False|True|lr|nn)$/;
  expect(words.filter((word) => !known.test(word))).toEqual([]);
  await page.reload();
  await expect(button(page, 'toggle')).toHaveText('运行');
  await page.locator('#language').selectOption('en');
  await expect(button(page, 'toggle')).toHaveText('Run');
  await expect(page).toHaveTitle(/Linear regression/);
});

test('the views that the reader chose stay', async ({ page }) => {
  await open(page);
  await page.locator('.chooser [data-view=table]').click();
  await page.locator('.chooser [data-view=fit]').click();
  await page.locator('#language').selectOption('zh-CN');
  await expect(page.locator('[data-view][aria-pressed=true]')).toHaveText(['损失', '参数表']);
  await expect(page.locator('.table-view')).toBeVisible();
});

test.describe('a Chinese browser', () => {
  test.use({ locale: 'zh-CN' });
  test('gets Chinese, without a word in the link', async ({ page }) => {
    await open(page);
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    expect(await link(page)).toEqual({ seed: '42' });
  });
});

test('the whole run and its errors in Chinese', async ({ page }) => {
  await open(page, '#seed=42&lr=3&lang=zh-CN');
  await runToEnd(page, 'diverged');
  await expect(page.locator('.state')).toHaveText(
    /^第 \d+ 步之后发散：在曲率最大的方向上，损失的曲率为 λ = 2\.\d+，学习率不超过 0\.\d+ 才稳定；取 3 时/,
  );
  await enter(page, 'true_w', '');
  await expect(problem(page, 'true_w')).toHaveText(
    'true_w 必须是 1 到 256 个数的列表，每个数都是从 -1e30 到 1e30 的有限数，而输入的是 ""',
  );
  await enter(page, 'batch_size', '5000');
  await expect(page.locator('css:light=#notice-batch_size')).toHaveText(
    'batch_size 5000 大于总行数 1000：每个小批量都包含全部数据',
  );
  await expect(transport(page)).toHaveAttribute('data-status', 'ready');
});
