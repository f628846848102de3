// How each kind of mark is painted.

import { tones } from './tones.js';

/** @import { Mark, Polygons, Rule, Squares, Sticks, Texts, Trace } from './picture.js' */
/** @import { Brush, Paint } from './paint.js' */
/** @import { Shape, Style, Tone } from './tones.js' */

/** @param {Brush} brush @param {Mark} mark */
export function paintMark(brush, mark) {
  const { paint, colour } = brush;
  const style = tones[mark.tone];
  paint.globalAlpha = style.alpha;
  paint.strokeStyle = paint.fillStyle = colour(mark.tone);
  paint.lineWidth = style.width;
  paint.lineJoin = 'round';
  paint.setLineDash(mark.kind === 'points' ? [] : style.dash);
  if ('thin' in mark && mark.thin) {
    paint.lineWidth = 1;
    paint.setLineDash([]); // which nobody could see in a line that goes up and down at every step
  }
  paintKind(brush, mark, style);
  paint.setLineDash([]);
  paint.globalAlpha = 1;
}

/** @param {Brush} brush @param {Mark} mark @param {Style} style */
function paintKind(brush, mark, style) {
  switch (mark.kind) {
    case 'line':
      paintLine(brush, mark);
      return style.marked && paintAlong(brush, mark, style);
    case 'points':
      return paintPoints(brush, mark, style);
    case 'rule':
      return paintRule(brush, mark);
    case 'segments':
      return paintSegments(brush, mark);
    case 'arrows':
      return paintArrows(brush, mark);
    case 'polygons':
      return paintPolygons(brush, mark, style);
    case 'squares':
      return paintSquares(brush, mark, style);
    case 'texts':
      return paintTexts(brush, mark);
  }
}

/**
 * Where many points share a column of pixels, only the column's first, lowest, highest and last are drawn: the line
 * looks the same, and its cost does not grow with the run.
 * @param {Brush} brush @param {Trace} mark
 */
function paintLine({ paint, plot }, mark) {
  const [xs, ys] = [plot.x.pixels(mark.x), plot.y.pixels(mark.y)];
  let [column, low, high, last, first] = [NaN, 0, 0, 0, 0];
  let open = false;
  const close = () => {
    if (low !== first) paint.lineTo(column, low);
    if (high !== low) paint.lineTo(column, high);
    if (last !== high) paint.lineTo(column, last);
  };
  paint.beginPath();
  for (let i = 0; i < xs.length; ++i) {
    const [px, py] = [/** @type {number} */ (xs[i]), /** @type {number} */ (ys[i])];
    if (px !== px || py !== py) {
      if (open) close();
      open = false;
    } else if (open && Math.abs(px - column) < 0.5) {
      if (py > low) low = py; // pixels count downwards
      if (py < high) high = py;
      last = py;
    } else {
      if (open) {
        close();
        paint.lineTo(px, py);
      } else paint.moveTo(px, py);
      open = true;
      column = px;
      first = low = high = last = py;
    }
  }
  if (open) close();
  paint.stroke();
  paintBeyond(paint, plot, mark);
}

const between = 50; // pixels from one shape on a line to the next

/** A line's shape here and there along it. @param {Brush} brush @param {Trace} mark @param {Style} style */
function paintAlong({ paint, plot: { x, y }, paper }, mark, { shape, radius, width }) {
  let last = [-Infinity, 0];
  paint.setLineDash([]);
  for (let i = 0; i < mark.x.length; ++i) {
    const [px, py] = [x.at(Number(mark.x[i])), y.at(Number(mark.y[i]))];
    if (!(Math.hypot(px - Number(last[0]), mark.thin ? 0 : py - Number(last[1])) >= between)) continue;
    paintShape(paint, shape, px, py, radius, paper, width);
    last = [px, py];
  }
}

const apart = 8; // pixels between two marks at an edge

/**
 * Small triangles at the edges, where a value is zero on a log axis, or infinite.
 * @param {Paint} paint @param {import('./paint.js').Plot} plot @param {Trace} mark
 */
function paintBeyond(paint, { x, y, box }, mark) {
  let last = { [-1]: -Infinity, [1]: -Infinity };
  for (let i = 0; i < mark.x.length; ++i) {
    const side = y.beyond(/** @type {number} */ (mark.y[i]));
    if (side === 0) continue;
    const px = x.at(/** @type {number} */ (mark.x[i]));
    if (!(Math.abs(px - last[side]) >= apart)) continue;
    last = { ...last, [side]: px };
    const [base, tip] = side > 0 ? [box.top + 5, box.top - 1] : [box.bottom - 5, box.bottom + 1];
    paint.beginPath();
    paint.moveTo(px - 3.5, base);
    paint.lineTo(px + 3.5, base);
    paint.lineTo(px, tip);
    paint.closePath();
    paint.fill();
  }
}

/** @param {Brush} brush @param {Trace} mark @param {Style} style */
function paintPoints({ paint, plot, paper }, mark, { shape, radius, width }) {
  const { x, y } = plot;
  for (let i = 0; i < mark.x.length; ++i) {
    const px = x.at(/** @type {number} */ (mark.x[i]));
    const py = y.at(/** @type {number} */ (mark.y[i]));
    if (px !== px || py !== py || y.beyond(/** @type {number} */ (mark.y[i])) !== 0) continue;
    paintShape(paint, shape, px, py, radius, paper, width);
  }
  paintBeyond(paint, plot, mark);
}

/**
 * @param {Paint} paint @param {Shape} shape @param {number} px @param {number} py @param {number} radius
 * @param {string} paper @param {number} width
 */
function paintShape(paint, shape, px, py, radius, paper, width) {
  if (shape === 'square') return paint.fillRect(px - radius, py - radius, 2 * radius, 2 * radius);
  paint.beginPath();
  if (shape === 'disc' || shape === 'ring') paint.arc(px, py, radius, 0, 2 * Math.PI);
  else if (shape === 'cross') cross(paint, px, py, radius);
  else polygon(paint, shape === 'diamond' ? diamond : triangle, px, py, radius);
  if (shape === 'ring' || shape === 'cross') return paint.stroke();
  if (radius > 2.5) {
    // A rim of paper keeps the mark apart from the line behind it.
    const { strokeStyle } = paint;
    paint.strokeStyle = paper;
    paint.lineWidth = 1.5;
    paint.stroke();
    paint.strokeStyle = strokeStyle;
    paint.lineWidth = width;
  }
  paint.fill();
}

/** @type {readonly (readonly [number, number])[]} */
const diamond = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
];
/** @type {readonly (readonly [number, number])[]} */
const triangle = [
  [0, -1],
  [0.95, 0.7],
  [-0.95, 0.7],
];

/** @param {Paint} paint @param {readonly (readonly [number, number])[]} corners @param {number} px @param {number} py @param {number} radius */
function polygon(paint, corners, px, py, radius) {
  for (const [i, [dx, dy]] of corners.entries()) {
    if (i === 0) paint.moveTo(px + dx * radius, py + dy * radius);
    else paint.lineTo(px + dx * radius, py + dy * radius);
  }
  paint.closePath();
}

/** @param {Paint} paint @param {number} px @param {number} py @param {number} radius */
function cross(paint, px, py, radius) {
  paint.moveTo(px - radius, py - radius);
  paint.lineTo(px + radius, py + radius);
  paint.moveTo(px - radius, py + radius);
  paint.lineTo(px + radius, py - radius);
}

/** A line across with its label at the end. @param {Brush} brush @param {Rule} mark */
function paintRule(brush, { axis, at, label, tone }) {
  const { paint, plot } = brush;
  const { box } = plot;
  const pixel = axis === 'x' ? plot.x.at(at) : plot.y.at(at);
  if (pixel !== pixel) return;
  paint.beginPath();
  if (axis === 'x') {
    paint.moveTo(pixel, box.top);
    paint.lineTo(pixel, box.bottom);
  } else {
    paint.moveTo(box.left, pixel);
    paint.lineTo(box.right, pixel);
  }
  paint.stroke();
  const inside =
    axis === 'x' ? pixel >= box.left && pixel <= box.right : pixel >= box.top - 1 && pixel <= box.bottom + 1;
  const isThere = plot[axis].beyond(at) === 0; // a zero among logarithms is drawn at the edge, where other lines end
  if (inside && isThere && label !== '')
    writeAt(brush, tone, label, axis === 'x' ? pixel - 4 : box.right, axis === 'x' ? box.top + 14 : pixel);
}

const lineHeight = 15;

/**
 * Words that end at a point, above it or, where that is taken, below it and further away.
 * @param {Brush} brush @param {Tone} tone @param {string} text @param {number} px @param {number} py
 */
function writeAt({ paint, plot, paper, colour, taken }, tone, text, px, py) {
  const width = paint.measureText(text).width;
  const right = Math.max(px, plot.box.left + width + 4);
  const places = [-2, lineHeight, -2 - lineHeight, 2 * lineHeight, -2 - 2 * lineHeight];
  const spot = (/** @type {number} */ shift) => ({
    left: right - width,
    right,
    bottom: py + shift,
    top: py + shift - lineHeight + 2,
  });
  const free = places
    .map(spot)
    .find(
      (box) =>
        box.top >= plot.box.top - 4 && box.bottom <= plot.box.bottom && !taken.some((other) => overlap(box, other)),
    );
  if (!free) return; // the legend has it too
  taken.push(free);
  paint.textAlign = 'right';
  paint.textBaseline = 'bottom';
  paint.setLineDash([]);
  halo(paint, text, right, free.bottom, paper, colour(tone));
}

/** @param {import('./paint.js').Box} a @param {import('./paint.js').Box} b */
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** @param {Paint} paint @param {string} text @param {number} px @param {number} py @param {string} paper @param {string} ink */
function halo(paint, text, px, py, paper, ink) {
  paint.globalAlpha = 1;
  paint.lineJoin = 'round';
  paint.lineWidth = 3;
  paint.strokeStyle = paper;
  paint.strokeText(text, px, py);
  paint.fillStyle = ink;
  paint.fillText(text, px, py);
}

/** @param {Brush} brush @param {Sticks} mark */
function paintSegments({ paint, plot: { x, y } }, { x0, y0, x1, y1 }) {
  paint.beginPath();
  for (let i = 0; i < x0.length; ++i) {
    const [ax, ay] = [x.at(Number(x0[i])), y.at(Number(y0[i]))];
    const [bx, by] = [x.at(Number(x1[i])), y.at(Number(y1[i]))];
    if (Number.isNaN(ax + ay + bx + by)) continue;
    paint.moveTo(ax, ay);
    paint.lineTo(bx, by);
  }
  paint.stroke();
}

const headLength = 9;

/** @param {Brush} brush @param {Sticks} mark */
function paintArrows({ paint, plot: { x, y } }, { x0, y0, x1, y1, tone }) {
  for (let i = 0; i < x0.length; ++i) {
    const [ax, ay] = [x.at(Number(x0[i])), y.at(Number(y0[i]))];
    const [dx, dy] = [x.at(Number(x1[i])) - ax, y.at(Number(y1[i])) - ay];
    const length = Math.hypot(dx, dy);
    if (!(length > 0.5)) continue; // also where a number is missing
    const head = Math.min(headLength, length * 0.6);
    const [ux, uy] = [dx / length, dy / length];
    const [tipX, tipY] = [ax + dx, ay + dy];
    const [neckX, neckY] = [tipX - ux * head, tipY - uy * head];
    paint.setLineDash(tones[tone].dash);
    paint.beginPath();
    paint.moveTo(ax, ay);
    paint.lineTo(neckX, neckY);
    paint.stroke();
    paint.beginPath();
    paint.moveTo(tipX, tipY);
    paint.lineTo(neckX - uy * head * 0.45, neckY + ux * head * 0.45);
    paint.lineTo(neckX + uy * head * 0.45, neckY - ux * head * 0.45);
    paint.closePath();
    paint.fill();
  }
}

const wash = 0.07; // how much one area darkens what is under it
const mostSquares = 20; // at full strength

/** @param {Brush} brush @param {Polygons} mark @param {Style} style */
function paintPolygons({ paint, plot: { x, y } }, { areas }, { alpha }) {
  for (const { rings } of areas) {
    paint.beginPath();
    for (const ring of rings) {
      for (let i = 0; i + 1 < ring.length; i += 2) {
        const [px, py] = [x.at(Number(ring[i])), y.at(Number(ring[i + 1]))];
        if (i === 0) paint.moveTo(px, py);
        else paint.lineTo(px, py);
      }
      paint.closePath();
    }
    paint.globalAlpha = wash;
    paint.fill('evenodd');
    paint.globalAlpha = alpha;
    paint.stroke();
  }
}

/** @param {Brush} brush @param {Squares} mark @param {Style} style */
function paintSquares({ paint, plot: { x, y, box } }, { x: xs, y0, y1 }, { alpha }) {
  const light = Math.min(1, mostSquares / xs.length); // many of them must not hide what is below
  for (let i = 0; i < xs.length; ++i) {
    const [px, from, to] = [x.at(Number(xs[i])), y.at(Number(y0[i])), y.at(Number(y1[i]))];
    const side = Math.abs(to - from);
    if (!(side > 0) || Number.isNaN(px)) continue;
    // Towards the side that has room.
    const left = px + side > box.right ? px - side : px;
    paint.beginPath();
    paint.rect(left, Math.min(from, to), side, side);
    paint.globalAlpha = 2 * wash * light;
    paint.fill();
    paint.globalAlpha = alpha;
    paint.stroke();
  }
}

/** @param {Brush} brush @param {Texts} mark */
function paintTexts({ paint, plot: { x, y, box }, paper, colour }, { x: xs, y: ys, texts, tone }) {
  paint.textAlign = 'center';
  paint.textBaseline = 'middle';
  for (const [i, text] of texts.entries()) {
    const [px, py] = [x.at(Number(xs[i])), y.at(Number(ys[i]))];
    if (Number.isNaN(px + py)) continue;
    const half = paint.measureText(text).width / 2; // whole, if the box is wide enough for it
    halo(paint, text, Math.max(box.left + half, Math.min(box.right - half, px)), py, paper, colour(tone));
  }
}

/**
 * The mark as a legend shows it, in a box.
 * @param {Omit<Brush, 'plot' | 'taken'>} brush @param {Mark} mark @param {{ x: number, y: number, width: number, height: number }} box
 */
export function paintSample({ paint, colour, paper }, mark, { x, y, width, height }) {
  const style = tones[mark.tone];
  const [left, right, middle] = [x + 1, x + width - 1, y + height / 2];
  paint.strokeStyle = paint.fillStyle = colour(mark.tone);
  paint.globalAlpha = Math.max(0.8, style.alpha);
  paint.lineWidth = style.width;
  if (mark.kind === 'points') {
    paintShape(paint, style.shape, x + width / 2, middle, Math.max(3, Math.min(style.radius, 5)), paper, style.width);
  } else if (mark.kind === 'polygons' || mark.kind === 'squares') {
    paint.setLineDash(style.dash);
    paint.beginPath();
    paint.rect(x + width / 2 - 5, middle - 5, 10, 10);
    paint.stroke();
    paint.globalAlpha = 0.2;
    paint.fill();
  } else {
    const head = mark.kind === 'arrows' ? 7 : 0;
    paint.setLineDash(style.dash);
    paint.beginPath();
    paint.moveTo(left, middle);
    paint.lineTo(right - head, middle);
    paint.stroke();
    paint.setLineDash([]);
    if (style.marked) paintShape(paint, style.shape, x + width / 2, middle, style.radius, paper, style.width);
    if (head > 0) {
      paint.beginPath();
      paint.moveTo(right, middle);
      paint.lineTo(right - head, middle - 4);
      paint.lineTo(right - head, middle + 4);
      paint.closePath();
      paint.fill();
    }
  }
  paint.setLineDash([]);
  paint.globalAlpha = 1;
}
