// English and Simplified Chinese: complete, switched, remembered in the link.
import { readFileSync, readdirSync } from 'node:fs';
import { messages } from '../../web/src/messages.js';
import { optionNames, optionTable } from '../../web/src/options.js';
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

const source = new URL('../../web/src/', import.meta.url);
/** @param {string} language @returns {Record<string, string>} */
const table = (language) => JSON.parse(readFileSync(new URL(`i18n/${language}.json`, source), 'utf8'));
const english = { ...messages, ...table('en') };
const chinese = table('zh-CN');

test('both languages have the same keys and the same parameters', () => {
  expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
  const parameters = (/** @type {string} */ text) => [...new Set([...text.matchAll(/\{\w+\}/g)].map(String))].sort();
  for (const [key, text] of Object.entries(english))
    expect(parameters(chinese[key] ?? ''), key).toEqual(parameters(text));
});

test('every key is used, and every used key exists', () => {
  const code = readdirSync(source, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.js') && path !== 'messages.js')
    .map((path) => readFileSync(new URL(path, source), 'utf8'))
    .join('\n');
  // Whole keys stand in quotes; keys with a changing end stand in backticks, as `option.${name}`.
  const whole = [...code.matchAll(/'([a-z]+\.[a-z_]+)'/g)]
    .map(([, key]) => String(key))
    .filter((key) => key in english || isKey(key));
  const begun = new Set(
    [...code.matchAll(/`([a-z]+\.[a-z_]*)\$\{/g)].map(([, start]) => String(start)).filter((start) => isKey(start)),
  );
  expect(whole.filter((key) => !(key in english))).toEqual([]);
  // What the core says is known by its words.
  const core = new URL('../../core/src/', import.meta.url);
  const cpp = readdirSync(core).filter((name) => name.endsWith('.cpp'));
  const coreCode = cpp.map((name) => readFileSync(new URL(name, core), 'utf8')).join('\n');
  const said = (/** @type {string} */ key) =>
    /^[^{]/.test(english[key]) && coreCode.includes(`"${english[key].split('{')[0]}`);
  const used = (/** @type {string} */ key) =>
    whole.includes(key) || [...begun].some((start) => key.startsWith(start)) || said(key);
  expect(Object.keys(english).filter((key) => !used(key))).toEqual([]);
  for (const name of optionNames) expect(english, name).toHaveProperty([`option.${name}`]);
  for (const { range } of optionTable) expect(english).toHaveProperty([range.key]);
});

/** Whether a text starts as the keys do. @param {string} text */
const isKey = (text) => Object.keys(english).some((key) => key.split('.')[0] === text.split('.')[0]);

test('Python strings stay whole in both languages', () => {
  for (const texts of [english, chinese]) {
    for (const [key, text] of Object.entries(texts)) if (key.startsWith('code.')) expect(text).not.toMatch(/['"\\]/);
  }
});

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
  const known = /^(linreg|lab|Huber|PyTorch|Linear|MSELoss|SGD|English|False|True|lr|nn)$/;
  expect(words.filter((word) => !known.test(word))).toEqual([]);
  await page.reload();
  await expect(button(page, 'toggle')).toHaveText('运行');
  await page.locator('#language').selectOption('en');
  await expect(button(page, 'toggle')).toHaveText('Run');
  await expect(page).toHaveTitle(/Linear regression/);
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
    /^第 \d+ 步之后发散：损失在最陡方向上的曲率为 λ = 2\.\d+，学习率不超过 0\.\d+ 才稳定；取 3 时/,
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
