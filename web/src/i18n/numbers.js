// Numbers as readers of a language write them. What PyTorch prints, and what stands in code, is not written here.

/**
 * @typedef {object} Numbers
 * @property {(value: number, digits?: number, least?: number, most?: number) => string} number whole ones in full, others
 *   with at most so many digits: six are about what float32 has to say, in a sentence three are enough; powers of ten for
 *   what is smaller in size than `least`, or not below `most`
 * @property {(value: number | undefined, least?: number, decimals?: number) => string} cell in a column: with so many
 *   decimals; else of at most eight characters, with four decimals, or fewer where there is much before the point
 * @property {(text: string) => number} whole the whole number of at most 15 digits that a reader has written, with or
 *   without marks between thousands; else NaN
 */

// In these, numbers below a thousand are written as JavaScript does by itself. A page begins with many of those, and the
// first use of Intl's formats would take a seventh of the time until it is ready.
const plain = Object.freeze(['en', 'zh-CN']);

/** @param {string} language @returns {Numbers} */
export function numbersOf(language) {
  const isPlain = plain.includes(language);
  /** What JavaScript has written, where the language writes the same: no thousands to mark, no power of ten. @param {string} text */
  const alike = (text) => (isPlain && Math.abs(Number(text)) < 1000 && !text.includes('e') ? text : undefined);
  /** @type {Map<string, Intl.NumberFormat>} */
  const formats = new Map();
  /** @param {number} value @param {string} key @param {() => Intl.NumberFormatOptions} options */
  const write = (value, key, options) => {
    const known = formats.get(key) ?? new Intl.NumberFormat(language, options());
    formats.set(key, known);
    return known.format(value + 0); // no sign before zero
  };
  /** @param {number} value @param {number} digits */
  const power = (value, digits) =>
    write(value, `e${digits}`, () => ({ notation: 'scientific', maximumSignificantDigits: digits })).replace('E', 'e');
  const other = (/** @type {number} */ value) => (value > 0 ? '∞' : value < 0 ? '−∞' : '–');

  return {
    number(value, digits = 6, least = 1e-6, most = 1e9) {
      if (!Number.isFinite(value)) return other(value);
      const size = Math.abs(value);
      if (size !== 0 && (size < least || size >= most)) return power(value, digits);
      if (Number.isSafeInteger(value)) return alike(String(value)) ?? write(value, 'whole', () => ({}));
      const rounded = Number(value.toPrecision(digits));
      return alike(String(rounded)) ?? write(value, `s${digits}`, () => ({ maximumSignificantDigits: digits }));
    },
    whole(text) {
      const mark = new Intl.NumberFormat(language).formatToParts(1e6).find(({ type }) => type === 'group')?.value ?? '';
      const digits = /^\d{1,3}(\D\d{3})*$/.test(text) ? text.replaceAll(mark, '') : text;
      return /^\d{1,15}$/.test(digits) ? Number(digits) : NaN;
    },
    cell(value = NaN, least = 5e-4, given = undefined) {
      if (!Number.isFinite(value)) return other(value);
      const size = Math.abs(value);
      if (size !== 0 && (size < least || size >= 99999.5)) return power(value, 2);
      const decimals = given ?? (size < 10 ? 4 : size < 100 ? 3 : size < 1000 ? 2 : size < 10000 ? 1 : 0);
      const options = () => ({ minimumFractionDigits: decimals, maximumFractionDigits: decimals });
      return alike(value.toFixed(decimals)) ?? write(value, `f${decimals}`, options);
    },
  };
}
