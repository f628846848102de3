// Pages that are strict, broken, hostile or poor, for both browsers: what stands before a lab, and the headers it comes with.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { site } from './support.js';

/** Boxes that ask how wide, or how narrow, what is in them can be. */
const askingBoxes = [
  'display: flex',
  'display: flex; flex-direction: column; align-items: center',
  'display: grid; place-items: center',
  'display: inline-block',
  'width: fit-content',
  'display: table-cell',
  'float: left',
  'position: absolute',
  'writing-mode: vertical-rl; width: 100%',
  'display: block',
  'flex: 1',
  'grid-column: 1',
];

const columns = [700, 360]; // pixels

/** Labs in such boxes, each box in a column of its own. */
export const boxed = () =>
  module() +
  columns
    .flatMap((width) =>
      askingBoxes.map((box) => {
        const shape =
          box === 'flex: 1' ? 'display: flex' : box.startsWith('grid') ? 'display: grid; grid: auto / 1fr' : '';
        return `<div style="position: relative; width: ${width}px; ${shape}"><div style="${box}">${lab}</div></div>`;
      }),
    )
    .join('');

/** How many of those labs there are, and which are too narrow, or wider than their column. */
export function widths() {
  const labs = [...document.querySelectorAll('linreg-lab')];
  const bad = labs.flatMap(({ offsetWidth, parentElement }) => {
    const room = parentElement.parentElement.offsetWidth;
    const fits = offsetWidth >= Math.min(640, room) && offsetWidth <= room;
    return fits ? [] : `${parentElement.getAttribute('style')}: ${offsetWidth} of ${room}`;
  });
  return { labs: labs.length, bad };
}

export const module = (url = 'linreg-lab.js') => `<script type="module" src="${url}"></script>`;
export const lab = '<linreg-lab seed="42">no lab here</linreg-lab>';
export const element = module() + lab;

/**
 * Serves the site, and as host.html a page around it.
 * @param {string} html of that page's body
 * @param {{ headers?: Record<string, string>, wasm?: (response: import('node:http').ServerResponse, file: Buffer) => void }} [how]
 *   headers of every response, and another answer to who asks for WebAssembly
 */
export const serveHost = (serve, html, { headers = {}, wasm } = {}) =>
  serve(site, {
    headers: { ...anyOrigin, ...headers },
    answer: (path, response) => {
      if (path === '/host.html') {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(`<!doctype html><html lang="en"><title>host</title>${html}`);
      } else if (wasm && path.endsWith('.wasm')) {
        wasm(response, readFileSync(join(site, path)));
      }
      return response.writableEnded;
    },
  });

export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
export const noWasmPolicy = "default-src 'self'";
export const anyOrigin = { 'access-control-allow-origin': '*' };

/** @param {() => void} call */
const script = (call) => `<script>(${call})()</script>`;

/** An element of that name which is the page's own. */
export const ownElement = script(() => {
  customElements.define(
    'linreg-lab',
    class extends HTMLElement {
      own = true;
    },
  );
});

export const withoutSimd = script(() => (WebAssembly.validate = () => false));

export const deniedStorage = script(() => {
  const refuse = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore'])
    Object.defineProperty(globalThis, name, { get: refuse });
  Object.defineProperty(Document.prototype, 'cookie', { get: refuse, set: refuse });
  history.replaceState = history.pushState = refuse;
});

/** As libraries of former days did: enumerable additions, and own versions without the rarer arguments. */
export const replacedPrototypes = script(() => {
  Object.assign(Array.prototype, {
    each: () => {},
    remove: () => {},
    map(call, self) {
      const result = [];
      for (let i = 0; i < this.length; ++i) result.push(call.call(self, this[i], i, this));
      return result;
    },
    filter(call, self) {
      const result = [];
      for (let i = 0; i < this.length; ++i) if (call.call(self, this[i], i, this)) result.push(this[i]);
      return result;
    },
    find(call) {
      for (let i = 0; i < this.length; ++i) if (call(this[i], i, this)) return this[i];
    },
    includes(value) {
      return this.indexOf(value) >= 0;
    },
  });
  Object.assign(String.prototype, { strip: () => '' });
  Object.assign(Function.prototype, { curry: () => {} });
});

export const hostileStyles = `<style>
  html { font-size: 62.5%; }
  body, body * { font: 700 40px/3 fantasy !important; letter-spacing: 1em !important; text-transform: uppercase !important; color: #fff !important;
      box-sizing: content-box !important; text-indent: 3em !important; white-space: nowrap !important; }
  button, canvas, input, select, svg { display: none !important; }
  .lab, .transport, .settings { display: none !important; }
</style>`;

/** What a reader sees of some parts, in a page. */
export const look = () =>
  ['.position', '[data-action=toggle]', '#option-lr', '.chooser button', 'canvas.plot'].map((selector) => {
    const part = document.querySelector('linreg-lab').shadowRoot.querySelector(selector);
    const { fontSize, fontFamily, letterSpacing, textTransform, color, whiteSpace, display } = getComputedStyle(part);
    const { height } = part.getBoundingClientRect();
    return { selector, fontSize, fontFamily, letterSpacing, textTransform, color, whiteSpace, display, height };
  });

/** Trains every lab of a page to its end, and gives what they print. */
export const trainAll = async () => {
  const states = await Promise.all([...document.querySelectorAll('linreg-lab')].map((lab) => lab.train()));
  return [...new Set(states.map(({ log }) => log.join('\n')))];
};
