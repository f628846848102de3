// Prints the table of ./dev bench: every workload natively, as WebAssembly in Node and in Chromium, in plain JavaScript and
// in PyTorch, in one run on one machine. bench/README.md says how to read it.
import { spawnSync } from 'node:child_process';
import { argv } from 'node:process';
import { printAnalysis } from './analysis.mjs';
import { measureInChromium } from './chromium.mjs';
import { measure } from './measure.mjs';
import { printScaling } from './scaling.mjs';
import { closedForm, training } from './workloads.mjs';

const works = [...Object.values(training), closedForm];
const options = new Set(argv.slice(2));
for (const option of options) {
  if (!['--scaling', '--analysis', '--no-chromium', '--no-pytorch'].includes(option)) {
    console.error(
      `bench: there is no option '${option}'; the options are --scaling --analysis --digits --no-chromium --no-pytorch --update-instructions`,
    );
    process.exit(2);
  }
}

/**
 * @param {string} command @param {string[]} args
 * @returns {string} what it prints
 */
function output(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr.slice(-2000)}`);
  return stdout;
}

/** Microseconds by Google Benchmark's names, GB/s and GFLOP/s among them. */
function measureNatively() {
  const args = works.map((work) =>
    work.batch_size !== undefined
      ? [work.name, work.n, work.d, work.batch_size, work.lr].join(':')
      : [work.name, work.n, work.d].join(':'),
  );
  const report = JSON.parse(
    output('build/release/bench/linreg_bench', [
      ...args,
      '--',
      '--benchmark_format=json',
      '--benchmark_min_time=0.2',
      '--benchmark_repetitions=5',
      '--benchmark_enable_random_interleaving=true',
    ]).replace(/\bNaN\b/g, 'null'), // of aggregates, which are not used
  );
  /** @type {Record<string, number>} */
  const time = {};
  /** @type {Record<string, number>} */
  const rate = {};
  let recorded = false;
  for (const run of report.benchmarks) {
    if (run.run_type !== 'iteration') continue;
    if (run.error_occurred) throw new Error(`native ${run.name}: ${run.error_message}: nothing is timed that is wrong`);
    const microseconds = run.real_time * { ns: 1e-3, us: 1, ms: 1e3 }[/** @type {'ns'} */ (run.time_unit)];
    time[run.run_name] = Math.min(time[run.run_name] ?? Infinity, microseconds);
    rate[run.run_name] = Math.max(rate[run.run_name] ?? 0, (run.bytes_per_second ?? run.flops ?? 0) / 1e9);
    recorded = run.recorded === 1;
    if (recorded) time[`${run.run_name} records`] = 1;
  }
  const tables = ['scalar', 'neon', 'sse2', 'avx2', 'avx512'].filter((table) => time[`W1/${table}`] !== undefined);
  const widest = tables.at(-1);
  /** @param {string} name @param {string | undefined} table */
  const epoch = (name, table) => {
    const key = `${name}/${table}`;
    return time[key] - (time[`${key} records`] ? time[`${key}/loss`] : 0);
  };
  return { time, rate, tables, widest, epoch };
}

/** @returns {{ version: string, threads: number, times: Record<string, number> } | undefined} */
function measurePyTorch() {
  const python = ['python3', '/usr/bin/python3'].find(
    (command) => spawnSync(command, ['-c', 'import torch']).status === 0,
  );
  if (python === undefined) return undefined;
  return JSON.parse(output(python, ['bench/pytorch.py', JSON.stringify(works)]));
}

/** @param {number} x of microseconds */
const us = (x) => (x < 100 ? x.toFixed(1) : Math.round(x).toLocaleString('en'));
/** @param {number | undefined} x */
const times = (x) => (x === undefined ? '-' : x < 20 ? x.toFixed(2) : Math.round(x).toLocaleString('en'));

/** @param {string[]} head @param {string[][]} rows */
function print(head, rows) {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  console.log(line(head));
  console.log(`|${widths.map((w, i) => (i === 0 ? '-'.repeat(w + 2) : `${'-'.repeat(w + 1)}:`)).join('|')}|`);
  for (const row of rows) console.log(line(row));
  console.log();
}

if (options.has('--scaling')) {
  await printScaling(print);
  process.exit();
}
if (options.has('--analysis')) {
  await printAnalysis(print);
  process.exit();
}

const loadModule = async (/** @type {boolean} */ simd) =>
  (await import(`../build/wasm-${simd ? 'simd' : 'scalar'}/bench/linreg_bench_module.mjs`)).default();
const step = (/** @type {string} */ text) => console.error(`measuring ${text} ...`);
step('natively');
const native = measureNatively();
step('in Node');
const node = await measure(loadModule);
const chromium = options.has('--no-chromium') ? undefined : (step('in Chromium'), await measureInChromium());
const pytorch = options.has('--no-pytorch') ? undefined : (step('PyTorch'), measurePyTorch());

console.log(
  `\nNode ${process.version}, ${chromium ? `Chromium ${chromium.version}` : 'no Chromium'}, ` +
    `${pytorch ? `PyTorch ${pytorch.version} (threads: ${pytorch.threads})` : 'no PyTorch'}, native kernels ${native.tables.join(' ')}. The best of several runs; ratios within a host are medians of rounds.\n`,
);

// A prototype of these kernels was measured on another machine, beside its own plain JavaScript; in microseconds.
/** @type {Record<string, { prototype: number, plain: number }>} */
const prototype = {
  W1: { prototype: 2.5, plain: 3.9 },
  W2: { prototype: 42, plain: 330 },
  W3: { prototype: 3300, plain: 30_000 },
  W4: { prototype: 1500, plain: 14_800 },
};

console.log('Ratios: how many times longer than WebAssembly with SIMD in the same host.\n');
print(
  [
    '',
    'n x d, batch',
    'plain JS, Node',
    'plain JS, Chromium',
    'PyTorch',
    'scalar wasm, Node',
    'native (widest)',
    'of the scaled prototype, Node',
  ],
  works.map((work) => {
    const { name, n, d, unit } = work;
    const { least, ratio } = node.works[name];
    const other = prototype[name];
    const expected = other && (other.prototype * ratio.plain) / other.plain; // as a ratio to `simd`
    const nativeTime = name === closedForm.name ? native.time[name] : native.epoch(name, native.widest);
    return [
      `${name} ${unit}`,
      `${n} x ${d}${work.batch_size !== undefined ? `, ${work.batch_size >= n ? 'all' : work.batch_size}` : ''}`,
      times(ratio.plain),
      times(chromium?.works[name].ratio.plain),
      times(pytorch && pytorch.times[name] / least.simd),
      times(ratio.scalar),
      times(nativeTime / least.simd),
      times(expected && 1 / expected),
    ];
  }),
);

console.log('Microseconds.\n');
print(
  [
    '',
    'wasm SIMD, Node',
    'Chromium',
    'scalar, Node',
    'Chromium',
    ...native.tables.map((t) => `native ${t}`),
    'plain JS, Node',
    'Chromium',
    'PyTorch',
    'loss on all data, Node',
  ],
  works.map(({ name, unit }) => [
    `${name} ${unit}`,
    us(node.works[name].least.simd),
    chromium ? us(chromium.works[name].least.simd) : '-',
    us(node.works[name].least.scalar),
    chromium ? us(chromium.works[name].least.scalar) : '-',
    ...native.tables.map((table) => (name === closedForm.name ? us(native.time[name]) : us(native.epoch(name, table)))),
    us(node.works[name].least.plain),
    chromium ? us(chromium.works[name].least.plain) : '-',
    pytorch ? us(pytorch.times[name]) : '-',
    name === closedForm.name ? '-' : us(node.works[name].least.loss),
  ]),
);

/** @param {typeof node.limits} limits */
const limitCells = ({ read36, read256, compute, call }) => [
  read36.toFixed(1),
  read256.toFixed(1),
  compute.toFixed(0),
  call.toFixed(1),
];
console.log('Limits of the machine, one thread.\n');
print(
  ['', 'reading 36 MB, GB/s', 'reading 256 MB, GB/s', 'multiply and add in registers, GFLOP/s', 'JS to wasm call, ns'],
  [
    ['wasm SIMD, Node', ...limitCells(node.limits)],
    ...(chromium ? [['wasm SIMD, Chromium', ...limitCells(chromium.limits)]] : []),
    [
      'native',
      (native.rate['read/36'] ?? 0).toFixed(1),
      (native.rate['read/256'] ?? 0).toFixed(1),
      (native.rate['compute'] ?? 0).toFixed(0),
      '-',
    ],
  ],
);

console.log('Distance to the limits, wasm SIMD in Node.\n');
print(
  ['', 'bytes read', 'GB/s', 'of the limit', 'GFLOP/s', 'of the limit'],
  Object.values(training).map(({ name, n, d }) => {
    const { least, ratio } = node.works[name];
    const seconds = least.simd * 1e-6;
    const gbs = (n * (d + 1) * 4) / seconds / 1e9;
    const flops = (n * (4 * d + 4)) / seconds / 1e9;
    // As much memory was read in order in the same rounds.
    const share = (100 * ratio.reading * n * (d + 1) * 4) / 36e6;
    const reach = n * (d + 1) * 4 > 20e6 ? `${share.toFixed(0)} %` : 'in the caches';
    return [
      name,
      ((n * (d + 1) * 4) / 1e6).toFixed(2) + ' MB',
      gbs.toFixed(1),
      reach,
      flops.toFixed(1),
      `${((100 * flops) / node.limits.compute).toFixed(0)} %`,
    ];
  }),
);

console.log('A million normals, ns each.\n');
const nanoseconds = (/** @type {number | undefined} */ x) => (x === undefined ? '-' : x.toFixed(1));
print(
  ['', 'wasm SIMD, Node', 'Chromium', 'scalar, Node', 'Chromium', ...native.tables.map((table) => `native ${table}`)],
  [
    [
      'normal_',
      ...[node.normals.simd, chromium?.normals.simd, node.normals.scalar, chromium?.normals.scalar].map(nanoseconds),
      ...native.tables.map((table) => nanoseconds(native.time[`normals/${table}`] / 1000)),
    ],
  ],
);
