// Gives a lab its engine, and says why there is no run. One engine serves every lab of a page.

import { LinregError, loadEngine } from '../engine.js';
import { refusalOf } from '../errors.js';
import { tellWithHint } from '../i18n/index.js';
import { h } from './dom.js';

/** @import { Engine } from '../engine.js' */
/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab } from './lab.js' */

/** @type {Promise<Engine> | undefined} */
let shared;

/** The page's engine. One that could not be had is asked for again the next time. */
function sharedEngine() {
  const loading = (shared ??= loadEngine());
  loading.catch(() => abandon(loading));
  return loading;
}

/** @param {Promise<Engine> | undefined} engine that is of no use any more */
function abandon(engine) {
  if (shared === engine) shared = undefined;
}

export class EngineLoader {
  #lab;
  /** @type {Promise<Engine> | undefined} */ #engine;
  /** @type {LinregError | undefined} */ #failure;
  /** @type {Translate | undefined} */ #t;
  #closed = false;
  /** What went wrong, with a Retry; empty while nothing did. */
  element = h('div', { class: 'failed', role: 'alert' });

  /** @param {Lab} lab @param {number} [step] the step to bring the lab to */
  constructor(lab, step = 0) {
    this.#lab = lab;
    lab.goTo(step);
    lab.addEventListener('failure', (event) => {
      abandon(this.#engine);
      lab.goTo(0); // what trapped once may trap again
      this.#fail(/** @type {CustomEvent<LinregError>} */ (event).detail);
    });
    // Other settings than those that were refused may begin a run.
    lab.addEventListener('run', () => {
      if (!this.#failure || !lab.trainer) return;
      this.#fail(undefined);
      lab.arrive();
    });
  }

  async load() {
    this.#fail(undefined);
    this.#engine = sharedEngine();
    let engine;
    try {
      engine = await this.#engine;
    } catch (cause) {
      return this.#fail(asLinregError(cause));
    }
    if (this.#closed) return;
    const refusal = refusalOf(() => this.#lab.load(engine));
    if (refusal) this.#fail(refusal);
  }

  /** The lab goes: an engine that comes later is not given to it any more. */
  close() {
    this.#closed = true;
  }

  /** @param {LinregError | undefined} failure */
  #fail(failure) {
    this.#failure = this.#lab.unavailable = failure;
    if (failure) {
      this.#lab.dispatchEvent(new CustomEvent('unavailable', { detail: failure }));
      this.#lab.emit('settings');
      this.#lab.emit('progress');
    }
    if (this.#t) this.show(this.#t);
  }

  /** Says it in a language. @param {Translate} t */
  show(t) {
    this.#t = t;
    if (!this.#failure) return this.element.replaceChildren();
    const retry = h('button', { type: 'button' }, t('failure.retry'));
    retry.addEventListener('click', () => this.load());
    const { code } = this.#failure;
    const key = { trapped: 'failure.trapped', load_failed: 'failure.load' }[String(code)] ?? 'failure.refused';
    this.element.replaceChildren(
      h('p', {}, t(key), t('sentence.space'), h('span', { class: 'cause' }, tellWithHint(t, this.#failure))),
      retry,
    );
  }
}

/** A script of the engine's may itself be missing. @param {unknown} cause */
function asLinregError(cause) {
  if (cause instanceof LinregError) return cause;
  const params = { cause: cause instanceof Error ? cause.message : String(cause) };
  return new LinregError({ code: 'load_failed', text: { key: 'error.load', params } });
}
