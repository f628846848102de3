// The style sheets of the element's shadow, parsed once for all labs of a document: no other document takes them. A
// view that needs a sheet of its own adds it here. The bundler makes their lengths and tokens the element's own (tools/bundle.mjs).

import base from '../styles/base.css' with { type: 'text' };
import chart from '../styles/chart.css' with { type: 'text' };
import code from '../styles/code.css' with { type: 'text' };
import contrast from '../styles/contrast.css' with { type: 'text' };
import controls from '../styles/controls.css' with { type: 'text' };
import dark from '../styles/dark.css' with { type: 'text' };
import embedDialog from '../styles/embed_dialog.css' with { type: 'text' };
import formulas from '../styles/formulas.css' with { type: 'text' };
import lab from '../styles/lab.css' with { type: 'text' };
import microscope from '../styles/microscope.css' with { type: 'text' };
import parameters from '../styles/parameters.css' with { type: 'text' };
import print from '../styles/print.css' with { type: 'text' };
import table from '../styles/table.css' with { type: 'text' };
import tokens from '../styles/tokens.css' with { type: 'text' };
import transport from '../styles/transport.css' with { type: 'text' };

/** @typedef {'auto' | 'light' | 'dark'} Theme */

/** @type {WeakMap<Document, Map<Theme, CSSStyleSheet[]>>} */
const made = new WeakMap();

/** @param {Theme} theme @param {Document} document of the element @returns {CSSStyleSheet[]} for adoptedStyleSheets */
export function styleSheets(theme, document) {
  const view = document.defaultView;
  if (!view) return []; // nothing is seen of it
  const known = made.get(document) ?? new Map();
  made.set(document, known);
  const sheets = known.get(theme) ?? makeSheets(theme, view);
  known.set(theme, sheets);
  return sheets;
}

/** @param {Theme} theme @param {Window & typeof globalThis} view */
function makeSheets(theme, { CSSStyleSheet }) {
  const sheet = (/** @type {string} */ text, media = '') => {
    const result = new CSSStyleSheet({ media });
    result.replaceSync(text);
    return result;
  };
  const darkened = {
    auto: () => [sheet(dark, 'screen and (prefers-color-scheme: dark)')],
    light: () => [],
    dark: () => [sheet(dark, 'screen')], // paper is light
  }[theme];
  const rules = [
    base,
    controls,
    chart,
    lab,
    transport,
    microscope,
    formulas,
    parameters,
    table,
    code,
    embedDialog,
    print,
  ];
  return [sheet(tokens), ...darkened(), sheet(contrast, '(prefers-contrast: more)'), sheet(rules.join('\n'))];
}
