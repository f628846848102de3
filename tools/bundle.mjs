// What the builds share: esbuild's settings, and what is done with the WebAssembly.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';

/** @import { BuildOptions, Metafile, Plugin } from 'esbuild' */

export const root = fileURLToPath(new URL('../', import.meta.url));
export const web = join(root, 'web');
export const wasmFolder = join(web, 'src/wasm');

/** The names of the WebAssembly files. */
export const wasmNames = readdirSync(wasmFolder).filter((name) => name.endsWith('.wasm'));

const target = ['es2022'];

/**
 * A sheet that a script takes in as text is for the element: independent of the page's font size, and as small as the
 * others are.
 * @type {Plugin}
 */
const elementStyles = {
  name: 'element-styles',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path, with: { type } }) => {
      if (type !== 'text') return undefined;
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true, target });
      const holdsTokens = /[\\/](tokens|dark)\.css$/.test(path);
      return { contents: withOwnRem(holdsTokens ? ownable(code) : code), loader: 'text' };
    });
  },
};

/** A page sets a token --accent by giving the element --linreg-accent. @param {string} text */
const ownable = (text) => text.replace(/--([\w-]+):\s*([^;}]+)/g, '--$1:var(--linreg-$1,$2)');

/**
 * A host's page may give its root any size, so lengths go by --rem; where a condition cannot, by the usual 16 pixels.
 * @param {string} text
 */
function withOwnRem(text) {
  return text
    .replace(/(@(?:media|container)[^{]*)\{/g, (rule) =>
      rule.replace(/([\d.]+)rem\b/g, (_, length) => `${16 * Number(length)}px`),
    )
    .replace(/--rem:[^;}]*|(-?[\d.]+)rem\b/g, (all, length) => (length ? `calc(${length}*var(--rem))` : all));
}

/**
 * Every language has the keys of English, which need not be there twice.
 * @type {Plugin}
 */
const keysOnce = {
  name: 'keys-once',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]i18n[\\/][\w-]+\.json$/ }, ({ path }) => {
      if (path.endsWith('en.json')) return undefined;
      /** @type {Record<string, string>} */
      const table = JSON.parse(readFileSync(path, 'utf8'));
      const english = Object.keys(JSON.parse(readFileSync(join(path, '../en.json'), 'utf8')));
      const { own, texts } = splitTable(table, english);
      return {
        contents: `import en from './en.json' with { type: 'json' };
          const texts = ${JSON.stringify(texts)};
          const table = { __proto__: null, ...${JSON.stringify(own)} }; // which takes many names in no time
          let i = 0;
          for (const key in en) table[key] = texts[i++];
          export default table;`,
        loader: 'js',
      };
    });
  },
};

/** The texts in the order of some keys, and what has other keys. @param {Record<string, string>} table @param {string[]} keys */
function splitTable(table, keys) {
  const own = Object.fromEntries(Object.entries(table).filter(([key]) => !keys.includes(key)));
  return { own, texts: keys.map((key) => table[key]) };
}

/**
 * d3-scale scales anything that d3-interpolate does, and brings all of it. The charts' axes are numbers, and how they are
 * written is the language's.
 * @type {Plugin}
 */
const numbersOnly = {
  name: 'numbers-only',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^d3-(interpolate|format)$/ }, ({ path }) => ({ path, namespace: 'numbers-only' }));
    onLoad({ filter: /.*/, namespace: 'numbers-only' }, () => ({
      // As CommonJS, of which no other name is missed: scales that are not used ask for more.
      contents: `const interpolateNumber = (a, b) => (t) => a * (1 - t) + b * t;
        const interpolateRound = (a, b) => (t) => Math.round(interpolateNumber(a, b)(t));
        module.exports = { interpolate: interpolateNumber, interpolateNumber, interpolateRound };`,
    }));
  },
};

/** What all builds share; `plugins` are to be kept where others are added. @satisfies {BuildOptions} */
export const settings = {
  absWorkingDir: root, // so that no path of this machine is in what is built
  bundle: true,
  target,
  plugins: [elementStyles, keysOnce, numbersOnly],
  charset: 'utf8',
  legalComments: 'none', // licences() has them
  external: ['node:*'], // the engine reads the WebAssembly file by itself only in Node
  metafile: true,
  logLevel: 'warning',
};

/**
 * The files of WebAssembly go by other names.
 * @param {Record<string, string>} names from the old to the new, as wasm_files.js gives them
 * @returns {Plugin}
 */
export const renamedWasm = (names) => ({
  name: 'renamed-wasm',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]wasm_files\.js$/ }, ({ path }) => {
      let contents = readFileSync(path, 'utf8');
      for (const [old, name] of Object.entries(names)) contents = contents.replace(`'./wasm/${old}'`, `'${name}'`);
      return { contents };
    });
  },
});

/**
 * The WebAssembly as text inside the script. The glue of the two builds is the same but for the file's name, so that one
 * of them is enough; and bundlers would look for that file, so that its name goes.
 * @type {Plugin}
 */
export const inlinedWasm = {
  name: 'inlined-wasm',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /\/wasm_files\.js$/ }, () => ({ path: join(web, 'src/wasm_inlined.js') }));
    onResolve({ filter: /\/linreg-(simd|scalar)\.mjs$/ }, () => ({ path: join(wasmFolder, 'linreg-simd.mjs') }));
    onLoad({ filter: /[\\/]linreg-simd\.mjs$/ }, () => {
      const [simd, scalar] = ['simd', 'scalar'].map((build) =>
        readFileSync(join(wasmFolder, `linreg-${build}.mjs`), 'utf8')
          .replace(`new URL("linreg-${build}.wasm",import.meta.url)`, '{}')
          .replace(`"linreg-${build}.wasm"`, '""'),
      );
      if (simd !== scalar || !simd || simd.includes('.wasm"')) throw new Error('the two builds have different glue');
      return { contents: simd, loader: 'js' };
    });
    onLoad({ filter: /\.wasm$/ }, ({ path }) => ({
      contents: gzipSync(readFileSync(path), { level: 9 }).toString('base64'),
      loader: 'text',
    }));
  },
};

/**
 * The project's licence, and those of the packages whose code is in what was built.
 * @param {{ metafile?: Metafile | undefined }[]} builds
 */
export function licences(...builds) {
  const folders = new Set(
    builds.flatMap(({ metafile }) =>
      Object.keys(metafile?.inputs ?? {}).flatMap(
        (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
      ),
    ),
  );
  const texts = [readFileSync(join(root, 'LICENSE'), 'utf8')];
  for (const folder of [...folders].sort()) {
    const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
    if (file === undefined) throw new Error(`${folder} has no licence`);
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    texts.push(`${name} ${version}\n\n${readFileSync(join(root, folder, file), 'utf8')}`);
  }
  return texts.map((text) => text.trim()).join('\n\n----\n\n') + '\n';
}

/**
 * The outputs that a browser loads with one of them, itself included.
 * @param {Metafile} metafile @param {string} output @returns {string[]}
 */
export function closure({ outputs }, output) {
  /** @type {Set<string>} */
  const found = new Set();
  const visit = (/** @type {string} */ path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? [])
      if (outputs[next] && kind !== 'dynamic-import') visit(next);
  };
  visit(output);
  return [...found];
}
