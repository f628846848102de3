// Which words of a line of Python get which colour.

/** @typedef {'keyword' | 'string' | 'comment' | 'number' | 'plain'} Word */

/** @type {[Word, RegExp][]} */
const words = [
  ['comment', /#.*/],
  ['string', /[fr]?"""[^]*?"""|[fr]?"[^"]*"|[fr]?'[^']*'/],
  ['keyword', /\b(?:import|from|as|def|return|for|in|if|True|False)\b/],
  ['number', /(?<![\w.])\d+\.?\d*(?:e-?\d+)?/],
];
const pattern = new RegExp(words.map(([kind, { source }]) => `(?<${kind}>${source})`).join('|'), 'g');

/**
 * @param {string} text
 * @returns {{ kind: Word, text: string }[]} the pieces of the text, in order
 */
export function highlight(text) {
  /** @type {{ kind: Word, text: string }[]} */
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) pieces.push({ kind: 'plain', text: text.slice(end, match.index) });
    const kind = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)?.[0];
    pieces.push({ kind: /** @type {Word} */ (kind ?? 'plain'), text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ kind: 'plain', text: text.slice(end) });
  return pieces;
}
