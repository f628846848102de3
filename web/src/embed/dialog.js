// The dialog in which an author says where the lab is to go and how it is to look, and gets the lines to paste.

import { languages, translator } from '../i18n/index.js';
import { copyButton } from '../lab/copy.js';
import { h, rich, setText } from '../lab/dom.js';
import { partNames } from '../lab/parts.js';
import { chosenSettings, firstChosen } from './chosen.js';
import { exampleSite, hosts } from './hosts.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab } from '../lab/lab.js' */

const heights = Object.freeze({ min: 200, max: 5000 });

/** What is shown, what is left out, and how many pixels that takes. @typedef {{ views: readonly string[], hidden: readonly string[], height: number }} Shown */

/** @param {Lab} lab @param {Translate} t @param {Shown} shown */
export function embedDialog(lab, t, shown) {
  const form = new EmbedForm(lab, t, shown);
  const note = h('p', { class: 'embed-note' });
  const lines = h('pre', {
    class: 'printed',
    id: 'embed-lines',
    tabindex: 0,
    role: 'region',
    'aria-label': t('embed.lines'),
  });
  const close = h('button', { type: 'button' }, t('help.close'));
  const dialog = h(
    'dialog',
    { id: 'embed', 'aria-labelledby': 'embed-title' },
    h('h2', { id: 'embed-title' }, t('embed.title')),
    h('p', {}, t('embed.what')),
    ...form.elements,
    note,
    lines,
    h(
      'div',
      { class: 'embed-actions' },
      copyButton(t, t('embed.copy'), t('embed.copy'), () => lines.textContent ?? ''),
      close,
    ),
  );
  const write = () => {
    form.update();
    note.replaceChildren(...rich(t(`host.note_${form.host.id}`)));
    setText(lines, form.host.write(form.values));
  };
  dialog.addEventListener('input', write);
  close.addEventListener('click', () => dialog.close());
  write();
  return dialog;
}

/** Where the lab is to go, and how it is to look. */
class EmbedForm {
  #lab;
  #t;
  #shown;
  #host;
  #site = h('input', { id: 'embed-site', type: 'url', class: 'value', size: 32, value: siteAddress() });
  #language;
  #theme;
  #height;
  #heightRow;
  #readonly;
  #autoplay;
  #parts;

  /** @param {Lab} lab @param {Translate} t @param {Shown} shown */
  constructor(lab, t, shown) {
    this.#lab = lab;
    this.#t = t;
    this.#shown = shown;
    this.#host = choice(
      'embed-host',
      hosts.map(({ id }) => [id, t(`host.${id}`)]),
    );
    this.#language = choice('embed-language', [
      ['', t('embed.reader_language')],
      ...languages.map(({ code, name }) => /** @type {[string, string]} */ ([code, name])),
    ]);
    this.#theme = choice('embed-theme', [
      ['', t('embed.theme_auto')],
      ['light', t('embed.theme_light')],
      ['dark', t('embed.theme_dark')],
    ]);
    const first = firstChosen(lab, shown);
    this.#height = h('input', {
      id: 'embed-height',
      type: 'number',
      class: 'value',
      ...heights,
      step: 10,
      value: shown.height,
    });
    this.#heightRow = field('embed-height', t('embed.height'), this.#height);
    this.#readonly = check('embed-readonly', t('embed.readonly'), first.readonly);
    this.#autoplay = check('embed-autoplay', t('embed.autoplay'), first.autoplay);
    this.#parts = partNames.map((name) => ({
      name,
      ...check(`embed-hide-${name}`, t(`part.${name}`), first.parts.includes(name)),
    }));
  }

  get elements() {
    const t = this.#t;
    return [
      h(
        'div',
        { class: 'rows' },
        field('embed-host', t('embed.host'), this.#host),
        field('embed-site', t('embed.site'), this.#site),
        field('embed-language', t('embed.language'), this.#language),
        field('embed-theme', t('embed.theme'), this.#theme),
        this.#heightRow,
      ),
      h('div', { class: 'checks' }, this.#readonly.element, this.#autoplay.element),
      h(
        'fieldset',
        {},
        h('legend', {}, t('embed.left_out')),
        h('div', { class: 'checks' }, ...this.#parts.map(({ element }) => element)),
      ),
    ];
  }

  update() {
    this.#heightRow.hidden = !this.host.framed;
  }

  get host() {
    return /** @type {typeof hosts[0]} */ (hosts.find(({ id }) => id === this.#host.value));
  }

  /** What the host's lines are written of. */
  get values() {
    const site = this.#site.value.trim().replace(/\/+$/, '') || exampleSite;
    const { language } = this.#chosen;
    const title = (language ? translator(language) : this.#t)('lab.name');
    const settings = chosenSettings(this.#lab, this.#shown, this.#chosen);
    return { site, settings, title, height: this.#chosenHeight };
  }

  get #chosenHeight() {
    const { min, max } = heights;
    const given = Math.round(Number(this.#height.value));
    return given >= min && given <= max ? given : Math.min(Math.max(this.#shown.height, min), max);
  }

  /** @returns {import('./chosen.js').Chosen} */
  get #chosen() {
    return {
      language: this.#language.value,
      theme: this.#theme.value,
      readonly: this.#readonly.input.checked,
      autoplay: this.#autoplay.input.checked,
      parts: this.#parts.flatMap(({ name, input }) => (input.checked ? name : [])),
    };
  }
}

/** Where the lab's files are: the scripts of a site stand beside its pages, or in a folder there. */
function siteAddress() {
  const script = import.meta.url;
  return /^https?:/.test(script) ? new URL('.', script).href.replace(/\/(assets\/)?$/, '') : exampleSite;
}

/** @param {string} id @param {readonly (readonly [string, string])[]} choices values and their texts */
const choice = (id, choices) => h('select', { id }, ...choices.map(([value, text]) => h('option', { value }, text)));

/** @param {string} id @param {string} label @param {HTMLElement} input */
const field = (id, label, input) => h('div', { class: 'setting' }, h('label', { for: id }, label), input);

/** @param {string} id @param {string} text @param {boolean} checked */
function check(id, text, checked) {
  const input = h('input', { id, type: 'checkbox', checked });
  return { input, element: h('label', { class: 'flag' }, input, h('span', {}, text)) };
}
