// The dialog that lists the keys.

import { h } from './dom.js';
import { keys } from './keys.js';

/** @import { Translate } from '../i18n/index.js' */

/** @param {Translate} t */
export function helpDialog(t) {
  const close = h('button', { type: 'button' }, t('help.close'));
  const list = keys.flatMap(({ shown, action }) => [
    h('dt', {}, h('kbd', {}, shown)),
    h('dd', {}, t(`help.${action}`)),
  ]);
  const dialog = h(
    'dialog',
    { id: 'help', 'aria-labelledby': 'help-title' },
    h('h2', { id: 'help-title' }, t('help.title')),
    h('p', {}, t('help.where')),
    h('dl', {}, ...list),
    close,
  );
  close.addEventListener('click', () => dialog.close());
  return dialog;
}
