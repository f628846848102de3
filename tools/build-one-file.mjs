// What opens by a double click: classic scripts, since file:// refuses modules, with the WebAssembly inside them. One is the
// whole lesson in one HTML file, the other is the element for pages that are opened so. The lesson's content security policy allows its own script and style by their hashes and no request at all.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { inlinedWasm, licences, settings, web } from './bundle.mjs';

/** @satisfies {import('esbuild').BuildOptions} */
const classic = {
  ...settings,
  outdir: 'build',
  write: false,
  format: 'iife',
  minify: true,
  inject: [join(web, 'src/embed/script_address.js')],
  define: { 'import.meta.url': 'scriptAddress' },
  plugins: [...settings.plugins, inlinedWasm],
};

/** The element as a classic script. @param {string} file the file to write */
export async function buildClassic(file) {
  const { outputFiles } = await build({ ...classic, entryPoints: [join(web, 'src/lab/define.js')] });
  writeFileSync(file, String(outputFiles[0]?.text));
}

/** The whole lesson. @param {string} file the file to write */
export async function buildOneFile(file) {
  const html = readFileSync(join(web, 'index.html'), 'utf8');
  const named = (/** @type {RegExp} */ pattern) => {
    const match = pattern.exec(html);
    if (!match?.[1]) throw new Error(`web/index.html has nothing like ${pattern}`);
    return { tag: match[0], path: join(web, match[1]) };
  };
  const style = named(/<link rel="stylesheet" href="([^"]+)" \/>/);
  const script = named(/<script type="module" src="([^"]+)"><\/script>/);
  const icon = named(/<link rel="icon" href="([^"]+)" type="image\/svg\+xml" \/>/);
  const policy = named(/http-equiv="Content-Security-Policy"\s+content="([^"]+)"/);

  const notStarted = named(/<p (id="not-started")>[^]*?<\/p>/);

  const built = await build({ ...classic, entryPoints: [style.path, script.path] });
  const text = (/** @type {string} */ ending) =>
    String(built.outputFiles.find(({ path }) => path.endsWith(ending))?.text).trim();
  const [styles, code] = [text('.css'), text('.js')];
  // What would end the element, or begin a comment in it, stands in no script that can be inlined.
  if (/<\/script|<!--/i.test(code) || /<\/style/i.test(styles))
    throw new Error('the script or the style cannot be inlined');

  const allowed = `default-src 'none'; script-src '${sha256(code)}' 'wasm-unsafe-eval'; style-src '${sha256(styles)}'; img-src data: blob:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'`;
  const iconData = `data:image/svg+xml;base64,${readFileSync(icon.path).toString('base64')}`;
  const replacements = [
    [policy.tag, `http-equiv="Content-Security-Policy"\n      content="${allowed}"`],
    [icon.tag, `<link rel="icon" href="${iconData}" type="image/svg+xml" />`],
    [style.tag, `<style>${styles}</style>`],
    [script.tag, ''],
    [notStarted.tag, ''], // it names this very file
    ['</body>', `  <script>${code}</script>\n  </body>`],
    ['</html>', `</html>\n<!--\n${licences(built).replaceAll(/-(?=-)/g, '- ')}-->`],
  ];
  let page = html;
  for (const [old, text] of replacements) page = page.replace(String(old), () => String(text));
  writeFileSync(file, page);
}

/** @param {string} text */
const sha256 = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
