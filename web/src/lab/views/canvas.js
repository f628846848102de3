// Draws a picture on a canvas, sharp at every pixel ratio, in the colours of the style sheet.

import { scaleLinear, scaleLog } from 'd3-scale';

/** @import { Axis, Mark, Picture, Tone } from './picture.js' */

/**
 * @typedef {object} Scale
 * @property {(value: number) => number} at
 * @property {{ value: number, label: string }[]} ticks
 */

const font = '12px system-ui, sans-serif';
const gap = 6;
const tickLength = 4;

/** @param {HTMLCanvasElement} canvas @param {Picture} picture */
export function drawPicture(canvas, picture) {
  const { width, height } = fit(canvas);
  const context = canvas.getContext('2d');
  if (!context || width < 80 || height < 60) return; // shown later, or too small to read
  const colours = readColours(canvas);
  context.clearRect(0, 0, width, height);
  context.font = font;

  const y = makeScale(picture.y, [height - 36, 26], 5);
  const left =
    Math.ceil(Math.max(...y.ticks.map(({ label }) => context.measureText(label).width), 16)) + tickLength + gap;
  const x = makeScale(picture.x, [left, width - 14], width / 90);
  drawAxes(context, { x, y, left, width, height, picture, colours });

  context.save();
  context.beginPath();
  context.rect(left, 20, width - left - 8, height - 36 - 14);
  context.clip();
  for (const mark of picture.marks) drawMark(context, mark, x, y, colours);
  context.restore();
}

/** Gives the canvas as many pixels as the screen has there. @param {HTMLCanvasElement} canvas */
function fit(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = globalThis.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  canvas.getContext('2d')?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { width, height };
}

/** @param {Element} element @returns {(name: Tone | 'ink' | 'muted' | 'grid' | 'paper') => string} */
function readColours(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--chart-${name}`).trim() || 'gray';
}

/**
 * @param {Axis} axis @param {[number, number]} range in pixels @param {number} most ticks, about
 * @returns {Scale}
 */
function makeScale({ scale, domain, whole }, range, most) {
  const count = whole ? Math.min(most, domain[1] - domain[0]) : most;
  if (scale === 'log') {
    const log = scaleLog(domain, range);
    const powers = log.ticks(count).filter((value) => Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6));
    return { at: log, ticks: every(powers, count + 2).map((value) => ({ value, label: powerOfTen(value) })) };
  }
  const linear = scaleLinear(domain, range);
  const size = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  const format = linear.tickFormat(count, size >= 1e6 || size < 1e-3 ? '~e' : undefined);
  return { at: linear, ticks: linear.ticks(count).map((value) => ({ value, label: format(value) })) };
}

/** At most `count` of the values, evenly. @param {number[]} values @param {number} count */
function every(values, count) {
  const stride = Math.ceil(values.length / count);
  return values.filter((_, i) => i % stride === 0);
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** @param {number} value */
function powerOfTen(value) {
  const exponent = Math.round(Math.log10(value));
  if (exponent >= -1 && exponent <= 3) return String(Number(value.toPrecision(1)));
  return `10${String(exponent)
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => superscripts[Number(digit)] ?? '')}`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ x: Scale, y: Scale, left: number, width: number, height: number, picture: Picture, colours: ReturnType<typeof readColours> }} frame
 */
function drawAxes(context, { x, y, left, width, height, picture, colours }) {
  const bottom = height - 36;
  context.lineWidth = 1;
  context.strokeStyle = colours('grid');
  context.fillStyle = colours('muted');
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const { value, label } of y.ticks) {
    const at = Math.round(y.at(value)) + 0.5;
    line(context, left, at, width - 8, at);
    context.fillText(label, left - gap, at);
  }
  context.textBaseline = 'top';
  context.textAlign = 'center';
  context.strokeStyle = colours('muted');
  line(context, left, bottom + 0.5, width - 8, bottom + 0.5);
  for (const { value, label } of x.ticks) {
    const at = Math.round(x.at(value)) + 0.5;
    line(context, at, bottom, at, bottom + tickLength);
    context.fillText(label, at, bottom + gap);
  }
  context.fillStyle = colours('ink');
  context.textAlign = 'right';
  context.fillText(picture.x.label, width - 8, height - 14);
  context.textAlign = 'left';
  context.fillText(picture.y.label, 0, 2);
}

/** @param {CanvasRenderingContext2D} context @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** @type {Record<Tone, { width: number, dash: number[], radius: number, alpha: number }>} */
const styles = {
  data: { width: 1, dash: [], radius: 2.2, alpha: 0.55 },
  fit: { width: 2.5, dash: [], radius: 1.7, alpha: 0.8 },
  ideal: { width: 1.5, dash: [6, 4], radius: 2, alpha: 1 },
  minibatch: { width: 1, dash: [], radius: 1, alpha: 0.9 },
  epoch: { width: 1.5, dash: [2, 3], radius: 5, alpha: 1 },
};

/**
 * @param {CanvasRenderingContext2D} context @param {Mark} mark @param {Scale} x @param {Scale} y
 * @param {ReturnType<typeof readColours>} colours
 */
function drawMark(context, mark, x, y, colours) {
  const style = styles[mark.tone];
  context.globalAlpha = style.alpha;
  context.strokeStyle = context.fillStyle = colours(mark.tone);
  context.lineWidth = style.width;
  context.lineJoin = 'round';
  context.setLineDash(style.dash);
  if (mark.kind === 'line') drawLine(context, mark, x, y);
  else drawPoints(context, mark, x, y, mark.tone, colours('paper'));
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * Where many points share a column of pixels, only the column's first, lowest, highest and last are drawn: the line
 * looks the same, and its cost does not grow with the run.
 * @param {CanvasRenderingContext2D} context @param {Mark} mark @param {Scale} x @param {Scale} y
 */
function drawLine(context, mark, x, y) {
  const column = { at: NaN, low: 0, high: 0, last: 0 };
  const close = () => {
    if (Number.isNaN(column.at)) return;
    for (const py of [column.low, column.high, column.last]) context.lineTo(column.at, py);
    column.at = NaN;
  };
  let open = false;
  context.beginPath();
  for (let i = 0; i < mark.x.length; ++i) {
    const [px, py] = place(mark, i, x, y);
    if (Number.isNaN(px) || Number.isNaN(py)) {
      close();
      open = false;
    } else if (open && Math.abs(px - column.at) < 0.5) {
      column.low = Math.max(column.low, py); // pixels count downwards
      column.high = Math.min(column.high, py);
      column.last = py;
    } else {
      close();
      if (open) context.lineTo(px, py);
      else context.moveTo(px, py);
      open = true;
      Object.assign(column, { at: px, low: py, high: py, last: py });
    }
  }
  close();
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context @param {Mark} mark @param {Scale} x @param {Scale} y
 * @param {Tone} tone @param {string} paper
 */
function drawPoints(context, mark, x, y, tone, paper) {
  const { radius } = styles[tone];
  for (let i = 0; i < mark.x.length; ++i) {
    const [px, py] = place(mark, i, x, y);
    if (Number.isNaN(px) || Number.isNaN(py)) continue;
    if (tone === 'fit') {
      context.fillRect(px - radius, py - radius, 2 * radius, 2 * radius);
      continue;
    }
    context.beginPath();
    if (tone === 'epoch') diamond(context, px, py, radius, paper);
    else context.arc(px, py, radius, 0, 2 * Math.PI);
    context.fill();
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} px @param {number} py @param {number} radius @param {string} paper */
function diamond(context, px, py, radius, paper) {
  context.moveTo(px, py - radius);
  context.lineTo(px + radius, py);
  context.lineTo(px, py + radius);
  context.lineTo(px - radius, py);
  context.closePath();
  const { strokeStyle } = context;
  context.setLineDash([]);
  context.strokeStyle = paper;
  context.stroke(); // keeps the mark apart from the line behind it
  context.strokeStyle = strokeStyle;
}

/**
 * A mark's point in pixels, NaN where there is none. Far outside is brought near: canvases lose very large coordinates.
 * @param {Mark} mark @param {number} i @param {Scale} x @param {Scale} y
 * @returns {[number, number]}
 */
function place(mark, i, x, y) {
  return [near(x.at(Number(mark.x[i]))), near(y.at(Number(mark.y[i])))];
}

/** @param {number} pixel */
const near = (pixel) => (Number.isFinite(pixel) ? Math.max(-1e4, Math.min(1e4, pixel)) : NaN);
