// The dialog that lists the keys.

import { h } from './dom.js';
import { keys, pictureKeys } from './keys.js';

/** @import { Translate } from '../i18n/index.js' */

/** @param {Translate} t @param {(action: string) => boolean} offers whether the key of an action does anything */
export function helpDialog(t, offers) {
  const close = h('button', { type: 'button' }, t('help.close'));
  const list = keys
    .filter(({ action }) => offers(action))
    .flatMap(({ shown, action }) => [h('dt', {}, h('kbd', {}, shown)), h('dd', {}, t(`help.${action}`))]);
  const pictures = Object.entries(pictureKeys).flatMap(([view, hints]) => [
    h('dt', {}, t(`view.${view}`)),
    h('dd', {}, hints.map((hint) => t(hint)).join(t('sentence.space'))),
  ]);
  const dialog = h(
    'dialog',
    { id: 'help', 'aria-labelledby': 'help-title' },
    h('h2', { id: 'help-title', tabindex: -1, autofocus: '' }, t('help.title')), // else it opens at its end, where Close is
    h('p', {}, t('help.where')),
    h('dl', {}, ...list),
    h('h3', {}, t('help.in_picture')),
    h('p', {}, t('chart.hint')),
    h('dl', {}, ...pictures),
    close,
  );
  close.addEventListener('click', () => dialog.close());
  return dialog;
}
