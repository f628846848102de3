// <linreg-lab>: a lab as an element. Alone it owns its run, which its attributes set up:
//   <linreg-lab seed="42" lr="0.3" view="loss,fit" lang="zh-CN" theme="dark">
// A page that has a run of its own gives it: element.lab = lab. Importing this registers nothing; define.js does.

import { syntheticNames } from '../data/source_options.js';
import { refusalOf } from '../errors.js';
import { findLanguage, pickLanguage, translator } from '../i18n/index.js';
import { findOption, formatOption, optionNames } from '../options.js';
import { settingNames, settingsOf, splitNames, unknownWords, writeAttribute } from './attributes.js';
import { makeChoices, readChoices } from './choices.js';
import { h, setText } from './dom.js';
import { EngineLoader } from './engine_loader.js';
import { tellOf } from './events.js';
import { Lab } from './lab.js';
import { linkNotice, linkSettings, readParts } from './link.js';
import { followMotion, reducedMotion } from './motion.js';
import { Panel } from './panel.js';
import { hideable } from './parts.js';
import { themes } from './reflected.js';
import { ScriptedElement } from './scripted.js';
import { styleSheets } from './styles.js';
import { views } from './views/index.js';

/** @import { OptionName } from '../options.js' */
/** @import { Theme } from './styles.js' */

// What a page gives and is told, by names that its script can import.
/** @typedef {import('../data/sources.js').NamedSource} NamedSource */
/** @typedef {import('../errors.js').ErrorCode} ErrorCode */
/** @typedef {import('../options.js').GivenOptions} GivenOptions */
/** @typedef {import('../options.js').Options} Options */
/** @typedef {import('../trainer.js').Status} Status */
/** @typedef {import('./pace.js').Speed} Speed */
/** @typedef {import('./run.js').Stride} Stride */
/** @typedef {import('./scripted.js').GivenState} GivenState */
/** @typedef {import('./events.js').LabDetails} LabDetails */
/** @typedef {import('./scripted.js').LabState} LabState */

const looks = Object.freeze(['lang', 'theme', 'view', 'hide', 'readonly']);
const defaultViews = Object.freeze(['loss', 'fit']);

export class LinregLab extends ScriptedElement {
  static observedAttributes = [...settingNames, ...looks, 'autoplay'];

  /** @type {Lab | undefined} */ #lab;
  /** @type {EngineLoader | undefined} the lab's own run has one */ #loader;
  /** @type {AbortController | undefined} */ #life;
  /** @type {Panel | undefined} */ #panel;
  #t = translator('en');
  /** @type {(ConstructorParameters<typeof Lab>[0] & { step: number }) | undefined} the run of a lab that was taken out of the page */ #kept;
  /** @type {Lab['belongings'] | undefined} what its reader had beside */ #belongings;
  /** @type {Set<string>} attributes that changed and were not yet looked at */ #changed = new Set();
  /** @type {ReadonlyMap<string, string>} the attributes of which the run was made */ #settings = new Map();
  /** What they say of it. */
  #link = readParts([]);
  /** What of the looks is bad, by attribute. @type {Map<string, string[]>} */ #bad = new Map();
  #views = [...defaultViews];
  /** @type {string | null | undefined} the attribute of which these were read */ #viewText;
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
    this.#kept = this.#belongings = undefined;
    if (this.isConnected) this.#begin();
  }

  /** The views that are shown, by name. @returns {string[]} */
  get view() {
    this.#readViews();
    return [...this.#views];
  }

  /** A list of names, or their text. @param {Iterable<string> | null | undefined} names */
  set view(names) {
    writeAttribute(this, 'view', names);
  }

  /** The options and parts that are left out. @returns {string[]} */
  get hide() {
    return splitNames(this.getAttribute('hide')).filter((name) => hideable.includes(name));
  }

  /** A list of names, or their text. @param {Iterable<string> | null | undefined} names */
  set hide(names) {
    writeAttribute(this, 'hide', names);
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

  /** In another document, which takes only sheets of its own. */
  adoptedCallback() {
    if (this.shadowRoot) this.shadowRoot.adoptedStyleSheets = styleSheets(this.#theme(), this.ownerDocument);
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
    for (const type of ['unavailable', 'run']) lab.addEventListener(type, () => this.#showFallback(), { signal });
  }

  /** What the author put inside is for readers whose lab cannot train. */
  #showFallback() {
    const isEmpty = !this.firstElementChild && !this.textContent?.trim();
    const isShown = !!this.#lab?.unavailable && !this.#lab.trainer && !isEmpty;
    this.#fallback.toggleAttribute('hidden', !isShown);
    this.#panel?.element.classList.toggle('replaced', isShown);
  }

  /** Begins to run by itself, if the author wants it and the reader does not mind. */
  #autoplay() {
    const lab = this.#lab;
    if (this.autoplay && !reducedMotion() && lab?.status === 'ready' && !lab.playing) lab.play();
  }

  /** A run of its own: as the attributes say, or the one that it had before it was taken out, if they still say the same. */
  #beginRun() {
    const isOther = this.#readSettings().length > 0;
    const run = this.#kept && !isOther ? this.#kept : this.#described(this.#kept?.options.seed);
    const lab = new Lab(run);
    followMotion(lab, this.#life?.signal);
    if (this.#belongings) lab.adoptBelongings(this.#belongings); // a speed that was chosen stays
    this.#lab = lab;
    this.#loader = new EngineLoader(lab, run.step);
  }

  #end() {
    if (!this.#life) return;
    this.#life.abort();
    this.#life = undefined;
    this.#panel?.dispose();
    this.#panel = undefined;
    if (!this.#loader) return;
    const { options, base, edited, requested, altered, heading, belongings } = /** @type {Lab} */ (this.#lab);
    this.#kept = { options, source: base, edited, requested, step: altered ? 0 : heading.step };
    this.#belongings = belongings;
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
    root.adoptedStyleSheets = styleSheets(this.#theme(), this.ownerDocument);
    const focused = root.activeElement;
    const hadFocus = focused && this.#panel?.element.contains(focused);
    const choices = this.#panel && readChoices(this.#panel.element);
    this.#panel?.dispose();
    if (this.#loader) lab.locked = this.readonly;
    this.#panel = new Panel(lab, t, {
      shown: this.#views,
      hidden: this.hide,
      changed: (shown) => (this.#views = shown),
      banners: this.#loader ? [this.#notice, this.#loader.element] : [],
    });
    this.#panel.element.lang = language;
    this.#t = t;
    this.#mark('hide', splitNames(this.getAttribute('hide')), hideable);
    this.#showBad();
    this.#loader?.show(t);
    root.replaceChildren(this.#panel.element, this.#fallback);
    this.#showFallback();
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
    const bad = [...this.#link.bad, ...[...this.#bad.values()].flat()];
    setText(this.#notice, linkNotice(this.#t, { ...this.#link, bad }));
  }

  /** The languages asked for: here, and around here from the inside out. One that is not known leaves the next. @returns {string[]} */
  #languages() {
    const own = splitNames(this.getAttribute('lang'));
    this.#mark(
      'lang',
      own,
      own.filter((tag) => findLanguage(tag)),
    );
    /** @type {string[]} */
    const languages = [];
    for (let node = /** @type {Element | null} */ (this); node;) {
      const marked = node.closest('[lang]');
      if (marked) languages.push(marked.getAttribute('lang') ?? '');
      const root = /** @type {Node} */ (node.getRootNode());
      node = marked?.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
    }
    return languages;
  }

  /** @returns {Theme} */
  #theme() {
    this.#mark('theme', [this.getAttribute('theme') ?? 'auto'], themes);
    return /** @type {Theme} */ (this.theme);
  }

  /** Those that the author wants, once for every wish: the reader may then choose others. */
  #readViews() {
    const text = this.getAttribute('view');
    if (text === this.#viewText) return;
    this.#viewText = text;
    const given = splitNames(text);
    const wanted = views.map(({ name }) => name).filter((name) => given.includes(name));
    this.#views = wanted.length > 0 ? wanted : [...defaultViews];
    this.#mark('view', given, wanted);
  }

  /** What of an attribute's words is bad. @param {string} name @param {string[]} given @param {readonly string[]} known */
  #mark(name, given, known) {
    this.#bad.set(name, unknownWords(name, given, known));
  }

  /** Takes over the attributes that changed since it was shown; the last of several values counts. */
  #adopt() {
    const changed = [...this.#changed];
    this.#changed.clear();
    if (!this.#life || !this.#lab) return;
    this.#readViews();
    if (this.#loader) this.#adoptSettings(this.#lab);
    if (changed.some((name) => looks.includes(name))) this.#show();
    else this.#showBad(); // the panel follows the run by itself, and keeps what the reader has done in it
    if (changed.includes('autoplay')) this.#autoplay();
  }

  /** Reads the attributes of which the run is made. @returns {string[]} those that are not as they were */
  #readSettings() {
    const before = this.#settings;
    const now = new Map(settingsOf(this));
    this.#settings = now;
    this.#link = readParts(now);
    return settingNames.filter((name) => before.get(name) !== now.get(name));
  }

  /** The run that the attributes describe. @param {number} [seed] that was chosen before: where they give none it stays */
  #described(seed) {
    return { ...linkSettings(this.#link, seed), step: this.#link.step };
  }

  /** One attribute that changed changes the run, as the reader would; several begin another one. @param {Lab} lab */
  #adoptSettings(lab) {
    const { seed } = lab.options;
    const { options: before } = this.#described(seed);
    const names = this.#readSettings();
    const { options, source, step } = this.#described(seed);
    const name = findOption(names[0] ?? '')?.name;
    // With it may change what it was in the way of, or what it has made room for.
    const changed = optionNames.filter(
      (other) => other === name || formatOption(before[other]) !== formatOption(options[other]),
    );
    const isOfUse = lab.base === source || !changed.some((other) => syntheticNames.has(other));
    if (names.length === 1 && name && isOfUse && this.#change(lab, changed, options)) return;
    if (names.length > 0 && refusalOf(() => lab.open({ options, source, step }))) this.#link.bad.push(...names);
  }

  /**
   * Changes options of a run one by one, each as soon as those beside it allow.
   * @param {Lab} lab @param {OptionName[]} names @param {Options} options
   * @returns {boolean} whether it took them all
   */
  #change(lab, names, options) {
    const refused = names.filter((name) => refusalOf(() => lab.change(name, formatOption(options[name]))));
    if (refused.length === 0) return true;
    return refused.length < names.length && this.#change(lab, refused, options);
  }
}
