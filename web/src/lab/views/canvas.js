// Pictures on a canvas, sharp at every pixel ratio, light or dark as the page is.

import { h } from '../dom.js';
import { paintFrame, paintMarks, paintPicture } from './paint.js';

/** @import { Picture } from './picture.js' */
/** @import { Plot, Sheet } from './paint.js' */
/** @import { Scheme } from './tones.js' */

const smallest = { width: 80, height: 60 }; // less cannot be read
const mostPixels = 4096; // a side; beyond it some devices refuse

const usualLetters = 16; // pixels, of which all sizes in a picture are
const narrow = 240; // and not narrower than this only to have larger letters

/** In pixels of the picture, each of which is `zoom` of the page: as many times as large as the reader's letters are. @typedef {{ width: number, height: number, zoom: number }} Size */

/** @param {HTMLCanvasElement} canvas @returns {Size} */
export function sizeOf(canvas) {
  const { clientWidth, clientHeight } = canvas;
  const letters = Number.parseFloat(getComputedStyle(canvas).fontSize) || usualLetters; // none while it is in no page
  const zoom = Math.max(1, Math.min(letters / usualLetters, clientWidth / narrow));
  return { width: clientWidth / zoom, height: clientHeight / zoom, zoom };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {{ size: Size, ratio?: number, scheme: Scheme }} how `ratio`: pixels of the canvas for one of the page
 * @returns {Plot | undefined} undefined while the canvas is not shown, or lost
 */
export function drawPicture(canvas, picture, { size, ratio: pixels = devicePixelRatio || 1, scheme }) {
  const { width, height, zoom } = size;
  if (width < smallest.width || height < smallest.height) return undefined;
  const ratio = pixels * zoom;
  const paint = prepare(canvas, width, height, ratio);
  if (!paint) return undefined;
  const sheet = { width, height, scheme };
  const frame = picture.bare ? undefined : frameOf(canvas, picture, sheet, ratio);
  if (!frame) return paintPicture(paint, picture, sheet);
  paint.save();
  paint.setTransform(1, 0, 0, 1, 0, 0);
  paint.drawImage(frame.image, 0, 0);
  paint.restore();
  paintMarks(paint, picture, frame.plot, sheet);
  return frame.plot;
}

/**
 * The axes that were painted last for a canvas. Words are the dearest part of a picture, and while a run plays they stay
 * mostly the same.
 * @type {WeakMap<HTMLCanvasElement, { key: string, plot: Plot, image: HTMLCanvasElement }>}
 */
const frames = new WeakMap();

/** @param {HTMLCanvasElement} canvas @param {Picture} picture @param {Sheet} sheet @param {number} ratio */
function frameOf(canvas, { x, y, equal = false, number }, sheet, ratio) {
  const key = JSON.stringify([x, y, equal, sheet, ratio]);
  const known = frames.get(canvas);
  if (known?.key === key) return known;
  const image = known?.image ?? document.createElement('canvas');
  const paint = prepare(image, sheet.width, sheet.height, ratio);
  if (!paint) return undefined;
  const frame = { key, image, plot: paintFrame(paint, { x, y, equal, number }, sheet) };
  frames.set(canvas, frame);
  return frame;
}

/** What was painted before its context was lost is to be painted anew. @param {HTMLCanvasElement} canvas */
export const forgetFrame = (canvas) => frames.delete(canvas);

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
export const schemeOf = (element) => schemeBehind(getComputedStyle(element).color);

/** What is behind words of a colour, by how light the eye finds them. @param {string} colour as it is computed @returns {Scheme} */
export function schemeBehind(colour) {
  const [red = 0, green = 0, blue = 0] = rgbOf(colour);
  return 0.3 * red + 0.6 * green + 0.1 * blue > 128 ? 'dark' : 'light';
}

/** From 0 to 255 each. @param {string} colour as it is computed @returns {number[] | Uint8ClampedArray} */
function rgbOf(colour) {
  const numbers = colour.match(/^rgba?\((\d+), (\d+), (\d+)/)?.slice(1);
  if (numbers) return numbers.map(Number);
  // A page may have given its colours in oklch() and the like.
  const paint = h('canvas', { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
  if (!paint) return [];
  paint.fillStyle = colour;
  paint.fillRect(0, 0, 1, 1);
  return paint.getImageData(0, 0, 1, 1).data;
}
