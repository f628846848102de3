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
 * @property {(count: number) => void} _normals
 * @property {(n: number, d: number) => void} _prepare_rows
 * @property {() => number} _least_squares
 */

/**
 * What a workload takes: of the engine with and without SIMD, of plain JavaScript; of the loss on all data, which the
 * notebook prints after an epoch, and of reading in order as much memory as W4's data are, both with SIMD.
 * @typedef {object} Measured
 * @property {Record<string, number>} least in microseconds
 * @property {Record<string, number>} ratio to the engine with SIMD
 */

const steps_before = 3_400_000; // by then few of the steps are recorded, as in a long run
const cells_before = 210_000_000;

/** Microseconds a call. @param {() => unknown} f @param {number} calls */
function timeOf(f, calls) {
  const start = performance.now();
  for (let k = 0; k < calls; ++k) f();
  return ((performance.now() - start) / calls) * 1000;
}

/** How many calls take 20 milliseconds: a page's clock is coarse. @param {() => unknown} f */
function callsToTime(f) {
  let calls = 1;
  while (calls * timeOf(f, calls) < 20_000) calls *= 2;
  return calls;
}

/** The best of the calls that fit into a while, in microseconds a call. @param {() => unknown} f */
export function best(f, milliseconds = 1500) {
  const calls = callsToTime(f);
  let least = Infinity;
  const until = performance.now() + milliseconds;
  for (let runs = 0; runs < 5 || performance.now() < until; ++runs) least = Math.min(least, timeOf(f, calls));
  return least;
}

/** @param {number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;

/**
 * Each has its turn in every round, as a machine's speed changes from second to second: a ratio is the median of what it
 * was in the rounds.
 * @param {{ simd: () => unknown } & Record<string, () => unknown>} contenders
 * @param {Record<string, string | false>} [without] what is part of another's time and does not count
 * @returns {Measured}
 */
function race(contenders, without = {}, milliseconds = 6000) {
  const each = Object.entries(contenders).map(([name, call]) => ({ name, call, calls: callsToTime(call) }));
  /** @type {Record<string, number>[]} */
  const rounds = [];
  const until = performance.now() + milliseconds;
  while (rounds.length < 9 || performance.now() < until)
    rounds.push(Object.fromEntries(each.map(({ name, call, calls }) => [name, timeOf(call, calls)])));
  /** @param {string} name @param {(name: string) => number} of */
  const net = (name, of) => of(name) - (without[name] ? of(without[name]) : 0);
  /** @param {(name: string) => number} of */
  const ofEach = (of) => Object.fromEntries(each.map(({ name }) => [name, of(name)]));
  return {
    least: ofEach((name) => net(name, (of) => Math.min(...rounds.map((times) => times[of] ?? NaN)))),
    ratio: ofEach((name) =>
      median(rounds.map((times) => net(name, (of) => times[of] ?? NaN) / net('simd', (of) => times[of] ?? NaN))),
    ),
  };
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

/** A trainer that has got as far as most of a long run is. @param {import('../web/src/engine.js').Engine} engine @param {Workload} work */
function trainedBy(engine, work) {
  const { name, n, d, batch_size, lr } = work;
  const trainer = engine.createTrainer({ n, true_w: Array(d).fill(1), batch_size, lr, epochs: 1e9 });
  for (let i = epochsBefore(work); i > 0; --i) trainer.step('epoch');
  verify(trainer.weight, `the engine's ${name}`);
  return trainer;
}

/**
 * An epoch's steps, with the minibatch losses and the path recorded.
 * @param {{ simd: import('../web/src/engine.js').Engine, scalar: import('../web/src/engine.js').Engine }} engines
 * @param {Workload} work @param {BenchModule} module
 */
function raceTraining(engines, work, module) {
  const simd = trainedBy(engines.simd, work);
  const scalar = trainedBy(engines.scalar, work);
  try {
    const { features, labels } = simd.dataset;
    const plain = plainTrainer({ ...work, features, labels });
    for (let i = work.batch_size >= work.n ? 400 : 30; i > 0; --i) plain.epoch();
    verify(plain.weight, `plain JavaScript's ${work.name}`);
    const contenders = {
      simd: () => simd.step('epoch'),
      scalar: () => scalar.step('epoch'),
      plain: () => plain.epoch(),
      loss: () => simd.loss(),
      scalar_loss: () => scalar.loss(),
      reading: () => module._read_memory(36),
    };
    // So far the loss on all data is recorded for each epoch, which no peer does.
    const recorded = simd.epoch < 32768;
    return race(contenders, { simd: recorded && 'loss', scalar: recorded && 'scalar_loss' });
  } finally {
    simd.dispose();
    scalar.dispose();
  }
}

/** @param {{ simd: BenchModule, scalar: BenchModule }} modules */
function raceClosedForm(modules) {
  const { n, d } = closedForm;
  for (const module of [modules.simd, modules.scalar]) {
    module._prepare_rows(n, d);
    const off = module._least_squares();
    if (!(off < 1e-12)) throw new Error(`the closed form is off by ${off}: nothing is timed that is wrong`);
  }
  const features = Float64Array.from({ length: n * d }, () => 2 * Math.random() - 1);
  const labels = new Float64Array(n).fill(1);
  for (let i = 0; i < n * d; ++i) labels[Math.floor(i / d)] += features[i];
  verify(plainLeastSquares(features, labels, d), 'plain JavaScript’s closed form', 1e-10);
  return race({
    simd: () => modules.simd._least_squares(),
    scalar: () => modules.scalar._least_squares(),
    plain: () => plainLeastSquares(features, labels, d),
  });
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

/** Nanoseconds for each of a million normals. @param {BenchModule} module */
const normals = (module) => best(() => module._normals(1e6), 500) / 1000;

/**
 * Everything that runs in this host.
 * @param {(simd: boolean) => Promise<BenchModule>} loadModule
 * @returns {Promise<{ works: Record<string, Measured>, limits: ReturnType<typeof limits>, normals: { simd: number, scalar: number } }>}
 */
export async function measure(loadModule) {
  const engines = { simd: await loadEngine({ simd: true }), scalar: await loadEngine({ simd: false }) };
  const modules = { simd: await loadModule(true), scalar: await loadModule(false) };
  const limited = limits(modules.simd);
  /** @type {Record<string, Measured>} */
  const works = {};
  for (const work of Object.values(training)) works[work.name] = raceTraining(engines, work, modules.simd);
  works[closedForm.name] = raceClosedForm(modules);
  return { works, limits: limited, normals: { simd: normals(modules.simd), scalar: normals(modules.scalar) } };
}
