// The arithmetic of one step in formulas: a row's prediction, loss and share, a parameter's gradient, and the way from
// there to its next value. Letters: v is SGD's velocity; Adam's m and v are the averages of the gradient and its square.

import { Formula, fraction, math, name, number, operator, over, power, root, row, sub } from './mathml.js';

/** @import { TrainingOptions } from '../../trainer.js' */
/** @import { Part, Terms, Values } from './mathml.js' */

const rowPrecision = 4; // as in the table above them
const mostDigits = 9; // which tell any float32 from the next
const mostTerms = 3; // of a prediction; of more only the first two and the last are written

/** Which parameter: weight j, counted from 0, or the bias. @typedef {number | 'b'} Which */

/** @param {string} letter @param {Which} which */
const indexed = (letter, which) => sub(name(letter), which === 'b' ? name('b') : number(which + 1));
/** @param {Which} which */
const parameterSymbol = (which) => (which === 'b' ? name('b') : indexed('w', which));
const square = (/** @type {Element} */ inside) => power(inside, number(2));
const size = (/** @type {Element} */ inside) => row('|', inside, '|');

// --- A row ---

/** @type {Record<string, () => Element>} */
const rowLetters = {
  prediction: () => over(name('y'), '^'),
  label: () => name('y'),
  residual: () => name('r'),
  delta: () => name('δ'),
  rows: () => name('n'),
  bias: () => name('b'),
};

/** The weights whose terms a prediction shows. @param {number} d */
export const shownTerms = (d) =>
  Array.from({ length: d }, (_, j) => j).filter((j) => d <= mostTerms || j < 2 || j === d - 1);

/** Values: prediction, bias, w0, x0, w1, x1 ... of the shown terms. @param {number} d */
export function predictionFormula(d) {
  const shown = shownTerms(d);
  const letters = Object.fromEntries(
    shown.flatMap((j) => [
      [`w${j}`, () => indexed('w', j)],
      [`x${j}`, () => indexed('x', j)],
    ]),
  );
  /** @type {(terms: Terms) => Part} */
  const right = ({ term, first, times }) => [
    ...shown.flatMap((j, i) => [
      ...(i > 0 ? ['+'] : []),
      ...(i > 0 && j > Number(shown[i - 1]) + 1 ? [operator('⋯'), '+'] : []),
      (i === 0 ? first : term)(`w${j}`),
      times,
      term(`x${j}`),
    ]),
    '+',
    term('bias'),
  ];
  return new Formula([over(name('y'), '^'), '='], right, 'prediction', { ...rowLetters, ...letters }, rowPrecision);
}

/** Values: prediction, label, residual. */
export const residualFormula = () =>
  new Formula(
    [name('r'), '='],
    ({ term, first }) => [first('prediction'), '−', term('label')],
    'residual',
    rowLetters,
    rowPrecision,
  );

/**
 * The digits with which a small difference of large numbers is seen to be theirs.
 * @param {number} prediction @param {number} label
 */
export function residualPrecision(prediction, label) {
  const size = Math.max(Math.abs(prediction), Math.abs(label));
  const lost = Math.floor(Math.log10(size / Math.abs(prediction - label)));
  return Number.isFinite(lost) ? Math.min(mostDigits, rowPrecision + Math.max(0, lost)) : rowPrecision;
}

/** A part of a loss function: `bent` ones differ inside and outside of delta. @typedef {'smooth' | 'inside' | 'outside'} Branch */

/**
 * @param {Pick<TrainingOptions, 'loss' | 'delta'>} training @param {number | undefined} residual
 * @returns {Branch}
 */
export function lossBranch({ loss, delta }, residual = 0) {
  if (loss === 'mse' || loss === 'l1') return 'smooth';
  return Math.abs(residual) < delta ? 'inside' : 'outside';
}

/** @type {Record<TrainingOptions['loss'], (terms: Terms, branch: Branch) => Part>} */
const losses = {
  mse: ({ term }) => [square(term('residual'))],
  l1: ({ first }) => [size(first('residual'))],
  huber: ({ term, first, times }, branch) =>
    branch === 'inside'
      ? [fraction(square(term('residual')), number(2))]
      : [first('delta'), times, row('(', size(first('residual')), '−', fraction(first('delta'), number(2)), ')')],
  smooth_l1: ({ term, first, times }, branch) =>
    branch === 'inside'
      ? [fraction(square(term('residual')), row(number(2), times, first('delta')))]
      : [size(first('residual')), '−', fraction(first('delta'), number(2))],
};

const space = () => math('mspace');
const sign = (/** @type {Terms['term']} */ term) => row(name('sign'), space(), term('residual'));

/** The loss functions' derivatives. @type {Record<TrainingOptions['loss'], (terms: Terms, branch: Branch) => Element>} */
const slopes = {
  mse: ({ term, times }) => row(number(2), times, term('residual')),
  l1: ({ term }) => sign(term),
  huber: ({ term, first, times }, branch) =>
    branch === 'inside' ? first('residual') : row(first('delta'), times, space(), sign(term)),
  smooth_l1: ({ term, first }, branch) =>
    branch === 'inside' ? fraction(first('residual'), first('delta')) : sign(term),
};

/**
 * Values: residual, delta, loss.
 * @param {TrainingOptions} training @param {Branch} branch
 */
export const lossFormula = ({ loss }, branch) =>
  new Formula([name('l'), '='], (terms) => losses[loss](terms, branch), 'loss', rowLetters, rowPrecision);

/**
 * The derivative of the minibatch's loss by the row's prediction. Values: residual, delta, rows, share.
 * @param {TrainingOptions} training @param {Branch} branch
 */
export function shareFormula({ loss, reduction }, branch) {
  /** @type {(terms: Terms) => Part} */
  const right = (terms) => {
    const slope = slopes[loss](terms, branch);
    return [reduction === 'mean' ? fraction(slope, terms.first('rows')) : slope];
  };
  return new Formula([name('s'), '='], right, 'share', rowLetters, rowPrecision);
}

// --- A parameter ---

/** What backward adds, as letters. @param {Which} which */
const sumOfShares = (which) =>
  row(
    sumSign(),
    sub(name('s'), name('i')),
    ...(which === 'b' ? [] : ['\u2062', sub(name('x'), row(name('i'), '\u2063', number(which + 1)))]),
  );
const sumSign = () => sub(operator('∑'), name('i'));

/** @param {Which} which @param {'m' | 'v'} [average] of the gradient @returns {Record<string, () => Element>} */
const parameterLetters = (which, average = 'v') => ({
  before: () => parameterSymbol(which),
  carried: () => indexed('g', which),
  sum: () => sumOfShares(which),
  gradient: () => indexed('g', which),
  decayed: () => over(indexed('g', which), '~'),
  momentum: () => indexed(average, which),
  velocity: () => indexed(average, which),
  ahead: () => indexed('u', which),
  variance: () => indexed('v', which),
  squares: () => indexed('v', which),
  corrected_velocity: () => over(indexed(average, which), '^'),
  corrected_squares: () => over(indexed('v', which), '^'),
  lr: () => row(name('lr'), space()),
  decay: () => name('λ'),
  factor: () => name('μ'),
  t: () => name('t'),
});

/** Values: carried, sum, gradient. @param {Which} which */
export const gradientFormula = (which) =>
  new Formula(
    [indexed('g', which), '←'],
    ({ term, first }) => [first('carried'), '+', term('sum')],
    'gradient',
    parameterLetters(which),
  );

const beta1 = () => number(0.9);
const beta2 = () => number(0.999);

/**
 * From the gradient to the next value, line by line. Their values are stepValues'.
 * @param {TrainingOptions} training @param {Which} which
 * @returns {Formula[]}
 */
export function stepFormulas(training, which) {
  const { optimizer, momentum, nesterov, weight_decay } = training;
  const letters = parameterLetters(which, optimizer === 'adam' ? 'm' : 'v');
  const gradient = weight_decay === 0 ? 'gradient' : 'decayed';
  const symbol = (/** @type {string} */ of) => /** @type {() => Element} */ (letters[of])();
  /** @type {(result: string, sign: string, right: (terms: Terms) => Part, left?: string) => Formula} */
  const line = (result, sign, right, left = result) => new Formula([symbol(left), sign], right, result, letters);
  /** @type {Formula[]} */
  const lines = [];

  if (weight_decay !== 0)
    lines.push(
      line('decayed', '=', ({ term, first, times }) => [first('gradient'), '+', first('decay'), times, term('before')]),
    );
  if (optimizer === 'adam') return [...lines, ...adamFormulas(line, gradient)];
  let direction = gradient;
  if (momentum !== 0) {
    lines.push(
      line('velocity', '←', ({ term, first, times }) => [
        first('factor'),
        times,
        term('momentum'),
        '+',
        term(gradient),
      ]),
    );
    direction = 'velocity';
  }
  if (nesterov) {
    lines.push(
      line('ahead', '=', ({ term, first, times }) => [first(gradient), '+', first('factor'), times, term('velocity')]),
    );
    direction = 'ahead';
  }
  lines.push(
    line(
      'after',
      '←',
      ({ term, first, times }) => [first('before'), '−', first('lr'), times, term(direction)],
      'before',
    ),
  );
  return lines;
}

/**
 * @param {(result: string, sign: string, right: (terms: Terms) => Part, left?: string) => Formula} line
 * @param {string} gradient
 */
function adamFormulas(line, gradient) {
  const one = () => number(1);
  return [
    line('velocity', '←', ({ term, times }) => [
      beta1(), times, term('momentum'), '+', number(0.1), times, term(gradient),
    ]), // prettier-ignore
    line('squares', '←', ({ term, times }) => [
      beta2(), times, term('variance'), '+', number(0.001), times, square(term(gradient)),
    ]), // prettier-ignore
    line('corrected_velocity', '=', ({ first }) => [
      fraction(first('velocity'), row(one(), '−', power(beta1(), first('t')))),
    ]),
    line('corrected_squares', '=', ({ first }) => [
      fraction(first('squares'), row(one(), '−', power(beta2(), first('t')))),
    ]),
    line(
      'after',
      '←',
      ({ term, first, times }) => [
        first('before'), '−', first('lr'), times,
        fraction(first('corrected_velocity'), row(root(term('corrected_squares')), '+', power(number(10), row('−', number(8))))),
      ],
      'before',
    ), // prettier-ignore
  ];
}

/**
 * The numbers of a step, in float64.
 * @param {TrainingOptions} training
 * @param {{ before: number, gradient: number, momentum: number, variance: number, t: number }} from t counts the steps from 1
 * @returns {Values}
 */
export function stepValues(training, { before, gradient, momentum, variance, t }) {
  const { optimizer, lr, nesterov, momentum: factor, weight_decay: decay } = training;
  const decayed = gradient + decay * before;
  const known = { before, gradient, decayed, momentum, variance, t, lr, factor, decay };
  if (optimizer === 'adam') {
    const velocity = 0.9 * momentum + 0.1 * decayed;
    const squares = 0.999 * variance + 0.001 * decayed ** 2;
    const corrected_velocity = velocity / (1 - 0.9 ** t);
    const corrected_squares = squares / (1 - 0.999 ** t);
    const after = before - (lr * corrected_velocity) / (Math.sqrt(corrected_squares) + 1e-8);
    return { ...known, velocity, squares, corrected_velocity, corrected_squares, after };
  }
  const velocity = factor * momentum + decayed;
  const ahead = decayed + factor * velocity;
  return { ...known, velocity, ahead, after: before - lr * (nesterov ? ahead : velocity) };
}
