// A cell's code on the page: coloured Python in which the values are live controls.

import { makeControl } from './controls.js';
import { h, setText } from './dom.js';
import { cellCode, differs, parseLine, phaseLines, pythonValue } from './notebook.js';
import { copyButton } from './copy.js';
import { highlight } from './python.js';

/** @import { OptionControl } from './controls.js' */
/** @import { OptionName } from '../options.js' */
/** @import { Cell, Context, Piece } from './notebook.js' */
/** @import { Lab } from './lab.js' */
/** @import { Translate } from '../i18n/index.js' */

/** A line on the page, and its arguments that may be left out. @typedef {{ text: string, element: HTMLElement, optional: { elements: HTMLElement[], pieces: Piece[] }[] }} Line */

export class Listing {
  #cell;
  #lab;
  #t;
  #context;
  #prefix;
  #code = h('div', { class: 'code' });
  /** Before zero_grad where it is forgotten: copied, and struck through for the eye. */
  #mute = h('span', { class: 'selectable', 'aria-hidden': 'true' });
  /** @type {Line[]} */ #lines = [];
  /** @type {Map<OptionName, OptionControl>} */ #controls = new Map();
  /** Values once more, as text: what is copied where a reader selects code with the mouse. @type {Map<OptionName, HTMLElement>} */
  #texts = new Map();

  /**
   * @param {Cell} cell @param {number} number @param {Lab} lab @param {Translate} t
   * @param {() => Context} context what the code depends on
   * @param {string} [prefix] of its ids, where there are several listings of a cell in one tree
   */
  constructor(cell, number, lab, t, context, prefix = '') {
    this.#cell = cell;
    this.#lab = lab;
    this.#t = t;
    this.#context = context;
    this.#prefix = prefix;
    const copy = copyButton(t, t('copy.cell', { number }), t('copy.short'), () => cellCode(cell, context()));
    const label = h('span', { class: 'prompt' }, t('cell.in', { number }));
    this.element = h('div', {
      class: 'listing',
      id: `${prefix}code-${cell.id}`,
      role: 'group',
      'aria-label': t('cell.code', { number }),
    });
    this.element.append(h('div', { class: 'listing-head' }, label, copy), this.#code);
  }

  /** Brings the code up to date with the options. */
  update() {
    const context = this.#context();
    const lines = this.#cell.lines(context);
    if (lines.join('\n') !== this.#lines.map(({ text }) => text).join('\n')) this.#build(lines);
    for (const { elements, pieces } of this.#lines.flatMap(({ optional }) => optional))
      for (const { classList } of elements) classList.toggle('unused', !differs(pieces, this.#lab.options));
    for (const control of this.#controls.values()) control.update();
    for (const [name, element] of this.#texts) setText(element, pythonValue(name, context));
    const { forgetsZeroGrad } = this.#lab;
    this.lineOf(phaseLines.zero_grad)?.classList.toggle('forgotten', forgetsZeroGrad);
    setText(this.#mute, forgetsZeroGrad ? '# ' : '');
  }

  /**
   * The place of the first line with this code, whatever its indentation.
   * @param {string} code
   * @returns {Element | undefined}
   */
  lineOf(code) {
    return this.#lines.find(({ text }) => text.trim() === code)?.element;
  }

  /** Lines that are still there stay. @param {string[]} texts */
  #build(texts) {
    const root = /** @type {Document | ShadowRoot} */ (this.#code.getRootNode());
    const focused = /** @type {HTMLElement | null | undefined} */ (root.activeElement); // none while it is on no page
    const hadFocus = focused && this.#code.contains(focused);
    const known = this.#lines;
    this.#lines = texts.map((text) => {
      const i = known.findIndex((line) => line.text === text);
      return known.splice(i, i < 0 ? 0 : 1)[0] ?? this.#line(text);
    });
    known.forEach(({ element }) => element.remove());
    this.#lines.forEach(({ element }, i) => {
      const there = this.#code.children[i];
      if (there !== element) this.#code.insertBefore(element, there ?? null);
    });
    // Moving a control took its focus away.
    if (hadFocus && this.#code.contains(focused)) focused.focus({ preventScroll: true });
  }

  /** A line, and under it the messages of its controls. @param {string} text @returns {Line} */
  #line(text) {
    /** @type {Line['optional']} */
    const leavable = [];
    const code = h('code', {});
    /** @type {OptionControl[]} */
    const controls = [];
    const indent = text.search(/\S|$/);
    const isZeroGrad = text.trim() === phaseLines.zero_grad;
    if (isZeroGrad) code.append(text.slice(0, indent), this.#mute);
    for (const { optional, pieces } of parseLine(isZeroGrad ? text.trim() : text)) {
      const parts = pieces.flatMap((piece) => this.#piece(piece, controls));
      if (optional) {
        const elements = argumentOf(parts);
        leavable.push({ elements, pieces });
        code.append(...elements);
      } else code.append(...parts);
    }
    if (text === '') code.append(h('br')); // else it is lost where code is selected with the mouse
    // Where a long line goes on, it is indented deeper than it began.
    code.style.setProperty('--indent', String(indent + 4));
    const element = h('div', { class: 'line' }, code, ...controls.flatMap(({ problem, notice }) => [problem, notice]));
    return { text, element, optional: leavable };
  }

  /** @param {Piece} piece @param {OptionControl[]} controls those met so far on the line */
  #piece(piece, controls) {
    if ('text' in piece)
      return highlight(piece.text).map(({ kind, text }) =>
        kind === 'plain' ? text : h('span', { class: kind }, text),
      );
    const control = this.#controls.get(piece.option) ?? makeControl(piece.option, this.#lab, this.#t, this.#prefix);
    this.#controls.set(piece.option, control);
    controls.push(control);
    const text = this.#texts.get(piece.option) ?? h('span', { class: 'selectable', 'aria-hidden': 'true' });
    this.#texts.set(piece.option, text);
    return [control.element, text];
  }
}

/** An argument that may be left out; its name and its value stay on one line. @param {(Node | string)[]} parts */
function argumentOf(parts) {
  const [first = '', ...rest] = parts;
  const comma = typeof first === 'string' && first.startsWith(', ') ? ', ' : '';
  const own = [typeof first === 'string' ? first.slice(comma.length) : first, ...rest];
  return [...(comma ? [h('span', {}, comma)] : []), h('span', { class: 'optional' }, ...own)];
}
