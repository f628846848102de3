// A table as CSV (RFC 4180), safe to open in a spreadsheet.

/** @import { Table } from '../lab/views/picture.js' */

const slice = 8; // milliseconds of work before the page may do something else

/**
 * In pieces, for a Blob. Made in time slices: a table may have as many rows as the data.
 * @param {Table} table
 * @returns {Promise<string[]>}
 */
export async function csvText({ columns, length, row }) {
  // Spreadsheets take a file without a byte order mark for one of their own old encodings.
  const pieces = ['\ufeff', csvLine(columns)];
  let end = performance.now() + slice;
  for (let i = 0; i < length; ++i) {
    pieces.push(csvLine(row(i)));
    if (i % 64 === 0 && performance.now() > end) {
      await new Promise((resolve) => setTimeout(resolve));
      end = performance.now() + slice;
    }
  }
  return pieces;
}

/** @param {(string | number)[]} cells */
const csvLine = (cells) => `${cells.map(csvCell).join(',')}\r\n`;

/**
 * Numbers in full. Text that a spreadsheet would run as a formula gets an apostrophe, which makes it text again.
 * @param {string | number} value
 */
export function csvCell(value) {
  if (typeof value === 'number') return csvNumber(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** As Python and R read it. @param {number} value */
function csvNumber(value) {
  if (Number.isNaN(value)) return 'nan';
  return Number.isFinite(value) ? String(value) : value < 0 ? '-inf' : 'inf';
}
