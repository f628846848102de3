// The lab as an anywidget, for Jupyter and MyST: every setting is an entry of the widget's model, and so is `state`, which
// the kernel reads. One file, with the engine inside it. MyST's host has a model that only reads, so nothing more is taken
// for granted.

import '../lab/define.js';
import { coalesce } from '../lab/frames.js';
import { flags, settingNames, writeAttribute } from '../lab/attributes.js';

/**
 * @typedef {object} Model
 * @property {(name: string) => unknown} get
 * @property {(name: string, value: unknown) => void} [set]
 * @property {() => void} [save_changes]
 * @property {(event: string, call: () => void) => void} [on]
 * @property {(event: string, call: () => void) => void} [off]
 */

const names = Object.freeze([...settingNames, ...flags, 'view', 'hide', 'lang', 'theme']);

const pause = 1000; // milliseconds between two states of a playing run
const restPause = 200; // and of one at rest, whose settings a reader may be changing
const mostLines = 100; // of its log meanwhile, the last ones: a long run's is long

/**
 * @param {{ model: Model, el: HTMLElement }} host
 * @returns {() => void} what ends it
 */
function render({ model, el }) {
  const lab = document.createElement('linreg-lab');
  const show = (/** @type {string} */ name) => writeAttribute(lab, name, model.get(name));
  const follow = names.map((name) => ({ event: `change:${name}`, call: () => show(name) }));
  names.forEach(show);
  for (const { event, call } of follow) model.on?.(event, call);
  // As often as an epoch ends, or where the run comes to rest, but no more often than a kernel cares for.
  let [told, later] = [-Infinity, 0];
  const tell = coalesce(() => {
    clearTimeout(later);
    if (!lab.lab) return;
    const { playing } = lab.lab;
    const wait = told + (playing ? pause : restPause) - performance.now();
    if (wait > 0) return void (later = window.setTimeout(tell, wait));
    told = performance.now();
    const state = lab.getState();
    model.set?.('state', playing ? { ...state, log: state.log.slice(-mostLines) } : state);
    model.save_changes?.();
  });
  const tellAtRest = () => lab.lab?.playing || tell();
  let followed = lab.lab;
  lab.addEventListener('linreg-ready', () => {
    tell();
    if (lab.lab === followed) return;
    followed = lab.lab;
    for (const event of ['progress', 'settings']) followed?.addEventListener(event, tellAtRest);
  });
  lab.addEventListener('epoch', tell);
  el.append(lab);
  return () => {
    for (const { event, call } of follow) model.off?.(event, call);
    clearTimeout(later);
    lab.remove();
  };
}

export default { render };
