// The dialog that lists the keys.

import { h } from './dom.js';
import { keys, pictureKeys } from './keys.js';

/** @import { Translate } from '../i18n/index.js' */

/** @param {Translate} t */
export function helpDialog(t) {
  const close = h('button', { type: 'button' }, t('help.close'));
  const list = (/** @type {string[][]} */ lines) =>
    h(
      'dl',
      {},
      ...lines.flatMap(([what, shown]) => [h('dt', {}, h('kbd', {}, shown)), h('dd', {}, t(`help.${what}`))]),
    );
  const dialog = h(
    'dialog',
    { id: 'help', 'aria-labelledby': 'help-title' },
    h('h2', { id: 'help-title' }, t('help.title')),
    h('p', {}, t('help.where')),
    list(keys.map(({ action, shown }) => [action, shown])),
    h('h3', {}, t('help.in_picture')),
    list(pictureKeys.map((line) => [...line])),
    close,
  );
  close.addEventListener('click', () => dialog.close());
  return dialog;
}
