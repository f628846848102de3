// NIST's reference sets through the engine: the digits that README's table has, in both builds.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { describeBuilds, readFixture } from '../support/engines.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The table's columns "ours", "standard errors" and "R2". @param {string} name */
function promised(name) {
  const cells = new RegExp(`^\\| ${name} \\|(.*)\\|$`, 'm').exec(readme)?.[1]?.split('|').map(Number) ?? [];
  return { coefficients: cells[0], errors: cells[4], r2: cells[5] };
}

/** What was asked for, where it was. */
const least = {
  Norris: { coefficients: 13.5, errors: 12, r2: 10.5 },
  Longley: { coefficients: 14, errors: 11, r2: 10.5 },
  Wampler4: { coefficients: 13, errors: 12, r2: 10.5 },
};
const names = ['Norris', 'Pontius', 'NoInt1', 'NoInt2', 'Filip', 'Longley', 'Wampler1', 'Wampler2', 'Wampler3', 'Wampler4', 'Wampler5']; // prettier-ignore

/** As tests/core/regression_data.hpp builds it. @param {string} name */
function readSet(name) {
  const { rows, model, degree, intercept, exact } = readFixture(`strd/${name}.json`);
  const d = model === 'polynomial' ? degree : rows[0].length - 1;
  const numbers = rows.map((row) => row.map(Number));
  const powers = ([, x]) => Array.from({ length: d - 1 }).reduce((list) => [...list, list.at(-1) * x], [x]);
  const features = numbers.flatMap((row) => (model === 'polynomial' ? powers(row) : row.slice(1)));
  return { given: { features, labels: numbers.map(([y]) => y), d, intercept }, exact };
}

/** Correct digits, at most 15: the least over all. @param {ArrayLike<number>} computed @param {string[]} truth */
function digits(computed, truth) {
  const each = truth.map((text, i) => {
    const exact = Number(text);
    return -Math.log10(Math.abs(computed[i] - exact) / (exact === 0 ? 1 : Math.abs(exact)));
  });
  return Number(Math.min(15, ...each).toFixed(1));
}

describeBuilds("NIST's reference sets", (engine) => {
  for (const name of names) {
    test(name, async () => {
      const { given, exact } = readSet(name);
      const { weight, bias, weight_se, bias_se, r2, rank, solution } = await engine.leastSquares(given);
      const [ahead, aheadOfErrors] = given.intercept ? [[bias], [bias_se]] : [[], []];
      const reached = {
        coefficients: digits([...ahead, ...weight], exact.coef),
        errors: digits([...aheadOfErrors, ...weight_se], exact.se),
        r2: digits([r2], [exact.r2]),
      };
      assert.deepEqual(reached, promised(name));
      for (const [what, bound] of Object.entries(least[name] ?? {})) assert.ok(reached[what] >= bound, what);
      assert.deepEqual([rank, solution], [given.d + (given.intercept ? 1 : 0), 'unique']);
      if (!given.intercept) assert.deepEqual([bias, bias_se], [0, null]);
    });
  }
});
