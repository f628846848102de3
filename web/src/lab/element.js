// <linreg-lab>: a lab as an element. Alone it owns its run, which its attributes set up:
//   <linreg-lab seed="42" lr="0.3" view="loss,fit" lang="zh-CN" theme="dark">
// A page that has a run of its own gives it: element.lab = lab. Importing this registers nothing; define.js does.

import { LinregError, clip } from '../errors.js';
import { pickLanguage, translator } from '../i18n/index.js';
import { findOption, formatOption, optionNames } from '../options.js';
import { h, setText } from './dom.js';
import { EngineLoader } from './engine_loader.js';
import { Lab } from './lab.js';
import { linkSettings, nameBad, readParts, sourceDefaults } from './link.js';
import { followMotion, reducedMotion } from './motion.js';
import { Panel } from './panel.js';
import { hideable } from './parts.js';
import { ScriptedElement, tellOf } from './scripted.js';
import { styleSheets } from './styles.js';
import { views } from './views/index.js';

/** @import { OptionName } from '../options.js' */
/** @import { Theme } from './styles.js' */

const settingNames = Object.freeze([...optionNames, 'beta', 'data', 'step']);
const looks = Object.freeze(['lang', 'theme', 'view', 'hide', 'readonly']);
const themes = Object.freeze(['auto', 'light', 'dark']);
const defaultViews = Object.freeze(['loss', 'fit']);

export class LinregLab extends ScriptedElement {
  static observedAttributes = [...settingNames, ...looks];

  /** @type {Lab | undefined} */ #lab;
  /** @type {EngineLoader | undefined} the lab's own run has one */ #loader;
  /** @type {AbortController | undefined} */ #life;
  /** @type {Panel | undefined} */ #panel;
  /** @type {{ options: Lab['options'], source: Lab['base'], edited: Lab['edited'], step: number } | undefined} the run of a lab that was taken out of the page */ #kept;
  /** @type {Set<string>} attributes that changed and were not yet looked at */ #changed = new Set();
  /** @type {Set<string>} */ #bad = new Set();
  #views = [...defaultViews];
  /** What the author put inside, for readers whose lab cannot train. */
  #fallback = h('slot', { hidden: true });
  #notice = h('p', { class: 'link-notice', role: 'status' });

  constructor() {
    super();
    this.attachShadow({ mode: 'open' });
  }

  /** The run that is shown. @override @returns {Lab | undefined} */
  get lab() {
    return this.#lab;
  }

  /** Shows a run that the page owns, loads and ends. @param {Lab | undefined} lab */
  set lab(lab) {
    if (lab === this.#lab) return;
    this.#end();
    this.#lab = lab;
    this.#kept = undefined;
    if (this.isConnected) this.#begin();
  }

  /** The views that are shown, by name. */
  get view() {
    return [...this.#views];
  }

  set view(names) {
    this.setAttribute('view', Array.from(names).join(','));
  }

  /** Brings the lab into view, with the focus on its first button. @override */
  focus() {
    this.#panel?.focus();
  }

  connectedCallback() {
    if (!this.#life) this.#begin(); // else it was only moved
  }

  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || this.#end());
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now || !this.#life) return;
    if (this.#changed.size === 0) queueMicrotask(() => this.#adopt());
    this.#changed.add(name);
  }

  #begin() {
    this.#life = new AbortController();
    this.#changed.clear();
    this.#bad.clear();
    this.#readViews();
    if (!this.#lab) this.#beginRun();
    this.#show();
    if (this.#lab) this.#tellOf(this.#lab, this.#life.signal);
    this.#loader?.load().then(() => this.#autoplay());
  }

  /** @param {Lab} lab @param {AbortSignal} signal */
  #tellOf(lab, signal) {
    tellOf(this, lab, signal);
    const show = () => {
      const isEmpty = !this.firstElementChild && !this.textContent?.trim();
      this.#fallback.hidden = !lab.unavailable || lab.trainer !== undefined || isEmpty;
    };
    for (const type of ['unavailable', 'run']) lab.addEventListener(type, show, { signal });
    show();
  }

  /** Begins to run by itself, if the author wants it and the reader does not mind. */
  #autoplay() {
    if (this.hasAttribute('autoplay') && !reducedMotion() && this.#lab?.status === 'ready') this.#lab.play();
  }

  /** A run of its own, as the attributes say, or the one that it had before it was taken out. */
  #beginRun() {
    const link = readParts(this.#given());
    const lab = new Lab(this.#kept ?? linkSettings(link));
    this.#lab = lab;
    this.#loader = new EngineLoader(lab, this.#kept?.step ?? link.step);
    if (!this.#kept) link.bad.forEach((name) => this.#bad.add(name));
    followMotion(lab, this.#life?.signal);
  }

  /** The attributes that set up a run. @returns {[string, string][]} */
  #given() {
    return settingNames.flatMap((name) => {
      const text = this.getAttribute(name);
      return text === null ? [] : [/** @type {[string, string]} */ ([name, text])];
    });
  }

  #end() {
    if (!this.#life) return;
    this.#life.abort();
    this.#life = undefined;
    this.#panel?.dispose();
    this.#panel = undefined;
    if (!this.#loader) return;
    const { options, base, edited, altered, step } = /** @type {Lab} */ (this.#lab);
    this.#kept = { options, source: base, edited, step: altered ? 0 : step };
    this.#loader.close();
    this.#lab?.dispose();
    this.#loader = this.#lab = undefined;
  }

  /** Shows the lab in the language and the colours of now. */
  #show() {
    const lab = this.#lab;
    const root = this.shadowRoot;
    if (!lab || !root) return;
    const language = pickLanguage([...this.#languages(), ...navigator.languages]);
    const t = translator(language);
    root.adoptedStyleSheets = styleSheets(this.#theme());
    this.#panel?.dispose();
    if (this.#loader) lab.locked = this.hasAttribute('readonly');
    this.#panel = new Panel(lab, t, {
      shown: this.#views,
      hidden: this.#hidden(),
      changed: (shown) => (this.#views = shown),
      banners: this.#loader ? [this.#notice, this.#loader.element] : [],
    });
    this.#panel.element.lang = language;
    setText(this.#notice, this.#bad.size > 0 ? t('lab.bad', { parts: nameBad([...this.#bad]) }) : '');
    this.#loader?.show(t);
    root.replaceChildren(this.#panel.element, this.#fallback);
  }

  /** The language asked for: here, or around here. @returns {string[]} */
  #languages() {
    for (let node = /** @type {Element | null} */ (this); node;) {
      const marked = node.closest('[lang]');
      if (marked) return [marked.getAttribute('lang') ?? ''];
      const root = /** @type {Node} */ (node.getRootNode());
      node = root instanceof ShadowRoot ? root.host : null;
    }
    return [];
  }

  /** @returns {Theme} */
  #theme() {
    const given = this.getAttribute('theme') ?? 'auto';
    this.#mark('theme', !themes.includes(given));
    return themes.includes(given) ? /** @type {Theme} */ (given) : 'auto';
  }

  #readViews() {
    const given = (this.getAttribute('view') ?? '').split(',').map((name) => name.trim());
    const wanted = views.map(({ name }) => name).filter((name) => given.includes(name));
    this.#views = wanted.length > 0 ? wanted : [...defaultViews];
    this.#mark(
      'view',
      given.some((name) => name !== '' && !wanted.includes(name)),
    );
  }

  /** The parts that are left out. */
  #hidden() {
    const given = (this.getAttribute('hide') ?? '').split(',').map((name) => name.trim());
    this.#mark(
      'hide',
      given.some((name) => name !== '' && !hideable.includes(name)),
    );
    return given.filter((name) => hideable.includes(name));
  }

  /** Whether an attribute is one of the bad ones. @param {string} name @param {boolean} isBad */
  #mark(name, isBad) {
    if (isBad) this.#bad.add(name);
    else this.#bad.delete(name);
  }

  /** Takes over the attributes that changed since it was shown; the last of several values counts. */
  #adopt() {
    const changed = [...this.#changed];
    this.#changed.clear();
    if (!this.#life || !this.#lab) return;
    if (changed.includes('view')) this.#readViews();
    if (this.#loader) this.#adoptSettings(changed.filter((name) => settingNames.includes(name)));
    this.#show();
  }

  /** @param {string[]} names */
  #adoptSettings(names) {
    const lab = /** @type {Lab} */ (this.#lab);
    if (names.includes('data') || names.includes('step') || names.length > 1) {
      const link = readParts(this.#given());
      for (const name of settingNames) this.#mark(name, link.bad.includes(clip(name)));
      const { options, source } = linkSettings(link);
      // A seed that was chosen stays.
      return lab.open({
        source,
        options: { ...options, seed: link.options.seed ?? lab.options.seed },
        step: link.step,
      });
    }
    for (const name of names) this.#adoptOption(lab, name);
  }

  /** @param {Lab} lab @param {string} name */
  #adoptOption(lab, name) {
    const option = /** @type {OptionName} */ (findOption(name)?.name);
    try {
      lab.change(option, this.getAttribute(name) ?? formatOption(sourceDefaults(lab.base)[option]));
      this.#mark(name, false);
    } catch (error) {
      if (!(error instanceof LinregError)) throw error;
      this.#mark(name, true);
    }
  }
}
