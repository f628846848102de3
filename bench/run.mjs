// Times the engine's training in Node beside plain JavaScript on the same data, ratios first. Results are verified before
// they are timed. Read bench/README.md for what the rows are.
import { loadEngine } from '../web/src/engine.js';
import { plainTrainer } from './plain_js.mjs';

const workloads = [
  { name: 'W1 epoch', n: 1000, d: 2, batch_size: 10, lr: 0.03, epochs: 2000, repeats: 9 },
  { name: 'W2 epoch', n: 10_000, d: 16, batch_size: 32, lr: 0.01, epochs: 60, repeats: 9 },
  { name: 'W3 epoch', n: 100_000, d: 64, batch_size: 256, lr: 0.005, epochs: 2, repeats: 9 },
  { name: 'W4 step', n: 1_000_000, d: 8, batch_size: 1_000_000, lr: 0.01, epochs: 2, repeats: 9 },
];
const steps_before = 5000; // by then an even choice of the steps is recorded, as in a long run

/** The best of several runs, in microseconds a call. @param {() => void} f @param {number} calls @param {number} repeats */
function best(f, calls, repeats) {
  let least = Infinity;
  for (let i = 0; i < repeats; ++i) {
    const start = performance.now();
    for (let k = 0; k < calls; ++k) f();
    least = Math.min(least, ((performance.now() - start) / calls) * 1000);
  }
  return least;
}

/** @param {ArrayLike<number>} weight @param {string} what */
function verify(weight, what) {
  const off = Math.max(...Array.from(weight, (w) => Math.abs(w - 1)));
  if (!(off < 0.02)) throw new Error(`${what} is ${off} away from the true weights: nothing is timed that is wrong`);
}

/** @param {import('../web/src/engine.js').Engine} engine @param {typeof workloads[number]} work */
function timeEngine(engine, { name, n, d, batch_size, lr, epochs, repeats }) {
  const options = { n, true_w: Array(d).fill(1), batch_size, lr, epochs: 1e9 };
  const trainer = engine.createTrainer(options);
  const full = batch_size === n;
  const warm = full ? 400 : Math.max(10, Math.ceil((steps_before * batch_size) / n));
  for (let i = 0; i < warm; ++i) trainer.step('epoch');
  verify(trainer.weight, `the engine's ${name}`);
  const epoch = best(() => trainer.step('epoch'), epochs, repeats);
  const loss = best(() => trainer.loss(), Math.max(1, epochs >> 1), repeats);
  const { features, labels } = trainer.dataset;
  // The notebook's loss on all data at an epoch's end is not part of a peer's epoch; where it is still recorded for each
  // epoch (the first 4096), it is taken off.
  const recorded = trainer.epoch < 4096;
  trainer.dispose();
  return { time: recorded ? epoch - loss : epoch, loss, features, labels };
}

/** @param {typeof workloads[number]} work @param {Float32Array} features @param {Float32Array} labels */
function timePlain({ name, d, batch_size, lr, epochs, repeats }, features, labels) {
  const plain = plainTrainer({ features, labels, d, batch_size, lr });
  for (let i = 0; i < (batch_size === labels.length ? 400 : 30); ++i) plain.epoch();
  verify(plain.weight, `plain JavaScript's ${name}`);
  return best(() => plain.epoch(), epochs, repeats);
}

const simd = await loadEngine({ simd: true });
const scalar = await loadEngine({ simd: false });
const us = (/** @type {number} */ x) => (x < 100 ? x.toFixed(1) : Math.round(x).toLocaleString('en'));
console.log(`Node ${process.version}; best of several runs; microseconds; losses recorded, PyTorch's shuffle\n`);
console.log(
  '|          | n x d, batch      | plain JS / SIMD | scalar / SIMD | wasm SIMD | wasm scalar | plain JS | loss on all data |',
);
console.log(
  '|----------|-------------------|-----------------|---------------|-----------|-------------|----------|------------------|',
);
for (const work of workloads) {
  const fast = timeEngine(simd, work);
  const slow = timeEngine(scalar, work);
  const plain = timePlain(work, fast.features, fast.labels);
  const shape = `${work.n} x ${work.d}, ${work.batch_size === work.n ? 'all' : work.batch_size}`;
  const cells = [
    work.name.padEnd(8),
    shape.padEnd(17),
    (plain / fast.time).toFixed(1).padStart(15),
    (slow.time / fast.time).toFixed(1).padStart(13),
    us(fast.time).padStart(9),
    us(slow.time).padStart(11),
    us(plain).padStart(8),
    us(fast.loss).padStart(16),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
