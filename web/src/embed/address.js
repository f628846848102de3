// What an address asks of the lab in a frame: embed.html?lr=0.03&seed=1&view=loss,fit&hide=seed&lang=zh-CN#theme=dark
// The options are the link's; the rest is how the lab looks and who may speak to it. What cannot be used is left out
// and named.

import { clip } from '../errors.js';
import { flags, settingNames, splitNames, unknownWords } from '../lab/attributes.js';
import { findLanguage } from '../i18n/index.js';
import { readParts, splitHash } from '../lab/link.js';
import { themes } from '../lab/reflected.js';
import { findOption, formatOption, optionNames } from '../options.js';

/** @import { Link } from '../lab/link.js' */

/**
 * @typedef {object} FrameSettings
 * @property {Map<string, string>} attributes of the element
 * @property {string} id that the messages to the host carry
 * @property {string[]} origins that may send commands
 * @property {Pick<Link, 'options' | 'step' | 'bad' | 'clamped'>} link what it says of the run, and all that could not be used as it is
 */

const mostOrigins = 8;

/**
 * @param {string} search @param {string} hash which counts where both say something
 * @param {{ views: readonly string[], hideable: readonly string[] }} known the names of views, and of what can be hidden
 * @returns {FrameSettings}
 */
export function readSettings(search, hash, { views, hideable }) {
  /** @type {string[]} */
  const bad = [];
  /** @type {Map<string, string>} */
  const attributes = new Map();
  const settings = { attributes, id: '', origins: /** @type {string[]} */ ([]) };
  const counts = [...split(hash, '#', bad)];
  const said = new Set(counts.map(([name]) => optionOf(name)));
  const given = new Map([...[...split(search, '?', bad)].filter(([name]) => !said.has(optionOf(name))), ...counts]);
  /** @type {[string, string][]} */
  const parts = [];
  for (const [name, text] of given) {
    if (flags.includes(name)) attributes.set(name, text);
    else if (name === 'lang' && findLanguage(text)) attributes.set(name, text);
    else if (name === 'theme' && themes.includes(text)) attributes.set(name, text);
    else if (name === 'view') addNames(attributes, name, text, views, bad);
    else if (name === 'hide') addNames(attributes, name, text, hideable, bad);
    else if (name === 'id' && /^[\w-]{1,64}$/.test(text)) settings.id = text;
    else if (name === 'origins' && text.split(',').length <= mostOrigins && text.split(',').every(isOrigin))
      settings.origins = text.split(',');
    else if (settingNames.includes(name)) parts.push([name, text]);
    else bad.push(clip(name));
  }
  return { ...settings, link: readOptions(attributes, parts, bad) };
}

/** An option may have several names. @param {string} name */
const optionOf = (name) => findOption(name)?.name ?? name;

/** @param {string} text @param {'?' | '#'} mark @param {string[]} bad */
function split(text, mark, bad) {
  const body = text.startsWith(mark) ? text.slice(1) : text;
  const marked = body.split('&').map((part) => (flags.includes(part) ? `${part}=` : part));
  return splitHash(marked.join('&'), bad);
}

/** An origin as browsers write it. @param {string} text */
function isOrigin(text) {
  try {
    return /^https?:/.test(text) && new URL(text).origin === text;
  } catch {
    return false;
  }
}

/**
 * @param {Map<string, string>} attributes @param {string} name @param {string} text
 * @param {readonly string[]} known @param {string[]} bad
 */
function addNames(attributes, name, text, known, bad) {
  const names = splitNames(text);
  const good = names.filter((part) => known.includes(part));
  if (good.length > 0) attributes.set(name, good.join(','));
  bad.push(...unknownWords(name, names, known));
}

/** @param {Map<string, string>} attributes @param {[string, string][]} parts @param {string[]} bad */
function readOptions(attributes, parts, bad) {
  const link = readParts(parts, bad);
  for (const name of optionNames) {
    const value = link.asked[name];
    if (value !== undefined) attributes.set(name, formatOption(value).replaceAll(' ', ''));
  }
  // What few rows cut of what was asked for, the lab itself will say.
  link.clamped = link.clamped.filter((name) => name === 'step' || link.asked[name] === link.options[name]);
  if (link.source !== 'synthetic') attributes.set('data', link.source);
  if (link.step > 0) attributes.set('step', String(link.step));
  return link;
}
