// The committed bits of a run, in the browser: both builds give what Node and every native instruction set give.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, open, test } from './support.js';

const root = new URL('../../', import.meta.url);
const { runs } = JSON.parse(readFileSync(new URL('tests/fixtures/identity.json', root), 'utf8'));

test('bit identity, SIMD and scalar', async ({ page }) => {
  // The plain modules, as they stand in the tree, under the page's own origin and policy.
  await page.route(/\/plain\//, (route) => {
    const path = new URL(route.request().url()).pathname.replace('/plain/', '');
    return route.fulfill({ path: fileURLToPath(new URL(path, root)) });
  });
  await open(page);
  for (const simd of [true, false]) {
    const hashes = await page.evaluate(
      async ([wanted, given]) => {
        const engineModule = '/plain/web/src/engine.js';
        const hashModule = '/plain/tests/support/parameter_hash.js';
        const { loadEngine } = await import(engineModule);
        const { hashesOfRun } = await import(hashModule);
        const engine = await loadEngine({ simd: wanted });
        return given.map((/** @type {object} */ options) => hashesOfRun(engine.createTrainer(options)));
      },
      [simd, runs.map((/** @type {{ options: object }} */ run) => run.options)],
    );
    expect(hashes, simd ? 'SIMD' : 'scalar').toEqual(runs.map((/** @type {{ hashes: string[] }} */ run) => run.hashes));
  }
});
