// A button that copies text and says whether it could.

import { debounce, h, setText } from './dom.js';

/** @import { Translate } from '../i18n/index.js' */

const shownFor = 2000; // milliseconds

/**
 * A frame to which its page does not lend the clipboard may still copy what is selected in it.
 * @param {string} text @param {HTMLElement} button that was pressed
 */
async function write(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const area = h('textarea', { class: 'visually-hidden', 'aria-hidden': 'true' });
    area.value = text;
    button.after(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    button.focus();
    if (!copied) throw error;
  }
}

/**
 * @param {Translate} t
 * @param {string} name for those who do not see where the button stands
 * @param {string} label
 * @param {() => string} text
 */
export function copyButton(t, name, label, text) {
  const word = h('span', {}, label);
  const told = h('span', { class: 'visually-hidden', role: 'status' });
  const button = h('button', { type: 'button', class: 'copy', 'aria-label': name }, word);
  const forget = debounce(() => {
    setText(word, label);
    setText(told, '');
  }, shownFor);
  const say = (/** @type {string} */ words) => {
    setText(word, words);
    setText(told, words);
    forget();
  };
  button.addEventListener('click', async () => {
    try {
      await write(text(), button);
      say(t('copy.done'));
    } catch {
      say(t('copy.refused'));
    }
  });
  return h('span', {}, button, told);
}
