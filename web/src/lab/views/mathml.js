// Formulas as MathML: the browser sets them, screen readers speak them. A formula is built once; its numbers are slots,
// which are filled, emptied and filled anew while its place on the page stays.

import { h } from '../dom.js';

/** How a language writes numbers. @typedef {import('../../i18n/numbers.js').Numbers['number']} Write */

const namespace = 'http://www.w3.org/1998/Math/MathML';
const unknown = '⋯'; // at the height of a minus, so that it does not sit on the bar of a fraction

/** @param {string} tag @param {...(Node | string)} children */
export function math(tag, ...children) {
  const element = document.createElementNS(namespace, tag);
  element.append(...children);
  return element;
}

/** @param {string} text */
export const name = (text) => math('mi', text);
/** @param {string | number} value that never changes */
export const number = (value) => math('mn', String(value));
/** @param {string} sign */
export const operator = (sign) => math('mo', sign);
/** @param {...(Node | string)} parts a string is an operator */
export const row = (...parts) =>
  math('mrow', ...parts.map((part) => (typeof part === 'string' ? operator(part) : part)));
/** @param {Element} base @param {Element} index */
export const sub = (base, index) => math('msub', base, index);
/** @param {Element} base @param {Element} power */
export const power = (base, power) => math('msup', base, power);
/** @param {Element} base @param {string} accent */
export const over = (base, accent) => math('mover', base, operator(accent));
/** @param {Element} above @param {Element} below */
export const fraction = (above, below) => math('mfrac', above, below);
/** @param {Element} inside */
export const root = (inside) => math('msqrt', inside);

/**
 * A number as a formula writes it, with powers of ten for what is very large or small.
 * @param {number} value @param {number} precision digits at most @param {Write} write
 * @returns {{ sign: '' | '−', digits: string, exponent?: number }}
 */
function writeNumber(value, precision, write) {
  if (Number.isNaN(value)) return { sign: '', digits: unknown };
  const [digits = '', exponent] = write(Math.abs(value), precision, 1e-3).split('e');
  return { sign: value < 0 ? '−' : '', digits, ...(exponent && { exponent: Number(exponent) }) };
}

/** A place for a number; without one it shows dots. While only digits change, its elements stay. */
class Slot {
  element = math('mrow');
  #guarded;
  #digits = document.createTextNode('');
  #exponent = document.createTextNode('');
  /** What its elements were made for. @type {string | undefined} */ #shape;

  /** @param {boolean} guarded whether a negative number stands in parentheses */
  constructor(guarded) {
    this.#guarded = guarded;
    this.set(undefined, () => '', 1);
  }

  /** @param {number | undefined} value @param {Write} write @param {number} precision */
  set(value, write, precision) {
    const { sign, digits, exponent } = writeNumber(value ?? NaN, precision, write);
    this.#digits.data = digits;
    this.#exponent.data = exponent === undefined ? '' : String(Math.abs(exponent));
    const shape = `${sign}${exponent === undefined ? '' : Math.sign(exponent)}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    const size = math('mn', this.#digits);
    const scaled = exponent === undefined ? [size] : [size, operator('×'), power(number(10), this.#power(exponent))];
    // A row of its own makes the minus a sign, not an operator between two terms.
    const inside = row(...(sign === '' ? scaled : [operator(sign), ...scaled]));
    const guard = this.#guarded && (sign !== '' || exponent !== undefined);
    this.element.replaceChildren(...(guard ? [operator('('), inside, operator(')')] : [inside]));
  }

  /** @param {number} exponent */
  #power(exponent) {
    const size = math('mn', this.#exponent);
    return exponent < 0 ? row('−', size) : size;
  }
}

/** @typedef {Record<string, number | undefined>} Values */
/** @typedef {(Element | string)[]} Part a string is an operator */

/**
 * How a formula's right side is written, once in letters and once in numbers.
 * @typedef {object} Terms
 * @property {(name: string) => Element} term a letter or a number, which is in parentheses when it is negative
 * @property {(name: string) => Element} first one that needs no parentheses
 * @property {string} times the sign of multiplication, which letters do without
 */

/**
 * A formula in three parts: in letters, with the numbers in place, and what comes out.
 */
export class Formula {
  /** @type {[string, Slot][]} */ #slots = [];
  #precision;
  element = h('div', { class: 'formula' });

  /**
   * @param {Part} left such as w ←
   * @param {(terms: Terms) => Part} right
   * @param {string} result the name of what comes out
   * @param {Record<string, () => Element>} letters of the names
   * @param {number} [precision] digits of the numbers
   */
  constructor(left, right, result, letters, precision = 7) {
    this.#precision = precision;
    const letter = (/** @type {string} */ name) => /** @type {() => Element} */ (letters[name])();
    const inLetters = right({ term: letter, first: letter, times: '\u2062' });
    const term = (/** @type {string} */ name) => this.#slot(name, true);
    const first = (/** @type {string} */ name) => this.#slot(name, false);
    const inNumbers = right({ term, first, times: '×' });
    for (const part of [
      [...left, ...inLetters],
      ['=', ...inNumbers],
      ['=', first(result)],
    ])
      this.element.append(h('span', {}, math('math', row(...part))));
  }

  /** @param {string} name @param {boolean} guarded */
  #slot(name, guarded) {
    const slot = new Slot(guarded);
    this.#slots.push([name, slot]);
    return slot.element;
  }

  /**
   * Numbers that are not given are shown as not known yet.
   * @param {Values} values @param {Write} write @param {number} [precision] where what it comes from needs other digits this time
   */
  set(values, write, precision = this.#precision) {
    const result = this.#slots.length - 1;
    this.#slots.forEach(([name, slot], i) => slot.set(values[name], write, i === result ? this.#precision : precision));
  }
}
