// The contours of a loss surface: nested areas in the plane's own units, at levels that grow by a constant factor above
// the least loss, so that the valley's floor shows as much as its walls.

import { contours } from 'd3-contour';

/** @import { SurfaceValues } from '../../analysis.js' */

const perDecade = 2;
const decades = 6; // below the highest loss of the surface

/** @typedef {SurfaceValues & { width: number, height: number }} Surface */

/**
 * @param {Surface} surface
 * @param {number} floor the least loss there is
 * @returns {{ value: number, rings: number[][] }[]} from the outside inwards
 */
export function lossContours({ values, width, height, ranges }, floor) {
  // A valley is nearly a square, so its root is nearly straight between the points of the grid; the minus makes the areas
  // those below a level instead of those above it.
  const roots = Array.from(values, (value) => -Math.sqrt(Math.max(0, value - floor)));
  const lowest = roots.reduce((least, value) => Math.min(least, value), 0);
  if (lowest === 0) return [];
  const contour = contours().size([width, height]).contour;
  const [x, y] = [toUnits(ranges.x, width), toUnits(ranges.y, height)];
  return Array.from({ length: perDecade * decades }, (_, i) => {
    const excess = 10 ** (-(i + 0.5) / perDecade); // a share of the highest loss's
    const { coordinates } = contour(roots, lowest * Math.sqrt(excess));
    const rings = coordinates.flat().map((ring) => ring.flatMap(([px = 0, py = 0]) => [x(px), y(py)]));
    return { value: floor + excess * lowest * lowest, rings };
  }).filter(({ rings }) => rings.length > 0);
}

/** d3 has a grid's first value at 0.5. @param {[number, number]} range @param {number} count */
const toUnits =
  ([from, to], count) =>
  (/** @type {number} */ position) =>
    from + ((position - 0.5) / (count - 1)) * (to - from);

/**
 * The loss at the grid's points inside a window, for a cursor to read.
 * @param {Surface} surface @param {{ x: [number, number], y: [number, number] }} window
 * @returns {{ x: number[], y: number[], losses: number[], columns: number }} row by row
 */
export function gridPoints({ values, width, height, ranges }, window) {
  const columns = inside(ranges.x, width, window.x);
  const rows = inside(ranges.y, height, window.y);
  const points = rows.flatMap(({ i: row, at: y }) =>
    columns.map(({ i, at: x }) => ({ x, y, loss: Number(values[row * width + i]) })),
  );
  return {
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    losses: points.map(({ loss }) => loss),
    columns: columns.length,
  };
}

/** @param {[number, number]} range @param {number} count @param {[number, number]} window */
function inside(range, count, [low, high]) {
  const at = toUnits(range, count);
  return Array.from({ length: count }, (_, i) => ({ i, at: at(i + 0.5) })).filter((p) => p.at >= low && p.at <= high);
}
