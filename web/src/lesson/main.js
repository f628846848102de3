// Starts the lesson: reads the link, shows the page, loads the engine, and keeps the link up to date.

import { LinregError, loadEngine } from '../engine.js';
import { pickLanguage, translator } from '../i18n/index.js';
import { debounce, h, setText } from '../lab/dom.js';
import { Lab } from '../lab/lab.js';
import { readLink, sourceDefaults, writeLink } from '../lab/link.js';
import { randomSeed } from '../lab/transport.js';
import { Page } from './page.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Link } from '../lab/link.js' */

const mostNamed = 5; // bad parts of a link that the notice names

class Lesson {
  #link = readLink(location.hash);
  #chosenLanguage = this.#link.language;
  #language = this.#link.language ?? pickLanguage(navigator.languages);
  #t = translator(this.#language);
  #lab = new Lab(settings(this.#link));
  #written = '';
  /** @type {LinregError | undefined} */ #failure;
  /** @type {Page | undefined} */ #page;
  #skip = h('a', { class: 'skip', href: '#lesson' });
  #notice = h('p', { class: 'link-notice', role: 'status' });
  #failed = h('div', { class: 'failed', role: 'alert' });

  start() {
    const motion = matchMedia('(prefers-reduced-motion: reduce)');
    if (motion.matches) Object.assign(this.#lab, { speed: 'fast', pace: 500 });
    motion.addEventListener('change', () => {
      this.#lab.pace = motion.matches ? 500 : 0;
    });
    this.#skip.addEventListener('click', (event) => this.#skipToLesson(event));
    document.body.prepend(this.#skip);

    const remember = debounce(() => this.#writeLink(), 200);
    for (const event of ['settings', 'run', 'progress']) this.#lab.addEventListener(event, remember);
    this.#lab.addEventListener('failure', (event) => {
      this.#link.step = 0; // what trapped once may trap again
      this.#fail(/** @type {CustomEvent<LinregError>} */ (event).detail);
    });
    addEventListener('hashchange', () => this.#followLink());

    this.#show();
    this.#load();
  }

  /** Shows the page in the present language. */
  #show() {
    const t = this.#t;
    document.documentElement.lang = this.#language;
    document.title = t('page.title');
    setText(this.#skip, t('page.skip'));
    this.#page?.dispose();
    this.#page = new Page(this.#lab, t, {
      language: this.#language,
      setLanguage: (language) => this.#setLanguage(language),
      banners: [this.#notice, this.#failed],
    });
    document.body.append(this.#page.element);
    this.#showNotice();
    this.#showFailure();
  }

  /** @param {Language} language */
  #setLanguage(language) {
    this.#language = this.#chosenLanguage = language;
    this.#t = translator(language);
    this.#show();
    document.getElementById('language')?.focus();
    this.#writeLink();
  }

  async #load() {
    this.#failure = undefined;
    this.#showFailure();
    let engine;
    try {
      engine = await loadEngine();
    } catch (cause) {
      return this.#fail(asLinregError(cause));
    }
    try {
      this.#lab.load(engine, this.#link.step);
    } catch (error) {
      if (!(error instanceof LinregError)) throw error;
      this.#fail(error);
    }
  }

  /** @param {LinregError} error */
  #fail(error) {
    this.#failure = error;
    this.#showFailure();
  }

  #showFailure() {
    const t = this.#t;
    if (!this.#failure) return this.#failed.replaceChildren();
    const retry = h('button', { type: 'button' }, t('failure.retry'));
    retry.addEventListener('click', () => this.#load());
    const key = this.#failure.code === 'trapped' ? 'failure.trapped' : 'failure.load';
    this.#failed.replaceChildren(
      h('p', {}, t(key), ' ', h('span', { class: 'cause', lang: 'en' }, this.#failure.message)),
      retry,
    );
  }

  #showNotice() {
    const { bad } = this.#link;
    const more = bad.length > mostNamed ? '…' : '';
    setText(
      this.#notice,
      bad.length > 0 ? this.#t('link.bad', { parts: bad.slice(0, mostNamed).join(', ') + more }) : '',
    );
  }

  #writeLink() {
    const { options, source, step, altered, playing } = this.#lab;
    if (playing) return;
    // After a change in mid-run the settings alone do not lead back to this step.
    const hash = writeLink({ options, source, step: altered ? 0 : step, language: this.#chosenLanguage });
    this.#written = hash;
    try {
      if (hash !== location.hash) history.replaceState(history.state, '', hash);
    } catch {
      // A sandboxed frame may not write its address; the lesson works all the same.
    }
  }

  /** The reader opened another link to this page, or went back to one. */
  #followLink() {
    if (location.hash === this.#written) return;
    this.#link = readLink(location.hash);
    const { language } = this.#link;
    if (language && language !== this.#language) {
      this.#chosenLanguage = this.#language = language;
      this.#t = translator(language);
      this.#show();
    }
    this.#showNotice();
    this.#lab.open({ ...settings(this.#link), step: this.#link.step });
  }

  /** Without this the skip link would replace the run's link. @param {Event} event */
  #skipToLesson(event) {
    event.preventDefault();
    const lesson = document.getElementById('lesson');
    lesson?.setAttribute('tabindex', '-1');
    lesson?.focus();
  }
}

/** The settings that a link gives; a seed that it lacks is chosen at random. @param {Link} link */
function settings({ options, source }) {
  return { source, options: { ...sourceDefaults(source), seed: randomSeed(), ...options } };
}

/** A script of the engine's may itself be missing. @param {unknown} cause */
function asLinregError(cause) {
  if (cause instanceof LinregError) return cause;
  return new LinregError({ code: 'load_failed', message: cause instanceof Error ? cause.message : String(cause) });
}

new Lesson().start();
