// The guard that counts instructions: what it lets pass and what not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordingVerdict, update, verdict } from '../../bench/instructions.mjs';

const recorded = [
  { compiler: 'g++ 12', kernels: 'sse2', epoch: { W1: 100_000, W2: 2_000_000 } },
  { compiler: 'g++ 13', kernels: 'sse2', epoch: { W1: 50_000, W2: 1_000_000 } },
];
/** @param {Record<string, number>} epoch */
const counts = (epoch, compiler = 'g++ 12', kernels = 'sse2') => ({ compiler, kernels, epoch });

test('up to 5 % more instructions pass, 5 % fail and name the command that records them', () => {
  assert.equal(verdict(recorded, counts({ W1: 100_000, W2: 2_000_000 })).holds, true);
  assert.equal(verdict(recorded, counts({ W1: 104_999, W2: 2_000_000 })).holds, true);
  const worse = verdict(recorded, counts({ W1: 105_000, W2: 2_000_000 }));
  assert.equal(worse.holds, false);
  assert.match(worse.lines[0], /^W1: 105,000 .*100,000 recorded \(\+5\.00 %\)/);
  assert.ok(worse.lines[0].includes(update));
  assert.equal(verdict(recorded, counts({ W1: 100_000, W2: 2_100_000 })).holds, false);
});

test('far fewer instructions pass and ask to be recorded', () => {
  const better = verdict(recorded, counts({ W1: 80_000, W2: 2_000_000 }));
  assert.equal(better.holds, true);
  assert.ok(better.lines[0].includes(update));
});

test('each compiler is compared with its own counts', () => {
  assert.equal(verdict(recorded, counts({ W1: 50_000, W2: 1_000_000 }, 'g++ 13')).holds, true);
  assert.equal(verdict(recorded, counts({ W1: 100_000, W2: 2_000_000 }, 'g++ 13')).holds, false);
});

test('a compiler, kernels or a workload without counts fail, and say so', () => {
  const missing = [
    verdict(recorded, counts({ W1: 1, W2: 1 }, 'clang 19')),
    verdict(recorded, counts({ W1: 1, W2: 1 }, 'g++ 12', 'neon')),
    verdict([], counts({ W1: 1, W2: 1 })),
    verdict(recorded, counts({ W1: 100_000 })),
    verdict(recorded, counts({ W1: 100_000, W2: 2_000_000, W3: 1 })),
    verdict(recorded, counts({ W1: NaN, W2: 2_000_000 })),
  ];
  for (const { holds, lines } of missing) {
    assert.equal(holds, false);
    assert.ok(lines.join('\n').includes(update));
  }
});

test('recording may add less than 5 % to a bare epoch, the loss on all data apart', () => {
  const parts = { train: 124_999, train_bare: 100_000, loss_on_all: 20_000 };
  const good = recordingVerdict({ W1: parts });
  assert.equal(good.holds, true);
  assert.deepEqual(good.lines, ['W1: recording adds 5.0 % to the 100,000 instructions of a bare epoch']);
  for (const bad of [
    { ...parts, train: 125_000 },
    { ...parts, train: NaN },
  ]) {
    const { holds, lines } = recordingVerdict({ W2: parts, W1: bad });
    assert.equal(holds, false);
    assert.match(String(lines[1]), /^W1: .*5 % or more is too many$/);
  }
});
