// What the Embed dialog begins with, and the settings that come of what was chosen in it.

import { settingParts } from '../lab/link.js';
import { partNames } from '../lab/parts.js';

/** @import { Lab } from '../lab/lab.js' */

/**
 * What an author chooses for a lab.
 * @typedef {object} Chosen
 * @property {string} language '' for the reader's
 * @property {string} theme '' for the page's
 * @property {boolean} readonly
 * @property {boolean} autoplay
 * @property {readonly string[]} parts to leave out
 */

/**
 * As the lab is.
 * @param {Pick<Lab, 'locked'>} lab @param {{ hidden: readonly string[] }} shown
 * @returns {Chosen}
 */
export const firstChosen = ({ locked }, { hidden }) => ({
  language: '',
  theme: '',
  readonly: locked,
  autoplay: false,
  parts: partNames.filter((name) => hidden.includes(name)),
});

/**
 * The settings as embed.html and the element take them. Options that are left out stay so: the dialog has no word for them.
 * @param {Pick<Lab, 'options' | 'base'>} lab @param {{ views: readonly string[], hidden: readonly string[] }} shown
 * @param {Chosen} chosen
 * @returns {Record<string, string>}
 */
export function chosenSettings({ options, base }, { views, hidden }, { language, theme, readonly, autoplay, parts }) {
  const left = [...hidden.filter((name) => !partNames.includes(name)), ...parts];
  const how = { view: views.join(','), hide: left.join(','), lang: language, theme };
  return {
    ...Object.fromEntries(settingParts({ options, source: base })),
    ...Object.fromEntries(Object.entries(how).filter(([, text]) => text !== '')),
    ...(readonly && { readonly: 'true' }),
    ...(autoplay && { autoplay: 'true' }),
  };
}
