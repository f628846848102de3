// Two features: points and plane in a box, seen from any side. Orthographic, so that parallel edges stay parallel and
// lengths along an axis can be compared.

import { batchRows, feature, label, mostPoints, mostSticks } from './prediction.js';
import { readPrediction } from './fit_line.js';
import { extent, sample } from './picture.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab, LabData } from '../lab.js' */
/** @import { Mark, Picture } from './picture.js' */
/** @import { Model } from './prediction.js' */

/** Where the box is seen from, in radians. @typedef {{ azimuth: number, elevation: number }} Viewpoint */
/** A point of the box: feature 1, feature 2 and label, each from -1 to 1. @typedef {readonly [number, number, number]} Point */

const meshLines = 7;
const reach = 1.85; // half the picture's side, in halves of the box's

/** @type {Viewpoint} */
export const startView = Object.freeze({ azimuth: 1.15, elevation: 0.42 });

/** Turned, but never to where the floor would hide the rest. @param {Viewpoint} view @param {number} azimuth @param {number} elevation @returns {Viewpoint} */
export function turn(view, azimuth, elevation) {
  return {
    azimuth: (view.azimuth + azimuth) % (2 * Math.PI),
    elevation: Math.max(0.05, Math.min(1.4, view.elevation + elevation)),
  };
}

/**
 * @param {Lab} lab with two features @param {LabData} data @param {Model} model
 * @param {{ view: Viewpoint, residuals: boolean }} choices @param {Translate} t
 * @returns {Pick<Picture, 'name' | 'x' | 'y' | 'equal' | 'bare' | 'marks' | 'track'>}
 */
export function describeSpace(lab, data, model, { view, residuals }, t) {
  const space = new Space(data, model, view);
  const rows = sample(data.n, mostPoints);
  const points = rows.map((i) => space.row(i));
  /** @type {Point[]} */
  const near = [];
  /** @type {Point[]} */
  const far = [];
  for (const point of points) (space.isNear(point) ? near : far).push(point);
  const batch = batchRows(lab).map((i) => space.row(i));
  const sticks = residuals ? sample(data.n, mostSticks).map((i) => space.row(i)) : [];
  const tone = 'data';
  /** @type {Mark[]} */
  const marks = [
    { kind: 'segments', tone: 'frame', label: '', ...space.segments(space.edges()) },
    { kind: 'points', tone, label: t('data.legend'), ...space.places(far) },
    ...space.plane(t('fit.plane')),
  ];
  const sticksTo = space.segments(sticks.map((point) => [point, space.onPlane(point)]));
  if (residuals) marks.push({ kind: 'segments', tone: 'residual', label: t('fit.residuals'), ...sticksTo });
  marks.push({ kind: 'points', tone, label: '', ...space.places(near) });
  marks.push({ kind: 'points', tone: 'batch', label: t('fit.batch'), ...space.places(batch) });
  marks.push(space.words(data, t));
  const [first = '', second = ''] = data.names;
  return {
    name: t('fit.space_name', { label: data.label_name, first, second }),
    x: { label: '', scale: 'linear', domain: [-reach, reach] },
    y: { label: '', scale: 'linear', domain: [-1.6, 1.6] },
    equal: true,
    bare: true,
    marks,
    track: { ...space.places(points), rows, plane: true, text: (i) => readPrediction(data, Number(rows[i]), model, t) },
  };
}

/** The box around the data, the model's plane in it, and their projection. */
class Space {
  #data;
  #ends;
  #view;
  #plane;

  /** @param {LabData} data @param {Model} model @param {Viewpoint} view */
  constructor(data, model, view) {
    this.#data = data;
    const rows = sample(data.n, mostPoints);
    this.#ends = [
      extent([rows.map((i) => feature(data, i, 0))]),
      extent([rows.map((i) => feature(data, i, 1))]),
      extent([rows.map((i) => label(data, i))]),
    ];
    const [sin, cos] = [Math.sin(view.azimuth), Math.cos(view.azimuth)];
    const [rise, run] = [Math.sin(view.elevation), Math.cos(view.elevation)];
    this.#view = { sin, cos, rise, run };
    this.#plane = this.#planeOf(model);
  }

  /** The plane's height over the middle of the floor, how much it rises along u and v, and whether the viewer is above it. @param {Model} model */
  #planeOf({ weight, bias }) {
    const over = (/** @type {number} */ u, /** @type {number} */ v) =>
      this.#within(2, Number(weight[0]) * this.#value(0, u) + Number(weight[1]) * this.#value(1, v) + bias);
    const { sin, cos, rise, run } = this.#view;
    const middle = over(0, 0);
    const [alongU, alongV] = [over(1, 0) - middle, over(0, 1) - middle];
    return { middle, alongU, alongV, facing: rise + (alongU * sin + alongV * cos) * run };
  }

  /** @param {number} axis @param {number} value @returns {number} from -1 to 1 inside the box */
  #within(axis, value) {
    const [low, high] = this.#ends[axis] ?? [0, 1];
    return (2 * (value - low)) / (high - low) - 1;
  }

  /** @param {number} axis @param {number} place from -1 to 1 */
  #value(axis, place) {
    const [low, high] = this.#ends[axis] ?? [0, 1];
    return low + ((place + 1) / 2) * (high - low);
  }

  /** @param {number} i @returns {Point} */
  row(i) {
    const data = this.#data;
    return [
      this.#within(0, feature(data, i, 0)),
      this.#within(1, feature(data, i, 1)),
      this.#within(2, label(data, i)),
    ];
  }

  /** The plane's height over a point of the floor. @param {number} u @param {number} v */
  #height(u, v) {
    const { middle, alongU, alongV } = this.#plane;
    return middle + alongU * u + alongV * v;
  }

  /** The prediction for a point, or where the box ends on the way there. @param {Point} point @returns {Point} */
  onPlane([u, v]) {
    return [u, v, Math.max(-1, Math.min(1, this.#height(u, v)))];
  }

  /** Whether a point is on the viewer's side of the plane. @param {Point} point */
  isNear([u, v, w]) {
    return (w - this.#height(u, v)) * this.#plane.facing >= 0;
  }

  /** @param {Point} point @returns {[number, number]} on the picture */
  #project([u, v, w]) {
    const { sin, cos, rise, run } = this.#view;
    return [u * cos - v * sin, w * run + (u * sin + v * cos) * rise];
  }

  /** @param {readonly Point[]} points */
  places(points) {
    const places = points.map((point) => this.#project(point));
    return { x: places.map(([x]) => x), y: places.map(([, y]) => y) };
  }

  /** @param {readonly (readonly [Point, Point])[]} pairs */
  segments(pairs) {
    const [from, to] = [this.places(pairs.map(([a]) => a)), this.places(pairs.map(([, b]) => b))];
    return { x0: from.x, y0: from.y, x1: to.x, y1: to.y };
  }

  /** The sides of the box that are turned away: where its back walls stand. */
  get #back() {
    return { u: this.#view.sin >= 0 ? 1 : -1, v: this.#view.cos > 0 ? 1 : -1 };
  }

  /** The edges of the floor and of the back walls. @returns {[Point, Point][]} */
  edges() {
    const { u, v } = this.#back;
    // prettier-ignore
    return [
      [[-1, -1, -1], [1, -1, -1]],
      [[-1, 1, -1], [1, 1, -1]],
      [[-1, -1, -1], [-1, 1, -1]],
      [[1, -1, -1], [1, 1, -1]],
      [[u, v, -1], [u, v, 1]],
      [[u, -v, -1], [u, -v, 1]],
      [[-u, v, -1], [-u, v, 1]],
      [[u, -1, 1], [u, 1, 1]],
      [[-1, v, 1], [1, v, 1]],
    ];
  }

  /** The part of the plane inside the box, with a mesh. @param {string} label @returns {Mark[]} */
  plane(label) {
    /** @type {[number, number][]} */
    const floor = [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ];
    const corners = floor.map(([u, v]) => /** @type {Point} */ ([u, v, this.#height(u, v)]));
    const { x, y } = this.places(clip(clip(corners, 1), -1));
    const lines = Array.from({ length: meshLines }, (_, i) => (2 * i) / (meshLines - 1) - 1);
    const mesh = lines.flatMap((at) => [
      [this.#over(at, -1), this.#over(at, 1)],
      [this.#over(-1, at), this.#over(1, at)],
    ]);
    const inside = mesh.map((pair) => clip(clip(pair, 1), -1)).filter((pair) => pair.length >= 2);
    const pairs = inside.map((pair) => /** @type {[Point, Point]} */ ([pair[0], pair[1]]));
    const ring = x.flatMap((px, i) => [px, Number(y[i])]);
    return [
      { kind: 'polygons', tone: 'plane', label, areas: ring.length > 4 ? [{ rings: [ring] }] : [] },
      { kind: 'segments', tone: 'plane', label: '', ...this.segments(pairs) },
    ];
  }

  /** @param {number} u @param {number} v @returns {Point} */
  #over(u, v) {
    return [u, v, this.#height(u, v)];
  }

  /** The axes' names and ends, outside the box. @param {LabData} data @param {Translate} t @returns {Mark} */
  words({ names, label_name }, t) {
    const { u, v } = this.#back;
    const out = 1.22;
    // The label's axis stands at the side that is further left.
    const sides = /** @type {Point[]} */ ([
      [u * 1.12, -v * 1.12, 0],
      [-u * 1.12, v * 1.12, 0],
    ]);
    const [side = [1, 1, 0]] = sides.sort((a, b) => this.#project(a)[0] - this.#project(b)[0]);
    /** @type {[Point, string][]} */
    const words = [
      [[0, -v * out * 1.12, -1], names[0] ?? ''],
      [[-0.85, -v * out, -1], t.number(this.#value(0, -1), 2)],
      [[0.85, -v * out, -1], t.number(this.#value(0, 1), 2)],
      [[-u * out * 1.12, 0, -1], names[1] ?? ''],
      [[-u * out, -0.85, -1], t.number(this.#value(1, -1), 2)],
      [[-u * out, 0.85, -1], t.number(this.#value(1, 1), 2)],
      [[side[0], side[1], 1.15], label_name],
      [[side[0], side[1], 0.9], t.number(this.#value(2, 1), 2)],
      [[side[0], side[1], -0.9], t.number(this.#value(2, -1), 2)],
    ];
    const texts = words.map(([, text]) => (text.length > 18 ? `${text.slice(0, 17)}…` : text));
    return { kind: 'texts', tone: 'note', label: '', ...this.places(words.map(([point]) => point)), texts };
  }
}

/**
 * The part of a polygon or a segment below the box's lid, or above its floor.
 * @param {readonly Point[]} points @param {1 | -1} limit
 * @returns {Point[]}
 */
function clip(points, limit) {
  const inside = (/** @type {Point} */ point) => limit * point[2] <= 1;
  const closed = points.length > 2;
  return points.flatMap((point, i) => {
    const before = i > 0 || closed ? points[(i + points.length - 1) % points.length] : undefined;
    const kept = inside(point) ? [point] : [];
    if (!before || inside(before) === inside(point)) return kept;
    const share = (limit - before[2]) / (point[2] - before[2]);
    const between = (/** @type {0 | 1} */ axis) => before[axis] + share * (point[axis] - before[axis]);
    return [/** @type {Point} */ ([between(0), between(1), limit]), ...kept];
  });
}
