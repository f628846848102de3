// Pictures on a canvas, sharp at every pixel ratio, light or dark as the page is.

import { paintSample } from './marks.js';
import { colours, paintPicture } from './paint.js';
import { papers } from './tones.js';

/** @import { Mark, Picture } from './picture.js' */
/** @import { Plot } from './paint.js' */
/** @import { Scheme } from './tones.js' */

const smallest = { width: 80, height: 60 }; // less cannot be read
const mostPixels = 4096; // a side; beyond it some devices refuse

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {{ ratio?: number, scheme?: Scheme }} [how] pixels of the canvas for one of the page
 * @returns {Plot | undefined} undefined while the canvas is not shown, or lost
 */
export function drawPicture(canvas, picture, { ratio = devicePixelRatio || 1, scheme = schemeOf(canvas) } = {}) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width < smallest.width || height < smallest.height) return undefined;
  const paint = prepare(canvas, width, height, ratio);
  return paint ? paintPicture(paint, picture, { width, height, scheme }) : undefined;
}

/** A mark as the legend shows it. @param {HTMLCanvasElement} canvas @param {Mark} mark @param {Scheme} scheme */
export function drawSample(canvas, mark, scheme) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const paint = prepare(canvas, width, height, devicePixelRatio || 1);
  const { paper } = papers[scheme];
  if (paint) paintSample({ paint, paper, colour: colours(scheme) }, mark, { x: 0, y: 0, width, height });
}

/** A clean canvas with as many pixels as are wanted. @param {HTMLCanvasElement} canvas @param {number} width @param {number} height @param {number} ratio */
function prepare(canvas, width, height, ratio) {
  const scale = Math.min(ratio, mostPixels / Math.max(width, height, 1));
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const paint = canvas.getContext('2d');
  if (!paint || paint.isContextLost?.()) return undefined;
  paint.setTransform(scale, 0, 0, scale, 0, 0);
  paint.clearRect(0, 0, width, height);
  return paint;
}

/** Whether light or dark is around an element: a picture is dark where words are light. @param {Element} element @returns {Scheme} */
export function schemeOf(element) {
  const [red, green, blue] =
    getComputedStyle(element)
      .color.match(/^rgba?\((\d+), (\d+), (\d+)/)
      ?.slice(1) ?? [];
  return 0.3 * Number(red) + 0.6 * Number(green) + 0.1 * Number(blue) > 128 ? 'dark' : 'light';
}
