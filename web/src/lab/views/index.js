// The lab's views, in the order in which they are offered.

import { Chart } from './chart.js';
import { CodeView } from './code.js';
import { describeFit } from './fit.js';
import { LossView } from './loss.js';
import { MicroscopeView } from './microscope.js';
import { TableView } from './table.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab } from '../lab.js' */
/** @import { Picture } from './picture.js' */

/**
 * Draws at once when it is made (there may be no trainer yet: then on the first 'run' or 'progress'), follows the lab by itself, and ends when the signal is aborted.
 * @typedef {{ element: HTMLElement }} View
 * @typedef {new (lab: Lab, t: Translate, signal: AbortSignal) => View} ViewClass
 */

/**
 * The view of one picture.
 * @param {string} name @param {(lab: Lab, t: Translate) => Picture} describe
 * @returns {ViewClass}
 */
const chartView = (name, describe) =>
  class {
    /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
    constructor(lab, t, signal) {
      const chart = new Chart(t, { id: `chart-${name}`, title: t(`view.${name}`), signal });
      const show = () => {
        if (lab.trainer) chart.show(describe(lab, t), !lab.playing);
      };
      lab.watch('progress', show, signal);
      lab.attempt(show);
      this.element = chart.element;
    }
  };

/** @type {readonly { name: string, View: ViewClass }[]} */
export const views = Object.freeze([
  { name: 'loss', View: LossView },
  { name: 'fit', View: chartView('fit', describeFit) },
  { name: 'microscope', View: MicroscopeView },
  { name: 'table', View: TableView },
  { name: 'code', View: CodeView },
]);
