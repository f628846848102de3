// The picture of the plane of two parameters.

import { formatOption } from '../../options.js';
import { choiceCode } from '../choice_code.js';
import { largestRate, roundDown } from '../stability.js';
import { pinLabel } from './pin_bar.js';
import { valley } from './valley.js';
import { stepValues } from './step_formulas.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Curvature, Optimum } from '../../analysis.js' */
/** @import { Parameters, Trainer } from '../../trainer.js' */
/** @import { Lab } from '../lab.js' */
/** @import { Surface } from './contours.js' */
/** @import { Mark, Picture, Track } from './picture.js' */
/** @import { Window } from './plane_window.js' */

/** Which parameters, weight j as j and the bias as d. @typedef {{ x: number, y: number }} Plane */
/** The surface under the picture, and its contours. @typedef {{ surface: Surface, areas: { value: number, rings: number[][] }[], plane: Plane }} Ground */

/** The loss of all data now, and its gradient where the step starts. @typedef {{ loss: number, full: Parameters }} Facts */

/**
 * @typedef {object} Shown
 * @property {Plane} plane
 * @property {string[]} names of all parameters
 * @property {Window} window
 * @property {Ground | undefined} ground
 * @property {{ x: number[], y: number[], losses: number[], columns: number } | undefined} points where the cursor reads the loss
 * @property {Optimum | undefined} optimum
 * @property {Curvature | undefined} curvature
 * @property {Facts} facts
 * @property {Trainer['path']} path
 */

const arrow = 0.22; // the longer gradient's length, as a share of the window
const valleyWidth = 0.1; // half the ellipse's shorter axis, likewise

/**
 * @param {Lab} lab with a trainer @param {Translate} t @param {Shown} shown
 * @returns {{ picture: Picture, note: string }} the note says what the ellipse and the bar mean
 */
export function describePlane(lab, t, shown) {
  const { plane, names, window, ground, optimum, facts, path } = shown;
  const trainer = /** @type {Trainer} */ (lab.trainer);
  const at = (/** @type {{ weight: ArrayLike<number>, bias: number }} */ parameters) => pick(parameters, plane);
  const now = at(trainer);
  const [x, y] = [names[plane.x] ?? '', names[plane.y] ?? ''];
  const line = { x: column(path, plane.x), y: column(path, plane.y) };
  const { marks: valleyMarks, note } = valleyOf(lab, t, shown);
  /** @type {Mark[]} */
  const marks = [
    { kind: 'polygons', tone: 'contour', label: t('parameters.contours'), areas: ground?.areas ?? [] },
    ...valleyMarks,
    ...pinnedPaths(lab, t, plane),
    {
      kind: 'line',
      tone: 'path',
      label: t('parameters.path', { optimizer: choiceCode['optimizer']?.[lab.options.optimizer] ?? '' }),
      ...line,
    },
    ...truth(lab, t, plane),
    ...(optimum ? [point('optimum', t('parameters.optimum'), at(optimum))] : []),
    ...stepMarks(lab, t, shown),
    point('now', t('parameters.now'), now),
  ];
  const values = { step: lab.step, x, y, at_x: t.number(now.x, 4), at_y: t.number(now.y, 4) };
  const loss = t.number(facts.loss, 3);
  return {
    note,
    picture: {
      name: t('parameters.name', { x, y }),
      summary: t('parameters.summary', { ...values, loss }),
      x: { label: x, scale: 'linear', domain: window.x },
      y: { label: y, scale: 'linear', domain: window.y },
      marks,
      ...(shown.points && { track: track(shown.points, now, t, [x, y]) }),
      table: () => ({
        columns: [t('loss.step'), x, y],
        length: path.steps.length,
        row: (i) => [Number(path.steps[i]), Number(line.x[i]), Number(line.y[i])],
      }),
    },
  };
}

/** @param {{ weight: ArrayLike<number>, bias: number }} parameters @param {Plane} plane */
function pick({ weight, bias }, { x, y }) {
  const of = (/** @type {number} */ which) => (which === weight.length ? bias : Number(weight[which]));
  return { x: of(x), y: of(y) };
}

/**
 * One parameter along a path.
 * @param {{ steps: ArrayLike<number>, weight: ArrayLike<number>, bias: ArrayLike<number> }} path @param {number} which
 * @returns {ArrayLike<number>}
 */
export function column({ steps, weight, bias }, which) {
  const d = weight.length / steps.length;
  if (which === d) return bias;
  const result = new Float32Array(steps.length);
  for (let i = 0; i < result.length; ++i) result[i] = /** @type {number} */ (weight[i * d + which]);
  return result;
}

/** @param {import('./tones.js').Tone} tone @param {string} label @param {{ x: number, y: number }} at @returns {Mark} */
const point = (tone, label, { x, y }) => ({ kind: 'points', tone, label, x: [x], y: [y] });

/** The true parameters, where they are known in the units that training sees. @param {Lab} lab @param {Translate} t @param {Plane} plane @returns {Mark[]} */
function truth({ base, options }, t, plane) {
  if (base !== 'synthetic' || options.standardize) return [];
  return [point('truth', t('parameters.truth'), pick({ weight: options.true_w, bias: options.true_b }, plane))];
}

/** @typedef {Pick<Lab, 'base' | 'options' | 'alterations'>} OfARun */
/** Whether their parameters can be compared: moved labels change the units of standardised data. @param {OfARun} pin @param {OfARun} now */
const haveSameUnits = (pin, now) =>
  pin.base === now.base &&
  pin.options.standardize === now.options.standardize &&
  (!now.options.standardize || labelsOf(pin) === labelsOf(now));

/** The data whose labels were moved. @param {OfARun} run */
const labelsOf = ({ alterations }) => alterations.find(({ name }) => name === 'labels')?.value;

/** @param {Lab} lab @param {Translate} t @param {Plane} plane @returns {Mark[]} */
function pinnedPaths(lab, t, plane) {
  const d = lab.data?.d ?? 0;
  const alike = lab.pins.list.filter(
    (pin) => haveSameUnits(pin, lab) && pin.history.path.weight.length === d * pin.history.path.steps.length,
  );
  return alike.map((pin) => ({
    kind: 'line',
    tone: pin.tone,
    label: pinLabel(pin, lab, t),
    x: column(pin.history.path, plane.x),
    y: column(pin.history.path, plane.y),
  }));
}

/**
 * The gradients where the step starts, as the directions that lead down, and the step itself.
 * @param {Lab} lab @param {Translate} t @param {Shown} shown
 * @returns {Mark[]}
 */
function stepMarks(lab, t, { plane, window, facts }) {
  const trainer = /** @type {Trainer} */ (lab.trainer);
  const { phase, step_start: start } = trainer;
  const from = pick(start.parameters, plane);
  const size = trainer.firstRows(0)?.size ?? 0;
  // A sum over all rows is as many times the minibatch's as there are more rows.
  const share = start.training.reduction === 'sum' && size > 0 ? size / Number(lab.data?.n) : 1;
  const full = scale(pick(facts.full, plane), share);
  const gradient = ownGradient(lab);
  const own = gradient && pick(gradient, plane);
  const [wide, high] = [window.x[1] - window.x[0], window.y[1] - window.y[0]];
  const length = (/** @type {{ x: number, y: number }} */ g) => Math.hypot(g.x / wide, g.y / high);
  const factor = arrow / Math.max(length(full), own ? length(own) : 0);
  /** @type {Mark[]} */
  const marks = [];
  /** @type {(tone: import('./tones.js').Tone, label: string, to: { x: number, y: number }) => void} */
  const draw = (tone, label, to) => {
    const finite = Number.isFinite(to.x) && Number.isFinite(to.y);
    const ends = finite ? { x0: [from.x], y0: [from.y], x1: [to.x], y1: [to.y] } : { x0: [], y0: [], x1: [], y1: [] };
    marks.push({ kind: 'arrows', tone, label, ...ends });
  };
  const down = (/** @type {{ x: number, y: number }} */ g) => ({ x: from.x - factor * g.x, y: from.y - factor * g.y });
  draw('full_gradient', t('parameters.full_gradient'), down(full));
  draw('gradient', t('parameters.gradient'), own ? down(own) : { x: NaN, y: NaN });
  const done = own && phase === 'step';
  const end = done ? pick(trainer, plane) : own ? stepEnd(trainer, start, plane, own) : { x: NaN, y: NaN };
  draw('next', t(done ? 'parameters.last_step' : 'parameters.next_step'), end);
  return marks;
}

/**
 * The gradient that the step at hand goes by, or, between two steps, the one done last: what backward finds, and, where
 * zero_grad is forgotten, what it adds to. It can be told as soon as forward has been done.
 * @param {Lab} lab with a trainer
 * @returns {{ weight: ArrayLike<number>, bias: number } | undefined}
 */
function ownGradient({ trainer, forgetsZeroGrad }) {
  const { phase, gradient } = /** @type {Trainer} */ (trainer);
  if (phase === 'draw' || !trainer?.firstRows(0)) return undefined;
  if (phase === 'backward' || phase === 'step') return gradient;
  const batch = /** @type {NonNullable<Trainer['batch']>} */ (trainer.batch);
  const d = gradient.weight.length;
  const left = phase === 'forward' && !forgetsZeroGrad ? 0 : 1; // of what is there before backward
  const sum = (/** @type {number} */ before, /** @type {(i: number) => number} */ value) =>
    batch.shares.reduce((total, share, i) => total + share * value(i), left * before);
  return {
    weight: gradient.weight.map((g, j) => sum(g, (i) => Number(batch.features[i * d + j]))),
    bias: sum(gradient.bias, () => 1),
  };
}

/**
 * Where a step that is not done yet will go.
 * @param {Trainer} trainer @param {Trainer['step_start']} start @param {Plane} plane @param {{ x: number, y: number }} gradient
 */
function stepEnd(trainer, start, plane, gradient) {
  const [before, momentum, variance] = [start.parameters, start.momentum, start.variance].map((parameters) =>
    pick(parameters, plane),
  );
  const t = trainer.step_count + 1;
  const end = (/** @type {'x' | 'y'} */ axis) =>
    Number(
      stepValues(start.training, {
        before: Number(before?.[axis]),
        gradient: gradient[axis],
        momentum: Number(momentum?.[axis]),
        variance: Number(variance?.[axis]),
        t,
      })['after'],
    );
  return { x: end('x'), y: end('y') };
}

/** @param {{ x: number, y: number }} vector @param {number} factor */
const scale = ({ x, y }, factor) => ({ x: x * factor, y: y * factor });

/**
 * @param {Lab} lab @param {Translate} t @param {Shown} shown
 * @returns {{ marks: Mark[], note: string }}
 */
function valleyOf({ options }, t, { plane, window, optimum, curvature }) {
  if (!optimum || !curvature) return { marks: [], note: '' };
  const size = Math.min(window.x[1] - window.x[0], window.y[1] - window.y[0]);
  const found = valley(curvature, plane, pick(optimum, plane), valleyWidth * size, options);
  if (!found) return { marks: [], note: '' };
  const { ellipse, bar, bearable } = found;
  /** @type {Mark[]} */
  const marks = [{ kind: 'line', tone: 'stable', label: t('parameters.valley'), ...ellipse }];
  if (!bar) return { marks, note: '' };
  const ends = { x0: [bar.x0], y0: [bar.y0], x1: [bar.x1], y1: [bar.y1] };
  marks.push({
    kind: 'segments',
    tone: options.lr < bearable ? 'bar' : 'overshoot',
    label: t('parameters.bar', { lr: formatOption(options.lr) }),
    ...ends,
  });
  return { marks, note: noteOf(options, t, curvature, bearable) };
}

/**
 * What valley and bar mean, and whether the present rate suits them.
 * @param {Lab['options']} options @param {Translate} t @param {Curvature} curvature @param {number} bearable rate in this plane
 */
function noteOf(options, t, curvature, bearable) {
  const { loss, lr, weight_decay } = options;
  const rate = formatOption(lr);
  const largest = largestRate(curvature, options);
  const written = (/** @type {number} */ bound) => t.number(roundDown(bound, 3), 3);
  const bounces = loss !== 'mse' && lr < largestRate(curvature, options, 0);
  const sentences = [t('parameters.note')];
  if (options.standardize) sentences.unshift(t('parameters.note_standardized'));
  if (lr >= bearable)
    sentences.push(
      t(bounces ? 'parameters.note_bounces' : 'parameters.note_over', { lr: rate, bound: written(largest) }),
    );
  else if (lr > 0) sentences.push(t('parameters.note_fits', { lr: rate, bound: written(bearable) }));
  if (lr < bearable && lr >= largest) sentences.push(t('parameters.note_elsewhere', { bound: written(largest) }));
  if (weight_decay > 0) sentences.push(t('parameters.note_decay'));
  return sentences.join(t('sentence.space'));
}

/**
 * @param {NonNullable<Shown['points']>} points @param {{ x: number, y: number }} now @param {Translate} t @param {[string, string]} names
 * @returns {Track}
 */
function track({ x, y, losses, columns }, now, t, [nameX, nameY]) {
  let [start, least] = [0, Infinity];
  x.forEach((value, i) => {
    const distance = Math.hypot(value - now.x, Number(y[i]) - now.y);
    if (distance < least) [start, least] = [i, distance];
  });
  return {
    x,
    y,
    plane: true,
    columns,
    start,
    text: (i) =>
      t('parameters.readout', {
        x: nameX,
        y: nameY,
        at_x: t.number(Number(x[i]), 4),
        at_y: t.number(Number(y[i]), 4),
        loss: t.number(Number(losses[i]), 4),
      }),
  };
}
