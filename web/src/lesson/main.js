// Starts the lesson: reads the link, shows the page, loads the engine, and keeps the link up to date.

import { pickLanguage, translator } from '../i18n/index.js';
import { debounce, h, setText } from '../lab/dom.js';
import { EngineLoader } from '../lab/engine_loader.js';
import { Lab } from '../lab/lab.js';
import { linkNotice, linkSettings, readLink, writeLink } from '../lab/link.js';
import { followMotion } from '../lab/motion.js';
import { Page } from './page.js';

/** @import { Language } from '../i18n/index.js' */

const pause = 250; // milliseconds between two addresses

class Lesson {
  #link = readLink(location.hash);
  #chosenLanguage = this.#link.language;
  #language = this.#link.language ?? pickLanguage(navigator.languages);
  #t = translator(this.#language);
  #lab = new Lab(linkSettings(this.#link));
  /** The address as the page has read or written it. */
  #address = location.hash;
  #writtenAt = -Infinity;
  /** Where the run last rested, or what it was sent to. */
  #step = this.#link.step;
  #loader = new EngineLoader(this.#lab, this.#link.step);
  /** @type {Page | undefined} */ #page;
  #skip = h('a', { class: 'skip', href: '#lesson' });
  #notice = h('p', { class: 'link-notice', role: 'status' });

  start() {
    followMotion(this.#lab);
    this.#skip.addEventListener('click', (event) => this.#skipToLesson(event));
    document.body.prepend(this.#skip);

    // Settings as soon as browsers allow, which refuse to write too often: nothing that leaves the page should lose them.
    const later = debounce(() => this.#writeLink(), pause);
    const remember = () => (performance.now() < this.#writtenAt + pause ? later() : this.#writeLink());
    this.#lab.addEventListener('run', () => (this.#step = 0));
    for (const event of ['settings', 'run']) this.#lab.addEventListener(event, remember);
    this.#lab.addEventListener('progress', () => this.#lab.playing || later());
    addEventListener('hashchange', () => this.#followLink());

    this.#loader.load(); // it comes while the page is made
    this.#show();
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
      banners: [this.#notice, this.#loader.element],
      shown: this.#page?.labElement,
    });
    document.body.append(this.#page.element);
    this.#showNotice();
    this.#loader.show(t);
  }

  /** @param {Language} language */
  #setLanguage(language) {
    this.#language = this.#chosenLanguage = language;
    this.#t = translator(language);
    this.#show();
    document.getElementById('language')?.focus();
    this.#writeLink();
  }

  #showNotice() {
    setText(this.#notice, linkNotice(this.#t, this.#link));
  }

  #writeLink() {
    if (location.hash !== this.#address) return; // another link is there, and will be followed
    const { options, base, heading, lost, playing } = this.#lab;
    // The step of a run that is played is written when it rests.
    if (!playing || heading.owed === undefined) this.#step = heading.step;
    const hash = writeLink({ options, source: base, step: lost ? 0 : this.#step, language: this.#chosenLanguage });
    try {
      this.#writtenAt = performance.now();
      if (hash !== location.hash) history.replaceState(history.state, '', hash);
      this.#address = location.hash;
    } catch {
      // A sandboxed frame may not write its address; the lesson works all the same.
    }
  }

  /** The reader opened another link to this page, or went back to one. */
  #followLink() {
    if (location.hash === this.#address) return;
    this.#address = location.hash;
    this.#link = readLink(location.hash);
    const { language } = this.#link;
    if (language && language !== this.#language) {
      this.#chosenLanguage = this.#language = language;
      this.#t = translator(language);
      this.#show();
    }
    this.#showNotice();
    this.#lab.tryTo(() => this.#lab.open({ ...linkSettings(this.#link), step: this.#link.step }));
  }

  /** Without this the skip link would replace the run's link. @param {Event} event */
  #skipToLesson(event) {
    event.preventDefault();
    const lesson = document.getElementById('lesson');
    lesson?.setAttribute('tabindex', '-1');
    lesson?.focus();
  }
}

document.getElementById('not-started')?.remove();
new Lesson().start();
