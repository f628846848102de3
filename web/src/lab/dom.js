// Small helpers to build the page. Text only ever becomes a text node.

/**
 * An element with attributes and children. An attribute that is false or undefined is left out, true is written empty.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | undefined>} [attributes]
 * @param {...(Node | string | undefined | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/**
 * Text in which `backticks` mark code.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function rich(text) {
  return text.split('`').map((part, i) => (i % 2 === 1 ? h('code', {}, part) : part));
}

/**
 * Sets an element's text only if it differs, so that screen readers and selections are left alone. The text node stays: to put
 * another in its place would have the browser lay out all that is around it anew, which takes longer than all the drawing.
 * @param {Element} element @param {string} text
 */
export function setText(element, text) {
  const { textContent, firstChild, lastChild } = element;
  if (textContent === text) return;
  const stays = text !== '' && firstChild === lastChild && firstChild?.nodeType === Node.TEXT_NODE;
  if (stays) firstChild.nodeValue = text;
  else element.textContent = text;
}

/**
 * Sets an attribute only if it differs: every change costs, even one to the same.
 * @param {Element} element @param {string} name @param {string | number | boolean} value
 */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * Joins many requests into one call after a pause of the given length.
 * @param {() => void} call @param {number} milliseconds
 */
export function debounce(call, milliseconds) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(call, milliseconds);
  };
}
