// English and Simplified Chinese have the same words, all of them are used, and a third language needs nothing but a table.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

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

const source = new URL('../../web/src/', import.meta.url);
/** @param {string} language @returns {Record<string, string>} */
const table = (language) => JSON.parse(readFileSync(new URL(`i18n/${language}.json`, source), 'utf8'));
const english = { ...messages, ...table('en') };
const chinese = table('zh-CN');

test('both languages have the same keys and the same parameters', () => {
  assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
  const parameters = (/** @type {string} */ text) => [...new Set([...text.matchAll(/\{\w+\}/g)].map(String))].sort();
  for (const [key, text] of Object.entries(english))
    assert.deepEqual(parameters(chinese[key] ?? ''), parameters(text), key);
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
  assert.deepEqual([...new Set(begun)].sort(), Object.keys(endings).sort());
  const ended = Object.entries(endings).flatMap(([start, ends]) => ends.map((end) => start + end));
  const ranges = optionTable.map(({ range }) => range.key);
  assert.deepEqual(
    Object.keys(english).sort(),
    [...new Set([...whole, ...ended, ...ranges, ...saidByCore(), 'language.code', 'language.name'])].sort(),
  );
});

test('a third table is a language through the same functions', () => {
  const third = { ...table('en'), 'language.code': 'fr', 'language.name': 'Français', 'view.loss': 'Perte' };
  const known = languagesOf([table('en'), chinese, third]);
  assert.deepEqual(
    known.map(({ code, name }) => `${code} ${name}`),
    ['en English', 'zh-CN 简体中文', 'fr Français'],
  );
  assert.deepEqual(
    languages.map(({ code }) => code),
    ['en', 'zh-CN'],
  );
  assert.equal(pickLanguage(['fr-CA', 'en'], known), 'fr');
  assert.equal(pickLanguage(['zh-TW'], known), 'zh-CN');
  const t = translator('fr', known);
  assert.equal(t('view.loss'), 'Perte');
  assert.equal(t('loss.noise', { loss: 0.5 }), 'noise floor 0,5'); // numbers as the language writes them
  assert.equal(t('error.must_be', { field: 'lr', range: 'x', value: 'y' }), 'lr must be x, got y');
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
    for (const [key, text] of Object.entries(texts)) if (key.startsWith('code.')) assert.doesNotMatch(text, /['"\\]/);
  }
});
