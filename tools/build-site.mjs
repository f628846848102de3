// Builds the page into a folder: the scripts and styles that web/index.html names are bundled and minified, the page is
// copied with their new names, and the WebAssembly files stand in wasm/ beside the scripts, where engine.js expects them.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const web = fileURLToPath(new URL('../web/', import.meta.url));
const site = process.argv[2] ?? 'build/site';

const html = readFileSync(join(web, 'index.html'), 'utf8');
/** The files that the page names in src="..." and href="...". */
const named = [...html.matchAll(/(?:src|href)="(?:\.\/)?([^":#]+\.\w+)"/g)].map(([, path]) => String(path));
const entries = named.filter((path) => /\.(js|css)$/.test(path));
if (!entries.some((path) => path.endsWith('.js'))) throw new Error('web/index.html names no script');

rmSync(site, { recursive: true, force: true });
mkdirSync(join(site, 'wasm'), { recursive: true });

const { metafile } = await build({
  entryPoints: entries.map((path) => join(web, path)),
  outdir: site,
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  format: 'esm',
  splitting: true,
  minify: true,
  sourcemap: 'linked',
  target: ['es2022'],
  charset: 'utf8',
  legalComments: 'linked',
  external: ['node:*'], // the engine reads the WebAssembly file by itself only in Node
  metafile: true,
  logLevel: 'warning',
});

let page = html;
for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
  const path = entryPoint && relative(web, entryPoint);
  if (path && entries.includes(path)) page = page.replaceAll(path, basename(output));
}
writeFileSync(join(site, 'index.html'), page);

for (const path of named.filter((path) => !entries.includes(path))) cpSync(join(web, path), join(site, path));
for (const name of readdirSync(join(web, 'src/wasm'))) {
  if (name.endsWith('.wasm')) cpSync(join(web, 'src/wasm', name), join(site, 'wasm', name));
}

const bytes = Object.entries(metafile.outputs)
  .filter(([output]) => !output.endsWith('.map'))
  .reduce((sum, [, { bytes }]) => sum + bytes, 0);
console.log(`${site}: the page, ${Math.round(bytes / 1024)} KB of scripts and styles`);
