// What a picture's marks stand for: a sample of each and its label. Samples are SVG: a canvas of its own for each would be a
// layer of its own in every frame.

import { SvgContext } from '../../export/svg.js';
import { h, setText } from '../dom.js';
import { paintSample } from './marks.js';
import { colours } from './paint.js';
import { papers } from './tones.js';

/** @import { Mark } from './picture.js' */
/** @import { Scheme } from './tones.js' */

const box = { x: 0, y: 0, width: 24, height: 16 };

export class Legend {
  element = h('ul', { class: 'legend' });
  /** What the samples show. */ #shown = '';
  /** @type {HTMLElement[]} */ #labels = [];

  /** @param {readonly Mark[]} marks @param {Scheme} scheme */
  show(marks, scheme) {
    const labelled = marks.filter(({ label }) => label !== '');
    const shown = [scheme, ...labelled.map(({ tone, kind }) => `${tone} ${kind}`)].join();
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#labels = labelled.map(() => h('span'));
      const items = labelled.map((mark, i) => h('li', {}, sampleOf(mark, scheme), this.#labels[i]));
      this.element.replaceChildren(...items);
    }
    labelled.forEach(({ label }, i) => setText(/** @type {HTMLElement} */ (this.#labels[i]), label));
  }
}

/** @param {Mark} mark @param {Scheme} scheme */
function sampleOf(mark, scheme) {
  const paint = new SvgContext(box.width, box.height);
  paintSample({ paint, paper: papers[scheme].paper, colour: colours(scheme) }, mark, box);
  const sample = paint.element();
  sample.setAttribute('class', 'swatch');
  sample.setAttribute('aria-hidden', 'true');
  return sample;
}
