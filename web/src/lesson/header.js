// What stands around the cells: header, footer, and the choice of the data.

import { languages } from '../i18n/index.js';
import { sources } from '../data/sources.js';
import { h, rich } from '../lab/dom.js';
import { copyButton } from '../lab/copy.js';
import { scriptCode } from '../lab/notebook.js';

/** @import { Language, Translate } from '../i18n/index.js' */
/** @import { Source } from '../data/sources.js' */
/** @import { Lab } from '../lab/lab.js' */
/** @import { Context } from '../lab/notebook.js' */

/**
 * @param {Translate} t
 * @param {{ language: Language, setLanguage: (language: Language) => void, context: () => Context }} page
 */
export function makeHeader(t, { language, setLanguage, context }) {
  const choices = languages.map(({ code, name }) => h('option', { value: code, lang: code }, name));
  const select = h('select', { id: 'language' }, ...choices);
  select.value = language;
  select.addEventListener('change', () => setLanguage(/** @type {Language} */ (select.value)));
  return h(
    'header',
    { class: 'top' },
    h(
      'div',
      { class: 'bar' },
      h('span', { class: 'brand' }, 'linreg-lab'),
      h('label', { class: 'language' }, h('span', {}, t('language.label')), select),
    ),
    h('h1', {}, t('page.heading')),
    h('p', { class: 'prose lead' }, ...rich(t('page.lead'))),
    copyButton(t, t('copy.script'), t('copy.script'), () => scriptCode(context())),
  );
}

/** @param {Translate} t */
export function makeFooter(t) {
  return h('footer', {}, h('p', {}, ...rich(t('page.footer'))), h('p', {}, ...rich(t('page.cars'))));
}

/**
 * Synthetic or real data.
 * @param {Lab} lab @param {Translate} t @param {AbortSignal} signal
 */
export function sourceSwitch(lab, t, signal) {
  /** @type {Map<Source, HTMLInputElement>} */
  const inputs = new Map();
  const labels = sources.map((source) => {
    const input = h('input', { type: 'radio', name: 'source', id: `source-${source}`, value: source });
    input.addEventListener('change', () => lab.tryTo(() => lab.changeSource(source)) || show());
    inputs.set(source, input);
    return h('label', {}, input, h('span', {}, t(`source.${source}`)));
  });
  const show = () =>
    inputs.forEach((input, source) =>
      Object.assign(input, { checked: lab.source === source, disabled: !lab.hasEngine }),
    );
  for (const type of ['run', 'settings']) lab.addEventListener(type, show, { signal });
  show();
  return h('fieldset', { class: 'sources' }, h('legend', {}, t('source.legend')), ...labels);
}
