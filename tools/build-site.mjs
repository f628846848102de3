// Builds the site into a folder: the scripts and styles that web/*.html name are bundled and minified, and the pages are
// copied with their new names. Released, the site also has names by content, a service worker and compressed files.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { closure, licences, renamedWasm, root, settings, wasmFolder, wasmNames, web } from './bundle.mjs';
import { brotli, gzip } from './compress.mjs';

/** @import { Metafile } from 'esbuild' */

const pageNames = readdirSync(web).filter((name) => name.endsWith('.html'));
/** The element for other pages, which stands as linreg-lab.js beside the pages. */
const element = 'src/lab/define.js';
/** Runs where modules do not, so it stays without imports. */
const classicScript = 'src/embed/not_started.js';
/** What pages that frame a lab take in. */
const hostScript = 'linreg-lab-host.js';
const oneYear = 'public, max-age=31536000, immutable';

/** What of the site's files is loaded when. @typedef {{ pages: string[], assets: string[], simd: string[], scalar: string[] }} Files */

/**
 * @param {string} folder to make
 * @param {{ release?: boolean }} [how]
 * @returns {Promise<{ files: Files, metafile: Metafile }>}
 */
export async function buildSite(folder, { release = false } = {}) {
  const site = relative(root, resolve(folder)); // as esbuild names what it made
  rmSync(site, { recursive: true, force: true });
  mkdirSync(join(site, release ? 'assets' : 'wasm'), { recursive: true });
  const renamed = copyFiles(site, release);
  const pages = new Map(pageNames.map((name) => [name, readFileSync(join(web, name), 'utf8')]));
  const named = new Set([...pages.values()].flatMap(namedFiles));
  const scripts = [...named].filter((path) => path.endsWith('.js') && path !== classicScript);
  const { metafile } = await build({
    ...settings,
    entryPoints: [...[...named].filter((path) => /\.(js|css)$/.test(path)), element].map((path) => join(web, path)),
    outdir: site,
    entryNames: release ? 'assets/[name]-[hash]' : '[name]',
    chunkNames: release ? 'assets/[name]-[hash]' : '[name]-[hash]',
    format: 'esm',
    splitting: true,
    minify: true,
    // Compiled as they arrive, beside the page's own thread, instead of function by function when they are first called.
    banner: { js: '//# allFunctionsCalledOnLoad' },
    sourcemap: release ? false : 'linked',
    plugins: [...settings.plugins, renamedWasm(renamed.wasm), ...(release ? [keptOffline(scripts)] : [])],
  });

  const outputs = new Map(
    Object.entries(metafile.outputs).map(([output, { entryPoint }]) => [
      entryPoint && relative(web, join(root, entryPoint)),
      posix.relative(site, output),
    ]),
  );
  /** What a browser loads with a script or style of web/. @param {string} path */
  const loaded = (path) => {
    const output = outputs.get(path);
    if (output === undefined) throw new Error(`web/${path} was not built`);
    return closure(metafile, posix.join(site, output)).map((output) => posix.relative(site, output));
  };
  const engine = (/** @type {string} */ build) => {
    const glue = loaded(`src/wasm/linreg-${build}.mjs`);
    return [...glue, posix.join(posix.dirname(String(glue[0])), String(renamed.wasm[`linreg-${build}.wasm`]))];
  };
  const [simd, scalar] = [engine('simd'), engine('scalar')];
  const files = {
    pages: pageNames.map((name) => (name === 'index.html' ? './' : name)),
    assets: [
      ...Object.keys(metafile.outputs).map((output) => posix.relative(site, output)),
      ...Object.values(renamed.files),
    ]
      .filter((path) => path !== simd[0] && path !== scalar[0])
      .sort(),
    simd,
    scalar,
  };

  writeFileSync(join(site, 'linreg-lab.js'), `import './${outputs.get(element)}';\n`);
  for (const [name, text] of pages) {
    let page = text;
    const early = namedFiles(text).flatMap((path) => (path.endsWith('.js') ? loaded(path).slice(1) : []));
    for (const path of namedFiles(text)) page = page.replaceAll(path, outputs.get(path) ?? renamed.files[path] ?? path);
    const preloads = [...new Set([...early.sort(), ...files.simd])].map(preload).join('\n    ');
    page = page.replace('</head>', `  ${preloads}\n  </head>`);
    writeFileSync(join(site, name), page);
  }
  return { files, metafile };
}

/**
 * The scripts of the pages also keep the site for offline use.
 * @param {string[]} scripts
 * @returns {import('esbuild').Plugin}
 */
const keptOffline = (scripts) => ({
  name: 'kept-offline',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/, namespace: 'file' }, ({ path }) => {
      if (!scripts.includes(relative(web, path))) return undefined;
      return { contents: `${readFileSync(path, 'utf8')}\nimport '${join(web, 'src/embed/offline.js')}';\n` };
    });
  },
});

/** The files that a page names in src="..." and href="...". @param {string} html */
const namedFiles = (html) =>
  [...html.matchAll(/(?:src|href)="(?:\.\/)?([^":#]+\.\w+)"/g)].map(([, path]) => String(path));

/** So that the engine comes with the script that starts it, and not after it. @param {string} path */
const preload = (path) =>
  path.endsWith('.wasm')
    ? `<link rel="preload" href="${path}" as="fetch" type="application/wasm" crossorigin />`
    : `<link rel="modulepreload" href="${path}" />`;

/**
 * Copies what is not bundled.
 * @param {string} site @param {boolean} release
 * @returns {{ files: Record<string, string>, wasm: Record<string, string> }} new names, for a page and for the engine
 */
function copyFiles(site, release) {
  /** @param {string} from @param {string} to its folder in a site whose names stay */
  const copy = (from, to) => {
    const name = basename(from);
    const content = readFileSync(from);
    const path = release ? `assets/${withHash(name, content)}` : posix.join(to, name);
    writeFileSync(join(site, path), content);
    return path;
  };
  writeFileSync(join(site, 'linreg-lab.png'), readFileSync(join(root, 'docs/lesson.png'))); // for books on paper
  writeFileSync(join(site, hostScript), readFileSync(join(web, 'src/embed/host.js')));
  const wasm = wasmNames.map((name) => {
    const path = copy(join(wasmFolder, name), 'wasm');
    return [name, `./${release ? basename(path) : path}`];
  });
  return {
    files: { 'favicon.svg': copy(join(web, 'favicon.svg'), '') },
    wasm: Object.fromEntries(wasm),
  };
}

/** @param {string} name @param {Buffer} content */
const withHash = (name, content) => name.replace(/(\.\w+)$/, `-${hash(content)}$1`);

/** @param {Buffer | string} content */
const hash = (content) => createHash('sha256').update(content).digest('hex').slice(0, 10);

/**
 * The site as it is put on a server.
 * @param {string} site the folder to make
 * @param {string[]} more files to put beside the pages
 */
export async function releaseSite(site, more) {
  const { files, metafile } = await buildSite(site, { release: true });
  for (const file of more) writeFileSync(join(site, basename(file)), readFileSync(file));
  writeFileSync(join(site, 'licences.txt'), licences({ metafile }));
  writeFileSync(join(site, 'serve.json'), JSON.stringify(serveSettings, null, 2) + '\n');
  const contents = readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, path, name }) => join(parentPath ?? path, name))
    .sort();
  const version = hash(contents.map((path) => `${relative(site, path)} ${hash(readFileSync(path))}`).join('\n'));
  await build({
    ...settings,
    entryPoints: [join(web, 'src/embed/service_worker.js')],
    outdir: site,
    format: 'iife',
    minify: true,
    define: { SITE: JSON.stringify({ version, ...files }) },
  });
  for (const path of [...contents, join(site, 'service_worker.js')]) compress(path);
  return files;
}

/** The settings of the npm package serve: a page keeps its name, without which a redirect would lose its query; but / is one. */
const serveSettings = {
  cleanUrls: ['/'],
  headers: [
    {
      source: '**',
      headers: [
        { key: 'Cache-Control', value: 'no-cache' },
        { key: 'Access-Control-Allow-Origin', value: '*' }, // for other sites' pages, and sandboxed frames
      ],
    },
    { source: 'assets/**', headers: [{ key: 'Cache-Control', value: oneYear }] },
  ],
};

/** Puts the compressed forms beside a file, for servers that look for them. @param {string} path */
function compress(path) {
  if (basename(path) === 'serve.json') return;
  const content = readFileSync(path);
  for (const [ending, compressed] of Object.entries({ gz: gzip(content), br: brotli(content) }))
    if (compressed.length < content.length) writeFileSync(`${path}.${ending}`, compressed);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const site = process.argv[2] ?? 'build/site';
  const { metafile } = await buildSite(site);
  const bytes = Object.entries(metafile.outputs)
    .filter(([output]) => !output.endsWith('.map'))
    .reduce((sum, [, { bytes }]) => sum + bytes, 0);
  console.log(`${site}: the page, ${Math.round(bytes / 1024)} KB of scripts and styles`);
}
