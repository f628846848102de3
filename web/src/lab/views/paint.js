// The one drawing routine: a picture on anything that paints as a canvas does. The screen, SVG files, PNG files and
// print all come from here.

import { makeScale, makeTicks } from './scale.js';
import { paintMark } from './marks.js';
import { papers, tones } from './tones.js';

/** @import { Axis, Picture } from './picture.js' */
/** @import { Scale } from './scale.js' */
/** @import { Scheme, Tone } from './tones.js' */

/**
 * What pictures need of a CanvasRenderingContext2D; SvgContext has the same.
 * @typedef {Pick<CanvasRenderingContext2D, 'save' | 'restore' | 'beginPath' | 'closePath' | 'moveTo' | 'lineTo' | 'arc'
 *   | 'rect' | 'clip' | 'fill' | 'stroke' | 'fillRect' | 'fillText' | 'strokeText' | 'setLineDash' | 'fillStyle'
 *   | 'strokeStyle' | 'lineWidth' | 'lineJoin' | 'lineCap' | 'globalAlpha' | 'font' | 'textAlign' | 'textBaseline'>
 *   & { measureText: (text: string) => { width: number } }} Paint
 */

/**
 * In pixels: where the picture ends, and where it begins if not at 0.
 * @typedef {{ width: number, height: number, scheme: Scheme, left?: number, top?: number }} Sheet
 */
/** All that the axes depend on. @typedef {Pick<Picture, 'x' | 'y' | 'equal' | 'bare' | 'number'>} Frame */

/** The part of the picture inside its axes, in pixels. @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

/**
 * Where a painted picture's values are, for whoever points at it.
 * @typedef {{ x: Scale, y: Scale, box: Box }} Plot
 */

/**
 * What marks are painted with.
 * @typedef {object} Brush
 * @property {Paint} paint
 * @property {Plot} plot
 * @property {(tone: Tone) => string} colour
 * @property {string} paper
 * @property {Box[]} taken places of words already written
 */

export const font = '12px system-ui, sans-serif';
const gap = 6;
const tickLength = 4;
const margin = { top: 26, right: 14, bottom: 36 };

/** @param {Scheme} scheme @returns {(tone: Tone) => string} */
export const colours = (scheme) => (tone) => tones[tone][scheme];

/**
 * A whole picture.
 * @param {Paint} paint @param {Picture} picture @param {Sheet} sheet
 * @returns {Plot}
 */
export function paintPicture(paint, picture, sheet) {
  const plot = paintFrame(paint, picture, sheet);
  paintMarks(paint, picture, plot, sheet);
  return plot;
}

/**
 * The axes, and where they put the values.
 * @param {Paint} paint @param {Frame} picture @param {Sheet} sheet
 * @returns {Plot}
 */
export function paintFrame(paint, picture, { width, height, scheme, left = 0, top = 0 }) {
  const { paper, ...inks } = papers[scheme];
  paint.font = font;
  const sheet = { width, height, left, top };
  const box = picture.bare
    ? { left: left + 1, top: top + 1, right: width - 1, bottom: height - 1 }
    : inner(paint, picture, sheet);
  const { x, y } = axes(picture, box);
  const plot = {
    x: makeScale(x, [box.left, box.right]),
    y: makeScale(y, [box.bottom, box.top]),
    box,
  };
  if (!picture.bare) paintAxes(paint, { ...picture, x, y }, plot, inks, sheet);
  return plot;
}

/** What is inside the axes. @param {Paint} paint @param {Picture} picture @param {Plot} plot @param {{ scheme: Scheme }} sheet */
export function paintMarks(paint, picture, plot, { scheme }) {
  const { box } = plot;
  paint.save();
  paint.font = font;
  paint.beginPath();
  // A mark at the edge is not cut in half.
  paint.rect(box.left - 1, box.top - gap, box.right - box.left + 2 + gap, box.bottom - box.top + 2 * gap);
  paint.clip();
  const brush = { paint, plot, paper: papers[scheme].paper, colour: colours(scheme), taken: [] };
  for (const mark of picture.marks) paintMark(brush, mark);
  paint.restore();
}

/** The inside of the axes, with room for the widest label. @param {Paint} paint @param {Frame} picture @param {Required<Omit<Sheet, 'scheme'>>} sheet */
function inner(paint, { y, number }, { width, height, left, top }) {
  const widest = Math.max(...yTicks(y, height - top, number).map(({ label }) => paint.measureText(label).width), 16);
  return {
    left: left + Math.ceil(widest) + tickLength + gap,
    top: top + margin.top,
    right: width - margin.right,
    bottom: height - margin.bottom,
  };
}

/** @param {Axis} axis @param {number} height @param {Picture['number']} number */
const yTicks = (axis, height, number) => makeTicks(axis, Math.max(2, height / 45), number);

/**
 * The axes as they are drawn: with equal units, the domain that has too much room is widened about its middle.
 * @param {Frame} picture @param {Box} box
 */
function axes({ x, y, equal }, { left, right, top, bottom }) {
  if (!equal) return { x, y };
  const [perX, perY] = [(x.domain[1] - x.domain[0]) / (right - left), (y.domain[1] - y.domain[0]) / (bottom - top)];
  const unit = Math.max(perX, perY);
  return { x: widen(x, unit * (right - left)), y: widen(y, unit * (bottom - top)) };
}

/** @param {Axis} axis @param {number} length @returns {Axis} */
function widen(axis, length) {
  const middle = axis.domain[0] / 2 + axis.domain[1] / 2;
  return { ...axis, domain: [middle - length / 2, middle + length / 2] };
}

/**
 * @param {Paint} paint @param {Frame} picture @param {Plot} plot
 * @param {{ ink: string, muted: string, grid: string }} inks
 * @param {Required<Omit<Sheet, 'scheme'>>} sheet
 */
function paintAxes(paint, picture, { x, y, box }, { ink, muted, grid }, { height, left, top }) {
  const edge = box.right + gap;
  paint.lineWidth = 1;
  paint.strokeStyle = grid;
  paint.fillStyle = muted;
  paint.textBaseline = 'middle';
  paint.textAlign = 'right';
  for (const { value, label } of yTicks(picture.y, height - top, picture.number)) {
    const at = Math.round(y.at(value)) + 0.5;
    line(paint, box.left, at, edge, at);
    paint.fillText(label, box.left - gap, at);
  }
  paint.textBaseline = 'top';
  paint.textAlign = 'center';
  paint.strokeStyle = muted;
  line(paint, box.left, box.bottom + 0.5, edge, box.bottom + 0.5);
  for (const { value, label } of makeTicks(picture.x, Math.max(2, (box.right - box.left) / 90), picture.number)) {
    const at = Math.round(x.at(value)) + 0.5;
    line(paint, at, box.bottom, at, box.bottom + tickLength);
    const last = box.right + margin.right - paint.measureText(label).width / 2; // a longer one would be cut
    paint.fillText(label, Math.min(at, last), box.bottom + gap);
  }
  paint.fillStyle = ink;
  paint.textAlign = 'right';
  paint.fillText(clipped(paint, picture.x.label, box.right - box.left), edge, height - 14);
  paint.textAlign = 'left';
  paint.fillText(clipped(paint, picture.y.label, edge - left), left, top + 2);
}

/** A text of at most some width. @param {Paint} paint @param {string} text @param {number} width */
export function clipped(paint, text, width) {
  if (text.length < 200 && paint.measureText(text).width <= width) return text;
  const letters = Array.from(text.slice(0, 200));
  while (letters.length > 1 && paint.measureText(`${letters.join('')}…`).width > width) letters.pop();
  return `${letters.join('')}…`;
}

/** @param {Paint} paint @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
function line(paint, x0, y0, x1, y1) {
  paint.beginPath();
  paint.moveTo(x0, y0);
  paint.lineTo(x1, y1);
  paint.stroke();
}
