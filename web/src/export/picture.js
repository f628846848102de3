// A picture as a file: SVG and PNG, in the light colours of paper, with its title and legend.

import { paintSample } from '../lab/views/marks.js';
import { clipped, colours, font, paintPicture } from '../lab/views/paint.js';
import { papers } from '../lab/views/tones.js';
import { SvgContext } from './svg.js';

/** @import { Picture } from '../lab/views/picture.js' */
/** @import { Paint } from '../lab/views/paint.js' */

const pngScale = 2;
const edge = 16; // pixels around the picture
const row = 20; // the legend's
const sampleWidth = 24;
const gap = 7;

/** @typedef {{ title: string, width: number, height: number }} Sheet in pixels */

/** @param {Picture} picture @param {Sheet} sheet @returns {string} */
export function pictureSvg(picture, { title, width, height }) {
  const paint = new SvgContext(width, height);
  paintSheet(paint, picture, { title, width, height });
  return paint.text({ title, description: `${picture.name}\n${picture.summary}` });
}

/**
 * @param {Picture} picture @param {Sheet} sheet
 * @returns {Promise<Blob | undefined>} undefined where the browser refuses
 */
export function picturePng(picture, sheet) {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: sheet.width * pngScale, height: sheet.height * pngScale });
  const paint = canvas.getContext('2d');
  if (!paint) return Promise.resolve(undefined);
  paint.scale(pngScale, pngScale);
  paintSheet(paint, picture, sheet);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined)));
}

/** @param {Paint} paint @param {Picture} picture @param {Sheet} sheet */
function paintSheet(paint, picture, { title, width, height }) {
  const { paper, ink } = papers.light;
  paint.fillStyle = paper;
  paint.fillRect(0, 0, width, height);
  paint.fillStyle = ink;
  paint.font = `bold ${font}`;
  paint.textAlign = 'left';
  paint.textBaseline = 'top';
  paint.fillText(clipped(paint, title, width - 2 * edge), edge, edge);
  paint.font = font;
  const top = paintLegend(paint, picture, width, edge + row) + gap;
  paintPicture(paint, picture, { width: width - edge, height: height - edge, scheme: 'light', top, left: edge });
}

/** @param {Paint} paint @param {Picture} picture @param {number} width @param {number} top @returns {number} where it ends */
function paintLegend(paint, { marks }, width, top) {
  const brush = { paint, paper: papers.light.paper, colour: colours('light') };
  let [x, y] = [edge, top];
  for (const mark of marks.filter(({ label }) => label !== '')) {
    const label = clipped(paint, mark.label, width - 2 * edge - sampleWidth - gap);
    const wide = sampleWidth + gap + paint.measureText(label).width;
    if (x > edge && x + wide > width - edge) [x, y] = [edge, y + row];
    paintSample(brush, mark, { x, y, width: sampleWidth, height: row });
    paint.fillStyle = papers.light.ink;
    paint.textAlign = 'left';
    paint.textBaseline = 'middle';
    paint.fillText(label, x + sampleWidth + gap, y + row / 2);
    x += wide + 2 * gap;
  }
  return y + row;
}
