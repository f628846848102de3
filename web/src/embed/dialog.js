// The dialog in which an author says where the lab is to go and how it is to look, and gets the lines to paste.

import { languages, translator } from '../i18n/index.js';
import { copyButton } from '../lab/copy.js';
import { h, rich, setText } from '../lab/dom.js';
import { settingParts } from '../lab/link.js';
import { partNames } from '../lab/parts.js';
import { hosts } from './hosts.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab } from '../lab/lab.js' */

/** Where the files are said to be when that is not known: on a disk, or in a frame without an address. */
const someSite = 'https://example.org/linreg-lab';
const heights = Object.freeze({ min: 200, max: 5000 });

/**
 * @param {Lab} lab @param {Translate} t
 * @param {{ views: readonly string[], hidden: readonly string[], height: number }} now what is shown, what is left out, and
 *   how many pixels that takes
 */
export function embedDialog(lab, t, { views, hidden, height }) {
  const host = choice(
    'embed-host',
    hosts.map(({ id }) => [id, t(`host.${id}`)]),
  );
  const site = h('input', { id: 'embed-site', type: 'url', class: 'value', size: 32, value: siteAddress() });
  const language = choice('embed-language', [
    ['', t('embed.reader_language')],
    ...languages.map(({ code, name }) => /** @type {[string, string]} */ ([code, name])),
  ]);
  const theme = choice('embed-theme', [
    ['', t('embed.theme_auto')],
    ['light', t('embed.theme_light')],
    ['dark', t('embed.theme_dark')],
  ]);
  const pixels = h('input', {
    id: 'embed-height',
    type: 'number',
    class: 'value',
    ...heights,
    step: 10,
    value: height,
  });
  const isReadonly = check('embed-readonly', t('embed.readonly'), lab.locked);
  const autoplay = check('embed-autoplay', t('embed.autoplay'), false);
  const parts = partNames.map((name) => ({
    name,
    ...check(`embed-hide-${name}`, t(`part.${name}`), hidden.includes(name)),
  }));
  const note = h('p', { class: 'embed-note' });
  const lines = h('pre', {
    class: 'printed',
    id: 'embed-lines',
    tabindex: 0,
    role: 'region',
    'aria-label': t('embed.lines'),
  });
  const close = h('button', { type: 'button' }, t('help.close'));

  const chosenHeight = () => {
    const given = Math.round(Number(pixels.value));
    return given >= heights.min && given <= heights.max ? given : Math.min(Math.max(height, heights.min), heights.max);
  };
  /** As embed.html and the element take them. */
  const settings = () => {
    const left = [
      ...hidden.filter((name) => !partNames.includes(name)),
      ...parts.flatMap(({ name, input }) => (input.checked ? name : [])),
    ];
    const how = { view: views.join(','), hide: left.join(','), lang: language.value, theme: theme.value };
    return {
      ...Object.fromEntries(settingParts({ options: lab.options, source: lab.base })),
      ...Object.fromEntries(Object.entries(how).filter(([, text]) => text !== '')),
      ...(isReadonly.input.checked && { readonly: 'true' }),
      ...(autoplay.input.checked && { autoplay: 'true' }),
    };
  };
  const pixelsRow = field('embed-height', t('embed.height'), pixels);
  const write = () => {
    const chosen = /** @type {typeof hosts[0]} */ (hosts.find(({ id }) => id === host.value));
    const address = site.value.trim().replace(/\/+$/, '') || someSite;
    pixelsRow.hidden = !chosen.framed;
    note.replaceChildren(...rich(t(`host.note_${chosen.id}`)));
    const title = (language.value ? translator(language.value) : t)('lab.name');
    setText(lines, chosen.write({ site: address, settings: settings(), title, height: chosenHeight() }));
  };

  const dialog = h(
    'dialog',
    { id: 'embed', 'aria-labelledby': 'embed-title' },
    h('h2', { id: 'embed-title' }, t('embed.title')),
    h('p', {}, t('embed.what')),
    h(
      'div',
      { class: 'rows' },
      field('embed-host', t('embed.host'), host),
      field('embed-site', t('embed.site'), site),
      field('embed-language', t('embed.language'), language),
      field('embed-theme', t('embed.theme'), theme),
      pixelsRow,
    ),
    h('div', { class: 'checks' }, isReadonly.element, autoplay.element),
    h(
      'fieldset',
      {},
      h('legend', {}, t('embed.left_out')),
      h('div', { class: 'checks' }, ...parts.map(({ element }) => element)),
    ),
    note,
    lines,
    h(
      'div',
      { class: 'embed-actions' },
      copyButton(t, t('embed.copy'), t('embed.copy'), () => lines.textContent ?? ''),
      close,
    ),
  );
  dialog.addEventListener('input', write);
  close.addEventListener('click', () => dialog.close());
  write();
  return dialog;
}

/** Where the lab's files are: the scripts of a site stand beside its pages, or in a folder there. */
function siteAddress() {
  const script = import.meta.url;
  return /^https?:/.test(script) ? new URL('.', script).href.replace(/\/(assets\/)?$/, '') : someSite;
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
