// The fit, in the data's own units: the line or the plane among the points where there is room for it, and for any
// number of features predicted against actual and what each feature adds.

import { haveSameRows } from '../differences.js';
import { h, setAttribute, setText } from '../dom.js';
import { coalesceActs } from '../frames.js';
import { Chart } from './chart.js';
import { readRow } from './data.js';
import { describeLine } from './fit_line.js';
import { describePartial, describePredicted } from './fit_scatter.js';
import { describeSpace, startView, turn } from './fit_space.js';
import { inSight } from './in_sight.js';
import { KnownOptimum } from './known_optimum.js';
import { label, mostPoints, predict, rootMeanSquare } from './prediction.js';
import { distanceTo, nearest } from './stage.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { NamedSource } from '../../data/sources.js' */
/** @import { Options } from '../../options.js' */
/** @import { Lab, LabData } from '../lab.js' */
/** @import { Plot } from './paint.js' */
/** @import { Picture, Table } from './picture.js' */
/** @import { Model } from './prediction.js' */
/** @import { Grip } from './stage.js' */

/** `partial 0` is the partial plot of the first feature. @typedef {string} Kind */

const grasp = 22; // pixels around a point
const turnPerPixel = 0.01;
const turnPerKey = Math.PI / 18;
const stepsPerAxis = 100; // by keys and buttons
/** Which way, the sign of the button, and how far to the right and up. @type {readonly (readonly [string, string, number, number])[]} */
const ways = [
  ['left', '←', -1, 0],
  ['right', '→', 1, 0],
  ['up', '↑', 0, 1],
  ['down', '↓', 0, -1],
];

export class FitView {
  #lab;
  #t;
  #kind;
  #residuals;
  #squares;
  #hint = h('p', { class: 'hint' });
  #edited;
  #chart;
  #optimum;
  #view = startView;
  #picked = h('span', { role: 'status' });
  /** The row that the buttons move. @type {number | undefined} */ #row;
  /** The run before, of whose rows it is one. @type {{ options: Options, base: NamedSource }} */ #rowsOf;
  /** The row in the reader's hand, of which data, and where to. @type {{ row: number, data: LabData, y: number, domains: { x: [number, number], y: [number, number] } } | undefined} */
  #held;
  #move = coalesceActs(() => this.#moveHeld());
  /** For who can neither drag nor press keys. */
  #arrows = ways.map(([, sign, right, up]) => {
    const button = h('button', { type: 'button' }, sign);
    button.addEventListener('click', () => this.#nudge(right, up));
    return button;
  });

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    this.#t = t;
    const redraw = () => lab.attempt(() => this.#show());
    this.#kind = h('select', { id: 'fit-kind', 'aria-label': t('fit.kind') });
    this.#kind.addEventListener('change', redraw);
    this.#residuals = checkbox(t('fit.residuals'), true, redraw);
    this.#squares = checkbox(t('fit.squares'), false, redraw);
    const toggles = h('div', { class: 'switches' }, this.#residuals.element, this.#squares.element);
    this.#chart = new Chart(t, {
      id: 'chart-fit',
      title: t('view.fit'),
      signal,
      controls: [this.#kind, toggles],
      hands: {
        words: this.#hint,
        hint: h('div', {}, this.#hint, h('div', { class: 'arrows' }, ...this.#arrows, this.#picked)),
        reach: (px, py, plot) => this.#reach(px, py, plot),
        grab: (...how) => this.#grab(...how),
        press: (event, i) => this.#press(event, i),
      },
    });
    const restore = h('button', { type: 'button', 'data-action': 'restore' }, t('fit.restore'));
    restore.addEventListener('click', () => {
      this.#row = undefined;
      if (lab.tryTo(() => lab.restoreData())) this.#chart.focus(); // the button is gone
    });
    restore.hidden = lab.locked;
    this.#edited = h('div', { class: 'edited', hidden: true }, h('p', { role: 'status' }), restore);
    this.element = h('div', {}, this.#chart.element, this.#edited);
    this.#optimum = new KnownOptimum(lab, signal, redraw);
    this.#rowsOf = { options: lab.options, base: lab.base };
    lab.addEventListener('run', () => this.#forgetRow(), { signal });
    const show = inSight(this.element, lab, signal, () => this.#show());
    lab.watch(['run', 'progress', 'pins'], show, signal);
    signal.addEventListener('abort', () => (this.#held = undefined)); // a move that is due comes too late
    redraw();
  }

  #show() {
    const { trainer, data, playing, source } = this.#lab;
    if (!trainer || !data) return;
    this.#fillKinds(data);
    const kind = this.#kind.value;
    this.#residuals.element.toggleAttribute('hidden', kind !== 'line' && kind !== 'space');
    this.#squares.element.toggleAttribute('hidden', kind !== 'line');
    setText(this.#hint, this.#movable ? this.#t('fit.hint_line') : kind === 'space' ? this.#t('fit.hint_space') : '');
    this.#showArrows(data, kind);
    this.#edited.toggleAttribute('hidden', source !== 'edited');
    const note = this.#edited.querySelector('p');
    if (note) setText(note, source === 'edited' ? this.#t('fit.edited') : '');
    this.#chart.show(this.#describe(kind), !playing);
  }

  /** @param {LabData} data @param {Kind} kind */
  #showArrows(data, kind) {
    const [space, movable] = [kind === 'space', this.#movable];
    const row = movable && Number(this.#row) < data.n ? this.#row : undefined;
    for (const [i, [way, , right]] of ways.entries()) {
      const button = /** @type {HTMLButtonElement} */ (this.#arrows[i]);
      const label = this.#t(space ? 'fit.turn' : 'fit.move', { way: { key: `fit.${way}` } });
      setAttribute(button, 'aria-label', label);
      button.toggleAttribute('hidden', !space && (!movable || right !== 0));
      button.toggleAttribute('disabled', !space && row === undefined);
    }
    setAttribute(this.#picked, 'aria-live', this.#chart.isRead ? 'off' : 'polite'); // what the cursor is on is said already
    setText(this.#picked, row === undefined ? '' : readRow(data, row, this.#t));
  }

  /** In other rows it would be another one. */
  #forgetRow() {
    const { options, base } = this.#lab;
    if (!haveSameRows(this.#rowsOf, this.#lab)) this.#row = undefined;
    this.#rowsOf = { options, base };
  }

  /** @param {LabData} data */
  #fillKinds({ d, names }) {
    const t = this.#t;
    /** @type {[Kind, string][]} */
    const kinds = [['predicted', t('fit.kind_predicted')]];
    if (d === 1) kinds.unshift(['line', t('fit.kind_line')]);
    else
      kinds.push(
        ...names.map(
          (name, j) => /** @type {[Kind, string]} */ ([`partial ${j}`, t('fit.kind_partial', { feature: name })]),
        ),
      );
    if (d === 2) kinds.unshift(['space', t('fit.kind_space')]);
    const key = kinds.map(([kind, text]) => `${kind} ${text}`).join('\n');
    if (this.#kind.dataset['key'] === key) return;
    const chosen = this.#kind.value;
    this.#kind.dataset['key'] = key;
    this.#kind.replaceChildren(...kinds.map(([kind, text]) => h('option', { value: kind }, text)));
    if (chosen !== '' && kinds.some(([kind]) => kind === chosen)) this.#kind.value = chosen;
  }

  /** @param {Kind} kind @returns {Picture} */
  #describe(kind) {
    return describeFit(this.#lab, this.#t, kind, {
      residuals: this.#residuals.checked,
      squares: this.#squares.checked,
      view: this.#view,
      best: this.#optimum.value?.coefficients,
      held: this.#held?.row ?? this.#row,
      domains: this.#held?.domains,
    });
  }

  /** Whether there are points to drag, and the settings may be changed. */
  get #movable() {
    return this.#kind.value === 'line' && !this.#lab.locked;
  }

  /** @param {number} px @param {number} py @param {Plot} plot */
  #reach(px, py, plot) {
    if (this.#kind.value === 'space') return true;
    return this.#movable && this.#nearestRow(px, py, plot) !== undefined;
  }

  /**
   * The row whose point is nearest to a place, if it is near: of many rows only some are drawn.
   * @param {number} px @param {number} py @param {Plot} plot @returns {number | undefined}
   */
  #nearestRow(px, py, plot) {
    const track = this.#chart.picture?.track;
    if (!track) return undefined;
    const i = nearest(track, plot, px, py);
    return distanceTo(track, plot, i, px, py) < grasp ? track.rows?.[i] : undefined;
  }

  /**
   * A point to drag, or the space to turn. A finger first picks the point: else the page could not be scrolled from here.
   * @param {number} px @param {number} py @param {Plot} plot @param {string} pointerType @returns {Grip | undefined}
   */
  #grab(px, py, plot, pointerType) {
    if (this.#kind.value === 'space') return this.#turning(px, py);
    const { data } = this.#lab;
    if (!this.#movable || !data) return undefined;
    const row = this.#nearestRow(px, py, plot);
    if (row === undefined) return undefined;
    if (pointerType === 'touch' && row !== this.#row) {
      this.#row = row;
      this.#lab.attempt(() => this.#show());
      return undefined;
    }
    this.#hold(row, data, plot);
    const from = label(data, row);
    return {
      firm: true,
      cancel: () => {
        if (this.#held) this.#held.y = from;
      },
      move: (_, y) => {
        if (!this.#held) return;
        this.#held.y = rounded(plot.y.invert(y), plot);
        this.#move();
      },
      end: () => this.#letGo(),
    };
  }

  /** @param {number} px @param {number} py @returns {Grip} */
  #turning(px, py) {
    let last = [px, py];
    return {
      move: (x, y) => {
        this.#view = turn(this.#view, (x - Number(last[0])) * turnPerPixel, (y - Number(last[1])) * turnPerPixel);
        last = [x, y];
        this.#lab.attempt(() => this.#show());
      },
      end: () => {},
    };
  }

  /** The axes stay as they are while a row is held: what is moved is the point. @param {number} row @param {LabData} data @param {Plot} plot */
  #hold(row, data, plot) {
    this.#row = row;
    this.#held = { row, data, y: label(data, row), domains: { x: plot.x.domain, y: plot.y.domain } };
    this.#lab.attempt(() => this.#show());
  }

  #letGo() {
    try {
      this.#moveHeld();
    } finally {
      this.#held = undefined;
      this.#lab.attempt(() => this.#show());
    }
  }

  /** @param {KeyboardEvent} event @param {number | undefined} i under the cursor */
  #press({ key, shiftKey }, i) {
    const [right, up] = [
      Number(key === 'ArrowRight') - Number(key === 'ArrowLeft'),
      Number(key === 'ArrowUp') - Number(key === 'ArrowDown'),
    ];
    const turns = this.#kind.value === 'space' && shiftKey && (right || up);
    if (!turns && (!this.#movable || !up || i === undefined)) return false;
    if (!turns) this.#row = this.#chart.picture?.track?.rows?.[Number(i)];
    this.#nudge(right, up, shiftKey ? 0.1 : 1);
    return true;
  }

  /** Turns the space, or moves the row that was picked. @param {number} right @param {number} up @param {number} [share] of a step */
  #nudge(right, up, share = 1) {
    const { data } = this.#lab;
    const plot = this.#chart.plot;
    if (this.#kind.value === 'space') {
      this.#view = turn(this.#view, right * turnPerKey, -up * turnPerKey);
      this.#lab.attempt(() => this.#show());
    } else if (this.#row !== undefined && data && plot) {
      const [low, high] = plot.y.domain;
      const step = ((high - low) / stepsPerAxis) * share;
      this.#moveLabel(this.#row, rounded(label(data, this.#row) + up * step, plot));
    }
  }

  /** Where other data have come meanwhile, there is nothing to hold any more. */
  #moveHeld() {
    const held = this.#held;
    if (!held || held.data !== this.#lab.data) return;
    this.#moveLabel(held.row, held.y);
    held.data = this.#lab.data ?? held.data;
  }

  /** A point that was only picked leaves the data as they are. @param {number} row @param {number} y */
  #moveLabel(row, y) {
    if (this.#lab.data && label(this.#lab.data, row) !== y) this.#lab.tryTo(() => this.#lab.moveLabel(row, y));
  }
}

/** @param {string} text @param {boolean} checked @param {() => void} changed */
function checkbox(text, checked, changed) {
  const input = h('input', { type: 'checkbox', checked });
  input.addEventListener('change', changed);
  const element = h('label', { class: 'switch' }, input, h('span', {}, text));
  return {
    element,
    get checked() {
      return input.checked;
    },
  };
}

/** A pixel says no more than about three digits. @param {number} value @param {Plot} plot */
function rounded(value, { y: { domain } }) {
  const unit = 10 ** Math.floor(Math.log10((domain[1] - domain[0]) / 1000));
  return Number((Math.round(value / unit) * unit).toPrecision(12));
}

/**
 * @param {Lab} lab with a trainer @param {Translate} t @param {Kind} kind
 * @param {{ view?: import('./fit_space.js').Viewpoint } & import('./fit_line.js').LineChoices} choices
 * @returns {Picture}
 */
export function describeFit(lab, t, kind, { view = startView, ...choices }) {
  const data = /** @type {LabData} */ (lab.data);
  const model = /** @type {NonNullable<Lab['trainer']>} */ (lab.trainer).coefficients;
  const error = t.number(rootMeanSquare(data, model), 3);
  const sentences = [t('fit.summary', { step: lab.step, error, label: data.label_name })];
  if (data.n > mostPoints) sentences.push(t('fit.sampled', { shown: mostPoints, n: data.n }));
  return {
    summary: sentences.join(t('sentence.space')),
    table: () => makeTable(data, model, t),
    ...describeKind(lab, data, model, t, kind, { view, ...choices }),
  };
}

/**
 * @param {Lab} lab @param {LabData} data @param {Model} model @param {Translate} t @param {Kind} kind
 * @param {{ view: import('./fit_space.js').Viewpoint } & import('./fit_line.js').LineChoices} choices
 */
function describeKind(lab, data, model, t, kind, choices) {
  if (kind === 'line') return describeLine(lab, data, model, choices, t);
  if (kind === 'space') return describeSpace(lab, data, model, choices, t);
  if (kind === 'predicted') return describePredicted(lab, data, model, t);
  return describePartial(lab, data, model, Number(kind.replace('partial ', '')), t);
}

/** @param {LabData} data @param {Model} model @param {Translate} t @returns {Table} */
function makeTable(data, model, t) {
  const { label_name: name } = data;
  return {
    columns: [t('chart.row'), t('fit.actual', { label: name }), t('fit.predicted', { label: name }), t('fit.residual')],
    length: data.n,
    row: (i) => {
      const [y, predicted] = [label(data, i), predict(data, i, model)];
      return [i, y, predicted, predicted - y];
    },
  };
}
