// Times the engine and plain JavaScript on the same data, in Node or in a page. Results are verified before they are timed.
import { loadEngine } from '../web/src/engine.js';
import { plainTrainer } from './plain_js.mjs';
import { plainLeastSquares } from './plain_qr.mjs';
import { closedForm, training } from './workloads.mjs';

/** @import { Workload } from './workloads.mjs' */

/**
 * What module.cpp exports.
 * @typedef {object} BenchModule
 * @property {() => void} _nothing
 * @property {(megabytes: number) => number} _read_memory
 * @property {(rounds: number) => number} _compute
 * @property {() => number} _flops_a_round
 * @property {(n: number, d: number) => void} _prepare_rows
 * @property {() => number} _least_squares
 */

/** Microseconds by workload. @typedef {Record<string, number>} Times */

/**
 * @typedef {object} Measured
 * @property {Times} epoch
 * @property {Times} loss the loss on all data, which the notebook prints after an epoch
 */

const steps_before = 400_000; // by then few of the steps are recorded, as in a long run
const cells_before = 60_000_000;

/** The best of the calls that fit into a while, in microseconds a call. @param {() => unknown} f */
export function best(f, milliseconds = 1500) {
  let calls = 1;
  let least = Infinity;
  const until = performance.now() + milliseconds;
  for (let runs = 0; runs < 5 || performance.now() < until; ++runs) {
    const start = performance.now();
    for (let k = 0; k < calls; ++k) f();
    const time = performance.now() - start;
    if (time < 20) {
      calls *= 2; // a page's clock is coarse
      --runs;
    } else {
      least = Math.min(least, (time / calls) * 1000);
    }
  }
  return least;
}

/** @param {ArrayLike<number>} weight @param {string} what */
function verify(weight, what, allowed = 0.02) {
  const off = Math.max(...Array.from(weight, (w) => Math.abs(w - 1)));
  if (!(off < allowed)) throw new Error(`${what} is ${off} away from the true weights: nothing is timed that is wrong`);
}

/** @param {Workload} work */
function epochsBefore({ n, d, batch_size }) {
  if (batch_size >= n) return 400;
  return Math.max(4, Math.floor(Math.min((steps_before * batch_size) / n, cells_before / (n * d))));
}

/**
 * An epoch's steps, with the minibatch losses and the path recorded, and the loss on all data.
 * @param {import('../web/src/engine.js').Engine} engine @param {Workload} work
 */
export function timeEngine(engine, work) {
  const { name, n, d, batch_size, lr } = work;
  const trainer = engine.createTrainer({ n, true_w: Array(d).fill(1), batch_size, lr, epochs: 1e9 });
  try {
    for (let i = epochsBefore(work); i > 0; --i) trainer.step('epoch');
    verify(trainer.weight, `the engine's ${name}`);
    let epoch = best(() => trainer.step('epoch'));
    const loss = best(() => trainer.loss(), 500);
    if (trainer.epoch < 32768) epoch -= loss; // so far it is recorded for each epoch, which no peer does
    return { epoch, loss, features: trainer.dataset.features, labels: trainer.dataset.labels };
  } finally {
    trainer.dispose();
  }
}

/** @param {Workload} work @param {Float32Array} features @param {Float32Array} labels */
function timePlain(work, features, labels) {
  const plain = plainTrainer({ ...work, features, labels });
  for (let i = work.batch_size >= work.n ? 400 : 30; i > 0; --i) plain.epoch();
  verify(plain.weight, `plain JavaScript's ${work.name}`);
  return best(() => plain.epoch());
}

/** @param {BenchModule} module */
function timeClosedForm(module) {
  module._prepare_rows(closedForm.n, closedForm.d);
  const off = module._least_squares();
  if (!(off < 1e-12)) throw new Error(`the closed form is off by ${off}: nothing is timed that is wrong`);
  return best(() => module._least_squares(), 1000);
}

function timePlainClosedForm() {
  const { n, d } = closedForm;
  const features = Float64Array.from({ length: n * d }, () => 2 * Math.random() - 1);
  const labels = new Float64Array(n).fill(1);
  for (let i = 0; i < n * d; ++i) labels[Math.floor(i / d)] += features[i];
  verify(plainLeastSquares(features, labels, d), 'plain JavaScript’s closed form', 1e-10);
  return best(() => plainLeastSquares(features, labels, d), 1000);
}

/** GB/s, GFLOP/s and nanoseconds a call. @param {BenchModule} module */
function limits(module) {
  const rounds = 100_000;
  return {
    read36: 36_000 / best(() => module._read_memory(36), 500),
    read256: 256_000 / best(() => module._read_memory(256), 500),
    compute: (module._flops_a_round() * rounds) / best(() => module._compute(rounds), 500) / 1000,
    call: best(() => module._nothing(), 200) * 1000,
  };
}

/**
 * Everything that runs in this host.
 * @param {(simd: boolean) => Promise<BenchModule>} loadModule
 * @returns {Promise<{ simd: Measured, scalar: Measured, plain: Times, limits: ReturnType<typeof limits> }>}
 */
export async function measure(loadModule) {
  const engines = { simd: await loadEngine({ simd: true }), scalar: await loadEngine({ simd: false }) };
  const modules = { simd: await loadModule(true), scalar: await loadModule(false) };
  /** @type {{ simd: Measured, scalar: Measured, plain: Times }} */
  const times = { simd: { epoch: {}, loss: {} }, scalar: { epoch: {}, loss: {} }, plain: {} };
  const limited = limits(modules.simd);
  for (const work of Object.values(training)) {
    const simd = timeEngine(engines.simd, work);
    const scalar = timeEngine(engines.scalar, work);
    times.plain[work.name] = timePlain(work, simd.features, simd.labels);
    [times.simd.epoch[work.name], times.simd.loss[work.name]] = [simd.epoch, simd.loss];
    [times.scalar.epoch[work.name], times.scalar.loss[work.name]] = [scalar.epoch, scalar.loss];
  }
  times.simd.epoch[closedForm.name] = timeClosedForm(modules.simd);
  times.scalar.epoch[closedForm.name] = timeClosedForm(modules.scalar);
  times.plain[closedForm.name] = timePlainClosedForm();
  return { ...times, limits: limited };
}
