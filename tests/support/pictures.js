// What a picture says: its marks, and all of its words.
import assert from 'node:assert/strict';

import { translator } from '../../web/src/i18n/index.js';

/** @import { Picture } from '../../web/src/lab/views/picture.js' */

const t = translator('en');

/** @param {Picture} picture @param {string} tone @param {string} [kind] @returns {any} */
export const mark = (picture, tone, kind) =>
  picture.marks.find((candidate) => candidate.tone === tone && (kind === undefined || candidate.kind === kind));

/** All that a picture says in words. @param {Picture} picture */
export function words(picture) {
  const { columns, length, row } = picture.table();
  const rows = Array.from({ length }, (_, i) =>
    row(i).map((cell) => (typeof cell === 'number' ? t.number(cell) : cell)),
  );
  const read = Array.from({ length: picture.track?.x.length ?? 0 }, (_, i) => picture.track?.text(i));
  return [picture.name, picture.summary, columns, rows, read, picture.marks.map(({ label }) => label)]
    .flat(3)
    .join(' ');
}

/** As far as tags, attributes and entities go. @param {string} xml */
export function wellFormed(xml) {
  /** @type {string[]} */
  const open = [];
  const body = xml.replace(/^<\?xml [^?]*\?>\n/, '');
  let end = 0;
  for (const match of body.matchAll(/<(\/?)([A-Za-z]+)((?: [A-Za-z:-]+="[^"<]*")*)(\/?)>/g)) {
    const [text, closing, name = '', , empty] = match;
    assert.doesNotMatch(body.slice(end, match.index), /[<>]|&(?!#\d+;)/);
    end = match.index + text.length;
    if (closing) assert.equal(open.pop(), name);
    else if (!empty) open.push(name);
  }
  assert.deepEqual(open, []);
  assert.equal(body.slice(end), '\n');
}
