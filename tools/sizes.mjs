// What the distribution weighs: raw, gzip and brotli as a server would send it, and what visits of the site cost.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotli, gzip } from './compress.mjs';

/** @import { Files } from './build-site.mjs' */

const headers = 400; // bytes of a response beside its body, rounded up from what sirv and nginx send
const transfer = 100e9; // bytes a month, of which free hosts give about so many

/** @param {string} path @returns {string[]} every file below it */
function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/** @param {(string | number)[]} cells */
const row = (...cells) =>
  console.log(
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(44) : cell.toLocaleString('en').padStart(12))).join(''),
  );

/** @param {string} folder */
export function printSizes(folder) {
  row('bytes', 'raw', 'gzip', 'brotli');
  for (const path of filesBelow(folder)) {
    if (/\.(br|gz)$|[\\/]types[\\/]/.test(path)) continue; // the types are for tools, not for a browser
    const bytes = readFileSync(path);
    row(relative(folder, path), bytes.length, gzip(bytes).length, brotli(bytes).length);
  }
}

/** @param {string} path @param {string} encoding its ending, with the dot; none for the plain file */
const sent = (path, encoding) => statSync(existsSync(path + encoding) ? path + encoding : path).size;

/**
 * What the visits of a reader cost, from the compressed files as they stand there.
 * @param {string} site @param {Files} files
 */
export function visits(site, { pages, assets, simd }) {
  const kept = pages.map((name) => (name === './' ? 'index.html' : name));
  const cost = (/** @type {string} */ encoding) => {
    const sum = (/** @type {string[]} */ paths) =>
      paths.reduce((bytes, path) => bytes + sent(join(site, path), encoding) + headers, 0);
    // The service worker asks for the page once more, to keep it with the other.
    const page = sum(['index.html', ...assets, 'service_worker.js', ...kept]);
    const engine = sum(simd);
    // The page and the service worker are asked for, and have not changed; all else is kept.
    return { page, engine, first: page + engine, repeat: 2 * headers };
  };
  return { plain: cost(''), gzip: cost('.gz'), brotli: cost('.br') };
}

/** @param {string} site @param {Files} files */
export function printVisits(site, files) {
  const costs = Object.values(visits(site, files));
  row('\nbytes of a visit, with headers', 'raw', 'gzip', 'brotli');
  row('page', ...costs.map(({ page }) => page));
  row('engine', ...costs.map(({ engine }) => engine));
  for (const visit of /** @type {const} */ (['first', 'repeat'])) {
    row(`${visit} visit`, ...costs.map((cost) => cost[visit]));
    row(`${visit} visits a month for 100 GB`, ...costs.map((cost) => Math.floor(transfer / cost[visit])));
  }
}
