// Prints the size of every file below a folder: raw, gzip and brotli, as a server would send it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const folder = process.argv[2] ?? 'build/dist';

/** @param {string} path @returns {string[]} every file below it */
function files(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => files(join(path, name)));
}

/** @param {(string | number)[]} cells */
const row = (...cells) =>
  console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(44) : String(cell).padStart(10))).join(''));

row('bytes', 'raw', 'gzip', 'brotli');
let total = [0, 0, 0];
for (const path of files(folder)) {
  const bytes = readFileSync(path);
  const sizes = [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
  row(relative(folder, path), ...sizes);
  if (!/\.(map|tgz)$/.test(path)) total = total.map((sum, i) => sum + (sizes[i] ?? 0));
}
row('total without source maps and archives', ...total);
