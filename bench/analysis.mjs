// What the exact answers cost: the time of each, and the longest turn, during which a page would not answer. WebAssembly with
// SIMD in Node.
import { loadEngine } from '../web/src/engine.js';
import { best } from './measure.mjs';

/** @import { Engine } from '../web/src/engine.js' */

const shapes = [
  { n: 1000, d: 2 },
  { n: 100_000, d: 2 },
  { n: 1_000_000, d: 2 },
  { n: 100_000, d: 64 },
  { n: 20_000, d: 256 },
];
const noise = 0.5;

/** @param {(head: string[], rows: string[][]) => void} print */
export async function printAnalysis(print) {
  const engine = await loadEngine({ simd: true });
  console.log('Milliseconds from the call to the answer, and of the longest turn on the way.\n');
  /** @type {string[][]} */
  const rows = [];
  for (const { n, d } of shapes) rows.push(...(await analyses(engine, n, d)));
  print(['', 'rows x features', 'in all', 'longest turn'], rows);
  print(['at once, after an analysis', 'rows x features', 'milliseconds'], surfaces(engine));
}

/** @param {number} n @param {number} d */
const shape = (n, d) => `${n.toLocaleString('en')} x ${d}`;

/** @param {Engine} engine @param {number} n @param {number} d */
async function analyses(engine, n, d) {
  const true_w = Array(d).fill(1);
  /** @type {string[][]} */
  const rows = [];
  const add = (/** @type {string} */ what, /** @type {{ all: number, turn: number }} */ { all, turn }) =>
    rows.push([what, shape(n, d), all.toFixed(1), turn.toFixed(1)]);
  for (const loss of /** @type {const} */ (['mse', 'huber', 'smooth_l1', 'l1'])) {
    const trainer = engine.createTrainer({ n, true_w, noise, loss });
    try {
      if (loss === 'mse') {
        const rows = { features: Float64Array.from(trainer.dataset.features), labels: trainer.dataset.labels, d };
        /** @type {ArrayLike<number>} */
        let weight = [];
        const taken = await turns(async () => {
          ({ weight } = await engine.leastSquares(rows));
        });
        verify(weight, `least squares, ${shape(n, d)}`, n, d);
        add('engine.leastSquares', taken);
      }
      const taken = await turns(() => trainer.analyse());
      verify(trainer.optimum.weight, `${loss}, ${shape(n, d)}`, n, d);
      add(`trainer.analyse, ${loss}`, taken);
      if (loss !== 'mse') add(`its surface, 64 x 64`, await turns(() => trainer.analyse({ surface: plane(0) })));
    } finally {
      trainer.dispose();
    }
  }
  return rows;
}

/** The grid of MSE, which is computed when it is read. @param {Engine} engine */
function surfaces(engine) {
  return shapes.map(({ n, d }) => {
    const trainer = engine.createTrainer({ n, true_w: Array(d).fill(1), noise });
    try {
      const { values } = trainer.lossSurface(plane(0));
      const corner = trainer.optimum.weight.slice();
      corner[0] = corner[1] = -1;
      const direct = meanSquare(trainer.dataset, corner, trainer.optimum.bias);
      if (!(Math.abs((values[0] ?? NaN) / direct - 1) < 1e-5))
        throw new Error(`the surface of ${shape(n, d)} is ${values[0]} where the loss is ${direct}`);
      let shift = 0; // another plane each time: the last one is kept
      const time = best(() => trainer.lossSurface(plane((shift += 1e-6))), 300) / 1000;
      return ['loss surface of MSE, 64 x 64', shape(n, d), time.toFixed(3)];
    } finally {
      trainer.dispose();
    }
  });
}

/** @param {number} shift */
const plane = (shift) => ({
  x: 0,
  y: 1,
  width: 64,
  height: 64,
  ranges: { x: /** @type {[number, number]} */ ([-1, 3 + shift]), y: /** @type {[number, number]} */ ([-1, 3]) },
});

/** @param {{ features: ArrayLike<number>, labels: ArrayLike<number>, n: number, d: number }} data @param {ArrayLike<number>} weight @param {number} bias */
function meanSquare({ features, labels, n, d }, weight, bias) {
  let sum = 0;
  for (let i = 0; i < n; ++i) {
    let residual = bias - labels[i];
    for (let j = 0; j < d; ++j) residual += features[i * d + j] * weight[j];
    sum += residual * residual;
  }
  return sum / n;
}

/** Within six standard errors of the true weights. @param {ArrayLike<number>} weight @param {string} what @param {number} n @param {number} d */
function verify(weight, what, n, d) {
  const off = Math.max(...Array.from(weight, (w) => Math.abs(w - 1)));
  // The median's error is up to sqrt(pi / 2) of the mean's.
  if (!(weight.length === d && off < (6 * 1.26 * noise) / Math.sqrt(n)))
    throw new Error(`${what}: ${off} away from the true weights: nothing is timed that is wrong`);
}

/** The longest time between two turns of the event loop while work goes on. @param {() => Promise<unknown>} work */
async function turns(work) {
  let turn = 0;
  let last = performance.now();
  let done = false;
  const tick = () => {
    const now = performance.now();
    turn = Math.max(turn, now - last);
    last = now;
    if (!done) setImmediate(tick);
  };
  setImmediate(tick);
  const start = performance.now();
  await work();
  const all = performance.now() - start;
  done = true;
  tick();
  return { all, turn };
}
