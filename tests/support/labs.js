// Labs for tests without a page: each with an engine, disposed of at the end.
import { after } from 'node:test';

import { Lab } from '../../web/src/lab/lab.js';
import { engines } from './engines.js';
import './hidden_page.js';

/** @type {Lab[]} */
const labs = [];
after(() => {
  for (const lab of labs) lab.dispose();
});

/** @param {import('../../web/src/options.js').GivenOptions} options @param {import('../../web/src/data/sources.js').NamedSource} [source] */
export function makeLab(options, source = 'synthetic') {
  const lab = new Lab({ options, source });
  labs.push(lab);
  lab.load(/** @type {import('../../web/src/engine.js').Engine} */ (engines[0]));
  return lab;
}

/** @param {Lab} lab @returns {import('../../web/src/engine.js').Trainer} */
export const trainerOf = ({ trainer }) => /** @type {any} */ (trainer);

/** Waits until a lab does not play any more. @param {Lab} lab @returns {Promise<void>} */
export const rest = (lab) =>
  new Promise((resolve) => {
    const look = () => lab.playing || resolve();
    lab.addEventListener('progress', look);
    look();
  });

/** Waits for what takes a while, for no longer than it takes. @template T @param {() => T} look @returns {Promise<T>} */
export async function until(look) {
  const end = Date.now() + 20_000;
  for (;;) {
    const seen = look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`in 20 s nothing came of ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
