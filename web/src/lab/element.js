// <linreg-lab>: a lab as an element. Alone it owns its run, which its attributes set up:
//   <linreg-lab seed="42" lr="0.3" view="loss,fit" lang="zh-CN" theme="dark">
// A page that has a run of its own gives it: element.lab = lab. Importing this registers nothing; define.js does.

import { LinregError } from '../errors.js';
import { pickLanguage, translator } from '../i18n/index.js';
import { findOption, formatOption } from '../options.js';
import { settingNames, settingsOf, splitNames, writeAttribute } from './attributes.js';
import { makeChoices, readChoices } from './choices.js';
import { h, setText } from './dom.js';
import { EngineLoader } from './engine_loader.js';
import { Lab } from './lab.js';
import { linkNotice, linkSettings, readParts, sourceDefaults } from './link.js';
import { followMotion, reducedMotion } from './motion.js';
import { Panel } from './panel.js';
import { hideable } from './parts.js';
import { ScriptedElement, tellOf } from './scripted.js';
import { styleSheets } from './styles.js';
import { views } from './views/index.js';

/** @import { OptionName } from '../options.js' */
/** @import { Theme } from './styles.js' */

const looks = Object.freeze(['lang', 'theme', 'view', 'hide', 'readonly']);
const themes = Object.freeze(['auto', 'light', 'dark']);
const defaultViews = Object.freeze(['loss', 'fit']);

export class LinregLab extends ScriptedElement {
  static observedAttributes = [...settingNames, ...looks];

  /** @type {Lab | undefined} */ #lab;
  /** @type {EngineLoader | undefined} the lab's own run has one */ #loader;
  /** @type {AbortController | undefined} */ #life;
  /** @type {Panel | undefined} */ #panel;
  #t = translator('en');
  /** @type {(ConstructorParameters<typeof Lab>[0] & { step: number }) | undefined} the run of a lab that was taken out of the page */ #kept;
  /** @type {Set<string>} attributes that changed and were not yet looked at */ #changed = new Set();
  /** What the attributes say of the run. */
  #link = readParts([]);
  /** @type {Set<string>} what of the looks is bad */ #bad = new Set();
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

  /** A list of names, or their text. */
  set view(/** @type {Iterable<string>} */ names) {
    writeAttribute(this, 'view', names);
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
    this.#readViews();
    if (this.#lab) this.#link = readParts([]);
    else this.#beginRun();
    const loaded = this.#loader?.load(); // the engine comes while the panel is made
    this.#show();
    if (this.#lab) this.#tellOf(this.#lab, this.#life.signal);
    loaded?.then(() => this.#autoplay());
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
    if (this.autoplay && !reducedMotion() && this.#lab?.status === 'ready') this.#lab.play();
  }

  /** A run of its own, as the attributes say, or the one that it had before it was taken out. */
  #beginRun() {
    if (!this.#kept) this.#link = readParts(settingsOf(this));
    const lab = new Lab(this.#kept ?? linkSettings(this.#link));
    this.#lab = lab;
    this.#loader = new EngineLoader(lab, this.#kept?.step ?? this.#link.step);
    followMotion(lab, this.#life?.signal);
  }

  #end() {
    if (!this.#life) return;
    this.#life.abort();
    this.#life = undefined;
    this.#panel?.dispose();
    this.#panel = undefined;
    if (!this.#loader) return;
    const { options, base, edited, asked, altered, step } = /** @type {Lab} */ (this.#lab);
    this.#kept = { options, source: base, edited, asked, step: altered ? 0 : step };
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
    const focused = root.activeElement;
    const hadFocus = focused && this.#panel?.element.contains(focused);
    const choices = this.#panel && readChoices(this.#panel.element);
    this.#panel?.dispose();
    if (this.#loader) lab.locked = this.readonly;
    this.#panel = new Panel(lab, t, {
      shown: this.#views,
      hidden: this.#hidden(),
      changed: (shown) => (this.#views = shown),
      banners: this.#loader ? [this.#notice, this.#loader.element] : [],
    });
    this.#panel.element.lang = language;
    this.#t = t;
    this.#showBad();
    this.#loader?.show(t);
    root.replaceChildren(this.#panel.element, this.#fallback);
    if (choices) makeChoices(this.#panel.element, choices);
    if (hadFocus) this.#focusLike(focused);
  }

  /** Gives the focus to what stands for an element of the panel before. @param {Element} before */
  #focusLike(before) {
    const { action } = /** @type {HTMLElement} */ (before).dataset;
    const selector = before.id ? `#${before.id}` : action && `[data-action="${action}"]`;
    const same = selector ? this.shadowRoot?.querySelector(selector) : undefined;
    const found = same?.checkVisibility() ? same : this.#panel?.element;
    /** @type {HTMLElement | undefined} */ (found)?.focus({ preventScroll: true });
  }

  #showBad() {
    const bad = [...this.#link.bad, ...this.#bad];
    setText(this.#notice, linkNotice(this.#t, { ...this.#link, bad }));
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
    this.#mark('theme', [given], themes);
    return themes.includes(given) ? /** @type {Theme} */ (given) : 'auto';
  }

  #readViews() {
    const given = splitNames(this.getAttribute('view'));
    const wanted = views.map(({ name }) => name).filter((name) => given.includes(name));
    this.#views = wanted.length > 0 ? wanted : [...defaultViews];
    this.#mark('view', given, wanted);
  }

  /** The parts that are left out. */
  #hidden() {
    this.#mark('hide', this.hide, hideable);
    return this.hide.filter((name) => hideable.includes(name));
  }

  /** Whether an attribute is one of the bad ones. @param {string} name @param {string[]} given @param {readonly string[]} known */
  #mark(name, given, known) {
    if (given.every((word) => known.includes(word))) this.#bad.delete(name);
    else this.#bad.add(name);
  }

  /** Takes over the attributes that changed since it was shown; the last of several values counts. */
  #adopt() {
    const changed = [...this.#changed];
    this.#changed.clear();
    if (!this.#life || !this.#lab) return;
    if (changed.includes('view')) this.#readViews();
    if (this.#loader) this.#adoptSettings(changed.filter((name) => settingNames.includes(name)));
    if (changed.some((name) => looks.includes(name))) this.#show();
    else this.#showBad(); // the panel follows the run by itself, and keeps what the reader has done in it
  }

  /** @param {string[]} names */
  #adoptSettings(names) {
    if (names.length === 0) return;
    const lab = /** @type {Lab} */ (this.#lab);
    const link = (this.#link = readParts(settingsOf(this)));
    if (names.includes('data') || names.includes('step') || names.length > 1) {
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
    const link = this.#link;
    const option = /** @type {OptionName} */ (findOption(name)?.name);
    const value = link.options[option];
    const text = value === undefined ? this.getAttribute(name) : formatOption(value);
    try {
      lab.change(option, text ?? formatOption(sourceDefaults(lab.base)[option]));
      link.bad = link.bad.filter((bad) => bad !== name); // beside the settings of now it may be fine
    } catch (error) {
      if (!(error instanceof LinregError)) throw error;
      link.bad.push(name);
    }
  }
}
