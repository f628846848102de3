// The guard of the kernels' speed that needs no clock: how many instructions training executes, counted by callgrind with
// one set of kernels on every processor, against the committed counts of instructions.json; and how many of them record.
// usage: node bench/instructions.mjs <folder of the release build> [--update]
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { training } from './workloads.mjs';

/**
 * @typedef {object} Counts
 * @property {string} compiler its name and version: another one makes other instructions
 * @property {string} kernels
 * @property {Record<string, number>} epoch instructions of one epoch, by workload
 */

/** Instructions of an epoch: as a trainer does it, bare of its history, and of the loss on all data that ends it. @typedef {{ train: number, train_bare: number, loss_on_all: number }} Parts */

export const update = './dev bench --update-instructions';
const file = new URL('instructions.json', import.meta.url);
const allowed = 0.05;
const mostRecording = 0.05;
// The notebook's own three epochs, of which each step is recorded, and epochs of long runs, of which an even choice is.
const counted = [
  { ...training.W1, name: 'W1, the first epochs', before: 0, epochs: 3 },
  { ...training.W1, name: 'W1, after 1000 epochs', before: 1000, epochs: 20 },
  { ...training.W2, name: 'W2, after 60 epochs', before: 60, epochs: 4 },
];

/**
 * What the guard has to say of each workload, and whether it holds.
 * @param {Counts[]} recorded @param {Counts} now
 * @returns {{ holds: boolean, lines: string[] }}
 */
export function verdict(recorded, now) {
  const before = recorded.find(({ compiler, kernels }) => compiler === now.compiler && kernels === now.kernels);
  if (before === undefined) {
    const known = recorded.map(({ compiler, kernels }) => `${compiler} (${kernels})`).join(', ') || 'nothing';
    const lines = [
      `no counts are recorded for ${now.compiler} (${now.kernels}), only for ${known}: another compiler's say nothing of this one's code.`,
      `On a tree that is known to be good, record them with  ${update}`,
    ];
    return { holds: false, lines };
  }
  let holds = true;
  const lines = [];
  for (const name of new Set([...Object.keys(before.epoch), ...Object.keys(now.epoch)])) {
    const was = before.epoch[name] ?? 0;
    const is = now.epoch[name] ?? 0;
    if (!(was > 0) || !(is > 0)) {
      holds = false;
      lines.push(`${name}: ${was > 0 ? 'not counted' : 'not recorded'}; record anew with  ${update}`);
      continue;
    }
    const change = is / was - 1;
    const figures = `${is.toLocaleString('en')} instructions an epoch, ${was.toLocaleString('en')} recorded (${change < 0 ? '' : '+'}${(100 * change).toFixed(2)} %)`;
    if (change >= allowed) {
      holds = false;
      lines.push(
        `${name}: ${figures}: ${100 * allowed} % or more is too many. If it is meant, record it with  ${update}`,
      );
    } else if (change <= -0.01) {
      lines.push(`${name}: ${figures}: fewer. Record it, so that it stays so, with  ${update}`);
    } else {
      lines.push(`${name}: ${figures}`);
    }
  }
  return { holds, lines };
}

/**
 * What keeping the minibatch losses, the path and the checkpoints costs. In a long run, of which ever fewer steps are kept.
 * @param {Record<string, Parts>} parts by workload
 */
export function recordingVerdict(parts) {
  let holds = true;
  const lines = Object.entries(parts).map(([name, { train, train_bare, loss_on_all }]) => {
    const share = (train - loss_on_all) / train_bare - 1;
    if (!(share < mostRecording)) holds = false;
    const verdict = share < mostRecording ? '' : `: ${100 * mostRecording} % or more is too many`;
    return `${name}: recording adds ${(100 * share).toFixed(1)} % to the ${train_bare.toLocaleString('en')} instructions of a bare epoch${verdict}`;
  });
  return { holds, lines };
}

/**
 * The instructions of the functions that the program calls once and by these names, an epoch.
 * @param {string} program @param {string[]} args of which the last is the number of epochs @returns {Promise<Parts>}
 */
async function callgrind(program, args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'linreg-callgrind-'));
  try {
    const out = path.join(folder, 'out');
    const options = ['--tool=callgrind', '--compress-strings=no', `--callgrind-out-file=${out}`];
    const { stderr } = await promisify(execFile)('valgrind', [...options, program, ...args]); // its error has stderr
    const profile = readFileSync(out, 'utf8');
    const epochs = Number(args.at(-1));
    const of = (/** @type {string} */ name) => {
      const calls = [...profile.matchAll(new RegExp(`^cfn=${name}\ncalls=1 .*\n\\S+ (\\d+)$`, 'gm'))];
      if (calls.length === 1) return Math.round(Number(calls[0]?.[1]) / epochs);
      throw new IncompleteProfile(`${calls.length} calls of ${name} in ${profile.length} characters; ${stderr}`);
    };
    return { train: of('train'), train_bare: of('train_bare'), loss_on_all: of('loss_on_all') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What callgrind wrote lacks a call that was made: it says nothing of the program. */
class IncompleteProfile extends Error {}

/** An incomplete profile has been met once, and never again: it is made anew, and what it lacks is told. @param {string} program @param {string[]} args @returns {Promise<Parts>} */
async function reliably(program, args) {
  for (let attempt = 1; ; ++attempt) {
    try {
      return await callgrind(program, args);
    } catch (error) {
      if (!(error instanceof IncompleteProfile) || attempt === 3) throw error;
      console.log(`callgrind's profile is incomplete, and is made again: ${error.message}`);
    }
  }
}

/** @param {string} folder @param {string} variable */
function cacheVariable(folder, variable) {
  const cache = readFileSync(path.join(folder, 'CMakeCache.txt'), 'utf8');
  return new RegExp(`^${variable}:[A-Z]+=(.*)$`, 'm').exec(cache)?.[1] ?? '';
}

/** @param {string} folder of a build @returns {Promise<{ now: Counts, parts: Record<string, Parts> }>} */
async function count(folder) {
  const compiler = execFileSync(cacheVariable(folder, 'CMAKE_CXX_COMPILER'), ['--version'], { encoding: 'utf8' });
  const kernels = process.arch === 'arm64' ? 'neon' : 'sse2'; // which every processor of its kind has
  /** @type {Record<string, number>} */
  const epoch = {};
  /** @type {Record<string, Parts>} */
  const parts = {};
  // All at once: instructions are counted, not timed.
  const program = path.join(folder, 'bench/linreg_instructions');
  const counts = await Promise.all(
    counted.map(({ n, d, batch_size, lr, before, epochs }) =>
      reliably(program, [kernels, n, d, batch_size, lr, before, epochs].map(String)),
    ),
  );
  for (const [i, { name, before }] of counted.entries()) {
    const of = /** @type {Parts} */ (counts[i]);
    epoch[name] = of.train;
    if (before > 0) parts[name] = of;
  }
  return { now: { compiler: compiler.split('\n', 1).join('').trim(), kernels, epoch }, parts };
}

async function main() {
  const [folder = 'build/release', option] = argv.slice(2);
  const { now, parts } = await count(folder);
  const recorded = /** @type {Counts[]} */ (JSON.parse(readFileSync(file, 'utf8')));
  if (option === '--update') {
    const others = recorded.filter(({ compiler, kernels }) => compiler !== now.compiler || kernels !== now.kernels);
    writeFileSync(file, `${JSON.stringify([...others, now], null, 2)}\n`);
    console.log(`bench/instructions.json now holds ${JSON.stringify(now.epoch)} for ${now.compiler} (${now.kernels})`);
    return;
  }
  const verdicts = [verdict(recorded, now), recordingVerdict(parts)];
  for (const line of verdicts.flatMap(({ lines }) => lines)) console.log(`instructions: ${line}`);
  if (!verdicts.every(({ holds }) => holds)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) await main();
