// The page of a lab in a frame.

import '../lab/define.js';
import { pickLanguage, translator } from '../i18n/index.js';
import { h, setText } from '../lab/dom.js';
import { settingNames } from '../lab/attributes.js';
import { linkNotice } from '../lab/link.js';
import { hideable } from '../lab/parts.js';
import { styleSheets } from '../lab/styles.js';
import { views } from '../lab/views/index.js';
import { obeyHost, reportHeight } from './frame.js';
import { readSettings } from './address.js';

/** @import { Theme } from '../lab/styles.js' */

const known = { views: views.map(({ name }) => name), hideable };
const notice = h('p', { class: 'link-notice', role: 'status' });
const lab = document.createElement('linreg-lab');
const words = h('p');
// Where the lab cannot train, it shows what stands inside it: what the page would have shown without this script.
const notStarted = /** @type {HTMLElement} */ (document.getElementById('not-started'));
const lesson = /** @type {HTMLAnchorElement} */ (notStarted.lastElementChild);
const picture = /** @type {HTMLImageElement} */ (lesson.firstElementChild);
lesson.prepend(words);
lab.append(lesson);

/** Sets the lab up as the address says. */
function follow() {
  const { attributes, id, origins, link } = readSettings(location.search, location.hash, known);
  const language = pickLanguage([attributes.get('lang') ?? '', ...navigator.languages]);
  const t = translator(language);
  document.documentElement.lang = language;
  document.adoptedStyleSheets = styleSheets(/** @type {Theme} */ (attributes.get('theme') ?? 'auto'), document);
  document.title = picture.alt = t('lab.name');
  setText(words, t('embed.whole'));
  const own = [...settingNames, 'lang'].flatMap((name) =>
    attributes.has(name) ? `${name}=${attributes.get(name)}` : [],
  );
  lesson.hash = own.join('&');
  setText(notice, linkNotice(t, link));
  for (const name of lab.getAttributeNames()) if (!attributes.has(name)) lab.removeAttribute(name);
  attributes.forEach((text, name) => lab.setAttribute(name, text));
  return { id, origins };
}

let settings = follow();
notStarted.replaceWith(notice, lab);
addEventListener('hashchange', () => (settings = follow()));
reportHeight(() => settings.id);
obeyHost(lab, () => settings);
