// Situations worth seeing. Each is a link, or a few of them to be compared.

import { h } from './dom.js';
import { linkSettings, readLink } from './link.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab } from './lab.js' */

/** @typedef {{ name: string, hash: string }} Variant name: '' where there is only one */
/** @typedef {{ name: string, variants: readonly Variant[] }} Preset */

const valley = '#data=valley&seed=42&batch_size=20&epochs=20';
const outliers = '#data=outliers&seed=42&lr=0.05&epochs=20';
const sorted = '#data=sorted&seed=42&lr=0.4&epochs=6';

/** @type {readonly Preset[]} */
export const presets = Object.freeze([
  { name: 'notebook', variants: [{ name: '', hash: '#seed=42' }] },
  { name: 'large_lr', variants: [{ name: '', hash: '#seed=42&lr=1.2' }] },
  {
    name: 'valley',
    variants: [
      { name: 'unscaled', hash: `${valley}&lr=0.025` },
      { name: 'standardized', hash: `${valley}&standardize=true&lr=0.1` },
    ],
  },
  {
    name: 'outliers',
    variants: [
      { name: 'mse', hash: outliers },
      { name: 'huber', hash: `${outliers}&loss=huber` },
    ],
  },
  {
    name: 'sorted',
    variants: [
      { name: 'unshuffled', hash: `${sorted}&shuffle=false` },
      { name: 'shuffled', hash: sorted },
    ],
  },
  {
    name: 'batch',
    variants: [
      { name: 'batch_one', hash: '#seed=42&noise=1&batch_size=1&epochs=1' },
      { name: 'batch_ten', hash: '#seed=42&noise=1' },
      { name: 'batch_all', hash: '#seed=42&noise=1&batch_size=1000&epochs=300' },
    ],
  },
  {
    name: 'reduction',
    variants: [
      { name: 'mean', hash: '#seed=42&noise=1' },
      { name: 'sum', hash: '#seed=42&noise=1&reduction=sum' },
      { name: 'sum_small', hash: '#seed=42&noise=1&reduction=sum&lr=0.003' },
    ],
  },
  { name: 'noiseless', variants: [{ name: '', hash: '#seed=42&noise=0&epochs=6' }] },
  {
    name: 'few_rows',
    variants: [{ name: '', hash: '#seed=42&n=5&true_w=2,-3.4,1,0.5,-1,3&batch_size=5&lr=0.1&epochs=1000' }],
  },
]);

/**
 * All situations, each with what to watch, its links, and a button that runs and overlays them.
 * @param {Lab} lab @param {Translate} t
 * @param {{ linked?: boolean, chosen: () => void }} how linked: whether the page's address can lead to one; chosen: called when one was chosen
 */
export function presetList(lab, t, { linked = false, chosen }) {
  const item = (/** @type {Preset} */ preset) => {
    const links = preset.variants.map((variant) => opener(lab, t, preset, variant, { linked, chosen }));
    const compare =
      preset.variants.length > 1 &&
      h(
        'button',
        { type: 'button', class: 'compare', 'aria-label': labelOf(t, 'preset.compare', preset) },
        t('preset.compare'),
      );
    if (compare) {
      compare.addEventListener('click', () => {
        chosen();
        comparePreset(lab, preset);
      });
    }
    return h(
      'li',
      { class: 'preset', 'data-preset': preset.name },
      h('h3', {}, t(`preset.${preset.name}`)),
      h('p', {}, t(`watch.${preset.name}`)),
      h('div', { class: 'choices' }, ...links, compare),
    );
  };
  return h('ul', { class: 'presets' }, ...presets.map(item));
}

/** What a button or a link says, and of which situation. @param {Translate} t @param {string} key @param {Preset} preset */
const labelOf = (t, key, { name }) => t('control.label', { name: t(key), meaning: t(`preset.${name}`) });

/**
 * @param {Lab} lab @param {Translate} t @param {Preset} preset @param {Variant} variant
 * @param {{ linked: boolean, chosen: () => void }} how
 */
function opener(lab, t, preset, variant, { linked, chosen }) {
  const key = variant.name === '' ? 'preset.open' : `variant.${variant.name}`;
  const text = t(key);
  const label = labelOf(t, key, preset);
  /** @type {HTMLElement} */
  const link = linked
    ? h('a', { href: variant.hash, 'aria-label': label }, text)
    : h('button', { type: 'button', class: 'quiet', 'aria-label': label }, text);
  link.addEventListener('click', (event) => {
    if (linked && (event.ctrlKey || event.metaKey || event.shiftKey)) return; // a tab of its own
    event.preventDefault();
    chosen();
    lab.tryTo(() => lab.open({ ...linkSettings(readLink(variant.hash)), step: 0, situation: preset.name }));
  });
  return link;
}

/** Runs one after the other and pins all but the last, unless the reader does something else. @param {Lab} lab @param {Preset} preset */
export async function comparePreset(lab, { name, variants }) {
  lab.pins.makeRoom(variants.length - 1);
  for (const variant of variants) {
    const run = { ...linkSettings(readLink(variant.hash)), step: Number.MAX_SAFE_INTEGER, situation: name };
    if (!lab.tryTo(() => lab.open(run))) return;
    const { trainer } = lab;
    await ended(lab);
    if (lab.trainer !== trainer || !lab.ended) return; // gone on to another run, or paused
    if (variant !== variants[variants.length - 1]) lab.pins.add({ compared: true });
  }
}

/** @param {Lab} lab @returns {Promise<void>} */
function ended(lab) {
  return new Promise((resolve) => {
    const look = () => {
      if (lab.playing) return;
      lab.removeEventListener('progress', look);
      resolve();
    };
    lab.addEventListener('progress', look);
    look();
  });
}
