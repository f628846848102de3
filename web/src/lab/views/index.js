// The lab's views, in the order in which they are offered.

import { CodeView } from './code.js';
import { FitView } from './fit.js';
import { LossView } from './loss.js';
import { MicroscopeView } from './microscope.js';
import { ParametersView } from './parameters.js';
import { SweepView } from './sweep.js';
import { TableView } from './table.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab } from '../lab.js' */

/**
 * Draws at once when it is made (there may be no trainer yet: then on the first 'run' or 'progress'), follows the lab by itself, and ends when the signal is aborted.
 * @typedef {{ element: HTMLElement }} View
 * @typedef {new (lab: Lab, t: Translate, signal: AbortSignal) => View} ViewClass
 */

/** @type {readonly { name: string, View: ViewClass }[]} */
export const views = Object.freeze([
  { name: 'loss', View: LossView },
  { name: 'fit', View: FitView },
  { name: 'parameters', View: ParametersView },
  { name: 'table', View: TableView },
  { name: 'microscope', View: MicroscopeView },
  { name: 'code', View: CodeView },
  { name: 'sweep', View: SweepView },
]);
