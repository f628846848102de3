// English and Simplified Chinese: complete, switched, remembered in the link.
import { readFileSync, readdirSync } from 'node:fs';
import { sources } from '../../web/src/data/sources.js';
import { hosts } from '../../web/src/embed/hosts.js';
import { languages, languagesOf, pickLanguage, translator } from '../../web/src/i18n/index.js';
import { keys } from '../../web/src/lab/keys.js';
import { cells } from '../../web/src/lab/notebook.js';
import { partNames } from '../../web/src/lab/parts.js';
import { phases } from '../../web/src/trainer.js';
import { presets } from '../../web/src/lab/presets.js';
import { speeds } from '../../web/src/lab/pace.js';
import { views } from '../../web/src/lab/views/index.js';
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

const made = sources.filter((source) => source !== 'synthetic');
const strides = ['phase', 'batch', 'epoch'];
const variants = presets.flatMap((preset) => preset.variants.map(({ name }) => name)).filter((name) => name !== '');

/** The ends of the keys that stand in backticks, as `option.${name}`. @type {Record<string, readonly string[]>} */
const endings = {
  'code.': made,
  'code.init_': ['default'],
  'fit.': ['left', 'right', 'up', 'down'],
  'help.': keys.map(({ action }) => action),
  'hint.': [
    ...['invalid_option', 'invalid_data', 'invalid_state', 'out_of_memory', 'trapped', 'load_failed'],
    ...['unknown', 'unreadable', 'disposed', 'fixed', 'policy', 'host'],
  ],
  'host.': hosts.map(({ id }) => id),
  'host.note_': hosts.map(({ id }) => id),
  'microscope.': ['minibatch', 'gradient', 'step'],
  'microscope.is_': ['done', 'left'],
  'microscope.over_': ['loss', 'parameter', 'all'],
  'microscope.phase_': phases,
  'microscope.told_': [
    ...phases,
    ...['forward_first', 'forward_piled', 'forward_piled_first', 'backward_piled', 'backward_piled_first'],
  ],
  'option.': optionNames,
  'parameters.': ['x', 'y', 'others', 'zoom_in', 'zoom_out'],
  'parameters.aim_': ['path', 'optimum'],
  'parameters.at_': ['optimum', 'now'],
  'part.': partNames,
  'preset.': presets.map(({ name }) => name),
  'section.': ['data', 'minibatch', 'model', 'training', 'errors', 'presets'],
  'settings.': ['training', 'more', 'data'],
  'source.': sources,
  'state.': ['loading', 'ready', 'paused', 'altered', 'finished'],
  'diverged.': ['curvature', 'minibatch', 'order'].flatMap((kind) => [kind, `${kind}_decayed`]),
  'state.phase_': phases.filter((phase) => phase !== 'step'),
  'table.': ['now', 'truth', 'error', 'squares', 'optimum', 'gradient', 'distance', 'se'],
  'transport.': [
    'toggle',
    'reset',
    'new_seed',
    ...['back', 'forward'],
    ...strides.flatMap((stride) => [`back_${stride}`, `step_${stride}`]),
  ],
  'transport.speed_': speeds,
  'variant.': variants,
  'view.': views.map(({ name }) => name),
  'watch.': presets.map(({ name }) => name),
  'words.': [...cells.map(({ id }) => id), 'data', 'minibatch', 'model', 'training', 'presets'].filter(
    (id) => !['loader', 'net', 'loss'].includes(id),
  ),
  'words.data_': made,
};

test('every key is used, and every used key exists', () => {
  const code = readdirSync(source, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.js') && path !== 'messages.js')
    .map((path) => readFileSync(new URL(path, source), 'utf8'))
    .join('\n');
  // Whole keys stand in quotes; keys with a changing end stand in backticks, as `option.${name}`.
  const whole = [...code.matchAll(/'([a-z]+\.[a-z_]+)'/g)].map(([, key]) => String(key)).filter(isKey);
  const begun = [...code.matchAll(/`([a-z]+\.[a-z_]*)\$\{/g)].map(([, start]) => String(start)).filter(isKey);
  expect([...new Set(begun)].sort()).toEqual(Object.keys(endings).sort());
  const ended = Object.entries(endings).flatMap(([start, ends]) => ends.map((end) => start + end));
  const ranges = optionTable.map(({ range }) => range.key);
  expect(Object.keys(english).sort()).toEqual(
    [...new Set([...whole, ...ended, ...ranges, ...saidByCore(), 'language.code', 'language.name'])].sort(),
  );
});

test('a third table is a language through the same functions', () => {
  const third = { ...table('en'), 'language.code': 'fr', 'language.name': 'Français', 'view.loss': 'Perte' };
  const known = languagesOf([table('en'), chinese, third]);
  expect(known.map(({ code, name }) => `${code} ${name}`)).toEqual(['en English', 'zh-CN 简体中文', 'fr Français']);
  expect(languages.map(({ code }) => code)).toEqual(['en', 'zh-CN']);
  expect(pickLanguage(['fr-CA', 'en'], known)).toBe('fr');
  expect(pickLanguage(['zh-TW'], known)).toBe('zh-CN');
  const t = translator('fr', known);
  expect(t('view.loss')).toBe('Perte');
  expect(t('loss.noise', { loss: 0.5 })).toBe('noise floor 0,5'); // numbers as the language writes them
  expect(t('error.must_be', { field: 'lr', range: 'x', value: 'y' })).toBe('lr must be x, got y');
});

/** What the core says is known by its words. */
function saidByCore() {
  const core = new URL('../../core/src/', import.meta.url);
  const files = readdirSync(core).filter((name) => /\.[ch]pp$/.test(name));
  const code = files.map((name) => readFileSync(new URL(name, core), 'utf8')).join('\n');
  return Object.keys(english).filter((key) => {
    const [begins = '', ...parameters] = String(english[key]).split('{');
    return begins !== '' && code.includes(`"${begins}${parameters.length > 0 ? '' : '"'}`);
  });
}

/** Whether a text starts as the keys do. @param {string} text */
function isKey(text) {
  return Object.keys(english).some((key) => key.split('.')[0] === text.split('.')[0]);
}

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
