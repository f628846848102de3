// Gives a lab its engine, and says so when there is none. One engine serves every lab of a page.

import { LinregError, loadEngine } from '../engine.js';
import { advise, tell } from '../i18n/index.js';
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
    try {
      this.#lab.load(engine);
    } catch (error) {
      if (!(error instanceof LinregError)) throw error;
      this.#fail(error);
    }
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
    const key = this.#failure.code === 'trapped' ? 'failure.trapped' : 'failure.load';
    const [cause, hint] = [tell(t, this.#failure), advise(t, this.#failure)];
    this.element.replaceChildren(
      h('p', {}, t(key), t('sentence.space'), h('span', { class: 'cause' }, t('failure.cause', { cause, hint }))),
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
