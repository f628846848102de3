// The settings: every option of the notebook as a control, grouped; what trains may be changed in mid-run.

import { syntheticNames } from '../data/source_options.js';
import { sources } from '../data/sources.js';
import { defaultOptions } from '../options.js';
import { makeControl } from './controls.js';
import { h } from './dom.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { NamedSource } from '../data/sources.js' */
/** @import { OptionName, Options } from '../options.js' */
/** @import { Lab } from './lab.js' */
/** @import { OptionControl } from './controls.js' */

/** @type {readonly { name: string, open: boolean, options: OptionName[] }[]} */
const groups = Object.freeze([
  { name: 'training', open: true, options: ['lr', 'batch_size', 'epochs', 'loss', 'delta', 'momentum'] },
  {
    name: 'more',
    open: false,
    options: ['optimizer', 'reduction', 'nesterov', 'weight_decay', 'shuffle', 'drop_last', 'init', 'init_std'],
  },
  { name: 'data', open: false, options: ['seed', 'n', 'noise', 'true_w', 'true_b', 'standardize'] },
]);

/** Options that mean nothing beside others, and when they do. @type {Partial<Record<OptionName, (options: Options, source: NamedSource) => boolean>>} */
const meaningful = {
  delta: ({ loss }) => loss === 'huber' || loss === 'smooth_l1',
  momentum: ({ optimizer }) => optimizer === 'sgd',
  nesterov: ({ optimizer }) => optimizer === 'sgd',
  init_std: ({ init }) => init === 'normal',
  ...Object.fromEntries(Array.from(syntheticNames, (name) => [name, isSynthetic])),
  standardize: (_, source) => source !== 'synthetic',
};

/** @param {Options} _ @param {NamedSource} source */
function isSynthetic(_, source) {
  return source === 'synthetic';
}

export class Settings {
  #lab;
  #t;
  /** @type {{ name: OptionName, control: OptionControl, row: HTMLElement }[]} */ #rows = [];
  #source;

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    this.#t = t;
    this.#source = this.#makeSource();
    this.element = h(
      'div',
      { class: 'settings', 'data-part': 'settings', role: 'group', 'aria-label': t('lab.settings') },
      ...groups.map((group) => this.#group(group)),
    );
    lab.addEventListener('settings', () => this.update(), { signal }); // of a new run, too
    this.update();
  }

  /** @param {typeof groups[0]} group */
  #group({ name, open, options }) {
    const rows = options.map((option) => this.#row(option));
    const title = h('summary', {}, this.#t(`settings.${name}`));
    const source =
      name === 'data' && h('label', { class: 'setting' }, h('span', {}, this.#t('source.legend')), this.#source);
    return h('details', { class: `group ${name}`, open }, title, h('div', { class: 'rows' }, source, ...rows));
  }

  #makeSource() {
    const options = sources.map((source) => h('option', { value: source }, this.#t(`source.${source}`)));
    const select = h('select', { id: 'source' }, ...options);
    select.addEventListener('change', () => {
      const source = /** @type {NamedSource} */ (select.value);
      if (!this.#lab.tryTo(() => this.#lab.changeSource(source))) this.update();
    });
    return select;
  }

  /** @param {OptionName} name */
  #row(name) {
    const control = makeControl(name, this.#lab, this.#t);
    const label = h('label', { for: control.input.id }, this.#t(`option.${name}`));
    const row = h(
      'div',
      { class: 'setting', 'data-part': name },
      label,
      control.element,
      control.problem,
      control.notice,
    );
    this.#rows.push({ name, control, row });
    return row;
  }

  update() {
    const { options, base } = this.#lab;
    for (const { name, control, row } of this.#rows) {
      row.toggleAttribute('hidden', meaningful[name]?.(options, base) === false);
      // Whether a rate is stable is known only after a while: what is said of it then has its place before.
      if (name === 'lr') control.notice.classList.toggle('awaited', options.lr > defaultOptions().lr);
      control.update();
    }
    this.#source.value = base;
    this.#source.disabled = this.#lab.locked || !this.#lab.hasEngine;
  }
}
