// Two builds give the same bytes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { dist, expect, root, test } from './support.js';

/** @param {string} folder @returns {Record<string, string>} the hash of every file */
function hashes(folder) {
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  const files = paths.filter((path) => statSync(path).isFile()).sort();
  return Object.fromEntries(
    files.map((path) => [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

test('a second build, in another folder, has the same bytes', () => {
  const again = join(root, 'build/dist-again/deeper');
  execFileSync(process.execPath, [join(root, 'tools/build-dist.mjs'), again], { cwd: root });
  expect(Object.keys(hashes(dist)).length).toBeGreaterThan(20);
  expect(hashes(again)).toEqual(hashes(dist));
});

test('no path of this machine is in it', () => {
  for (const name of readdirSync(dist, { recursive: true })) {
    const path = join(dist, String(name));
    if (statSync(path).isFile()) expect(readFileSync(path).includes(root), path).toBe(false);
  }
});
