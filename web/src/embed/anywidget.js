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
  // As often as an epoch ends, or where the run comes to rest, but no more often than a kernel cares for: the log is long.
  let [told, later] = [-Infinity, 0];
  const tell = coalesce(() => {
    clearTimeout(later);
    if (!lab.lab) return;
    const wait = told + pause - performance.now();
    if (lab.lab.playing && wait > 0) return void (later = window.setTimeout(tell, wait));
    told = performance.now();
    model.set?.('state', lab.getState());
    model.save_changes?.();
  });
  for (const event of ['linreg-ready', 'epoch', 'done', 'diverge']) lab.addEventListener(event, tell);
  lab.addEventListener('step', () => lab.lab?.playing || tell());
  el.append(lab);
  return () => {
    for (const { event, call } of follow) model.off?.(event, call);
    clearTimeout(later);
    lab.remove();
  };
}

export default { render };
