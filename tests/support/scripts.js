// Runs whose copied code stands in tests/fixtures/scripts, line by line.
import { translator } from '../../web/src/i18n/index.js';
import { Lab } from '../../web/src/lab/lab.js';
import { contextOf, scriptCode } from '../../web/src/lab/notebook.js';
import './hidden_page.js';

/** @import { NamedSource } from '../../web/src/data/sources.js' */
/** @import { Engine } from '../../web/src/engine.js' */
/** @import { GivenOptions } from '../../web/src/options.js' */

/** Among them every line, and every argument that is only copied if its option differs. @type {Record<string, { source: NamedSource, options: GivenOptions, moved?: number }>} */
export const scripts = {
  synthetic: { source: 'synthetic', options: { seed: 42 } },
  cars: {
    source: 'cars',
    options: { seed: 7, standardize: true, batch_size: 20, momentum: 0.9, nesterov: true, weight_decay: 0.001 },
  },
  valley: {
    source: 'valley',
    options: { seed: 1, loss: 'huber', delta: 2, reduction: 'sum', optimizer: 'adam', init: 'default' },
    moved: 5.5,
  },
  outliers: {
    source: 'outliers',
    options: { seed: 3, loss: 'smooth_l1', delta: 0.5, init: 'zeros', shuffle: false, drop_last: true },
  },
  sorted: { source: 'sorted', options: { seed: 4, loss: 'l1', lr: 0.5, epochs: 7, standardize: true } },
};

/** @param {string} name of a script @param {Engine} engine */
export function scriptOf(name, engine) {
  const { source, options, moved } = /** @type {typeof scripts['']} */ (scripts[name]);
  const lab = new Lab({ options, source });
  try {
    lab.load(engine);
    if (moved !== undefined) lab.moveLabel(3, moved);
    return scriptCode(contextOf(lab, translator('en')));
  } finally {
    lab.dispose();
  }
}
