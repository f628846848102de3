// How the cost of an epoch grows with n and d: nanoseconds a cell (row x feature), WebAssembly with SIMD in Node.
import { loadEngine } from '../web/src/engine.js';
import { best } from './measure.mjs';

const sizes = [100, 1000, 10_000, 100_000, 1_000_000];
const widths = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const most = 16_777_216; // cells that a trainer takes

/** @param {(head: string[], rows: string[][]) => void} print */
export async function printScaling(print) {
  const engine = await loadEngine({ simd: true });
  for (const batch_size of [32, Infinity]) {
    const what = batch_size === Infinity ? 'one step over all rows' : `an epoch in batches of ${batch_size}, shuffled`;
    console.log(`Nanoseconds for each number of the data: ${what}.\n`);
    const rows = sizes.map((n) => [
      `n = ${n.toLocaleString('en')}`,
      ...widths.map((d) => (n * d > most ? '-' : perCell(engine, n, d, Math.min(batch_size, n)).toFixed(2))),
    ]);
    print(['', ...widths.map((d) => `d = ${d}`)], rows);
  }
}

/** @param {import('../web/src/engine.js').Engine} engine @param {number} n @param {number} d @param {number} batch_size */
function perCell(engine, n, d, batch_size) {
  const lr = 0.5 / (d + 2); // converges at every width
  const trainer = engine.createTrainer({ n, true_w: Array(d).fill(1), batch_size, lr, epochs: 1e9 });
  try {
    const warm = Math.max(3, Math.min(4200, Math.ceil(3e7 / (n * d))));
    for (let i = 0; i < warm; ++i) trainer.step('epoch');
    if (trainer.status !== 'running') throw new Error(`n = ${n}, d = ${d}: the run is ${trainer.status}`);
    const epoch = best(() => trainer.step('epoch'), 200);
    const recorded = trainer.epoch < 32768; // the loss on all data, for each epoch
    return ((epoch - (recorded ? best(() => trainer.loss(), 100) : 0)) * 1000) / (n * d);
  } finally {
    trainer.dispose();
  }
}
