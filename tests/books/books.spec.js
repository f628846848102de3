// The snippet of every host, in a book that the host's own generator builds, or on a page as the host emits it.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { hosts } from '../../web/src/embed/hosts.js';
import { embeddingPage } from '../../tools/write-docs.mjs';
import { dist, expect, root, runLab, test } from '../dist/support.js';

const wanted = {
  site: 'linreg-lab',
  settings: { seed: '42', view: 'loss,fit' },
  title: 'Minibatch SGD at work',
  height: 700,
};
const snippet = (/** @type {string} */ id, more = {}) => {
  const host = hosts.find((host) => host.id === id);
  if (!host) throw new Error(`there is no host ${id}`);
  return host.write({ ...wanted, ...more });
};

/** A folder with files in it. @param {string} name @param {Record<string, string>} files */
function book(name, files) {
  const folder = join(root, 'build/books', name);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries({ ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const packages = fileURLToPath(new URL('node_modules/', import.meta.url));

/** @param {string} folder @param {string} command @param {string[]} options */
const run = (folder, command, ...options) =>
  execFileSync(command, options, { cwd: folder, stdio: 'pipe', encoding: 'utf8' });

/** Serves what was built, with the site's files beside it, and opens a page. */
async function open(page, serve, folder, path = '') {
  cpSync(join(dist, 'site'), join(folder, 'linreg-lab'), { recursive: true });
  const server = await serve(folder);
  await page.goto(server.url + path);
}

const chapter = (/** @type {string} */ heading, /** @type {string} */ code) =>
  `${heading}\n\nBefore the lab.\n\n${code}\n\nAfter the lab.\n`;

test.use({ allowed: /404/ }); // themes that ask for a font or an icon that they do not bring

/** Stands for LaTeX, which fetches nothing: keeps what pandoc made for it. */
const latexEngine = `#!/bin/sh
for option do case $option in -output-directory=*) out=\${option#*=} ;; -output-directory) next=1 ;; *) [ -z "$next" ] || { out=$option; next=; } ;; esac; last=$option; done
rm -rf kept && cp -r "$out" kept && cp "$last" kept/book.tex && echo '%PDF-1.4' > "$out/$(basename "$last" .tex).pdf"
`;

test('pandoc: HTML with the lab, PDF with the picture, which it fetches', async ({ page, serve }) => {
  const folder = book('pandoc', { 'book.md': chapter('# Training', snippet('pandoc')) });
  run(folder, 'pandoc', '-s', '--metadata', 'title=Book', 'book.md', '-o', 'index.html');
  await open(page, serve, folder);
  await runLab(page);
  await expect(page.getByText('After the lab.')).toBeVisible();
  const { url } = await serve(join(dist, 'site'));
  const distant = snippet('pandoc', { site: url.slice(0, -1) });
  writeFileSync(join(folder, 'distant.md'), chapter('# Training', distant));
  writeFileSync(join(folder, 'pdflatex'), latexEngine, { mode: 0o755 });
  const options = ['distant.md', '-o', 'book.pdf', '--pdf-engine', join(folder, 'pdflatex')];
  await promisify(execFile)('pandoc', options, { cwd: folder });
  const latex = readFileSync(join(folder, 'kept/book.tex'), 'utf8');
  expect(latex).not.toContain('<script');
  const file = /\\includegraphics\[[^\]]*\]\{([^}]+)\}/.exec(latex)?.[1] ?? '';
  expect(file).not.toContain('http:');
  const kept = readdirSync(join(folder, 'kept')).filter((name) => name.endsWith('.png'));
  expect(kept.map((name) => file.endsWith(name))).toEqual([true]);
  expect(readFileSync(join(folder, 'kept', String(kept[0])))).toEqual(readFileSync(join(dist, 'site/linreg-lab.png')));
});

test('PDF by pandoc and WeasyPrint has the picture', async ({ serve }) => {
  const { url } = await serve(join(dist, 'site'));
  const folder = book('pdf', { 'book.md': chapter('# Training', snippet('pandoc', { site: url.slice(0, -1) })) });
  const options = ['--metadata', 'title=Book', 'book.md', '-o', 'book.pdf', '--pdf-engine', 'weasyprint'];
  await promisify(execFile)('pandoc', options, { cwd: folder });
  const pdf = readFileSync(join(folder, 'book.pdf'), 'latin1');
  const objects = pdf.split('endobj').filter((object) => /\/Subtype\s*\/Image/.test(object));
  const widths = objects.map((object) => Number(/\/Width (\d+)/.exec(object)?.[1]));
  expect(Math.max(...widths)).toBeGreaterThan(500);
});

test('Hugo', async ({ page, serve }) => {
  const folder = book('hugo', {
    'config.toml':
      'baseURL = "/"\ntitle = "Book"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n[markup.goldmark.renderer]\nunsafe = true\n',
    'layouts/index.html':
      '<!doctype html><html lang="en"><title>{{ .Title }}</title><body>{{ .Content }}</body></html>',
    'content/_index.md': `---\ntitle: Training\n---\n${chapter('# Training', snippet('markdown'))}`,
  });
  run(folder, 'hugo', '--destination', 'out');
  await open(page, serve, join(folder, 'out'));
  await runLab(page);
});

// The settings as the note has them, in every language the same.
const extra = /`(html_extra_path = [^`]+)`/;
const sphinx = { 'conf.py': `project = 'Book'\nextensions = ['myst_parser']\n${note('sphinx', extra)}\n` };

/** What the note on a host says, in both languages. @param {string} id @param {RegExp} pattern */
function note(id, pattern) {
  const texts = ['en', 'zh-CN'].map((language) => readFileSync(join(root, `web/src/i18n/${language}.json`), 'utf8'));
  const [english, chinese] = texts.map((text) => pattern.exec(JSON.parse(text)[`host.note_${id}`])?.[1]);
  expect(chinese).toBe(english);
  return english;
}

for (const [id, name] of Object.entries({ sphinx: 'index.rst', myst_parser: 'index.md' }))
  test(`Sphinx, ${name}: HTML with the lab, LaTeX with the picture`, async ({ page, serve }) => {
    const heading = id === 'sphinx' ? 'Training\n========' : '# Training';
    const folder = book(id, { ...sphinx, [name]: chapter(heading, snippet(id)) });
    cpSync(join(dist, 'site/linreg-lab.png'), join(folder, 'linreg-lab/linreg-lab.png'));
    cpSync(join(dist, 'site'), join(folder, 'extra/linreg-lab'), { recursive: true });
    run(folder, 'sphinx-build', '-q', '-W', '-b', 'html', '.', 'out');
    const server = await serve(join(folder, 'out'));
    await page.goto(server.url);
    await expect(page.getByText('After the lab.')).toBeVisible(); // the book's front page is its own
    await runLab(page);
    run(folder, 'sphinx-build', '-q', '-b', 'latex', '.', 'tex');
    expect(readFileSync(join(folder, 'tex/book.tex'), 'utf8')).toMatch(/\\sphinxincludegraphics.*linreg-lab/);
    expect(readFileSync(join(folder, 'tex/book.tex'), 'utf8')).not.toContain('<script');
  });

test('HonKit', async ({ page, serve }) => {
  const folder = book('honkit', {
    'SUMMARY.md': '# Summary\n\n* [Training](README.md)\n',
    'README.md': chapter('# Training', snippet('markdown')),
  });
  run(folder, process.execPath, join(packages, 'honkit/bin/honkit.js'), 'build');
  await open(page, serve, join(folder, '_book'));
  await runLab(page);
  await expect(page.locator('.page-inner')).toContainText('After the lab.'); // the lab has not swallowed it
  const link = page.locator('linreg-lab > a');
  expect(await link.getAttribute('href')).toBe('linreg-lab/embed.html#seed=42&view=loss,fit');
});

test('mystmd: the widget in the tree, its file among the assets, running as a theme runs it', async ({
  page,
  serve,
}) => {
  const folder = book('mystmd', {
    'myst.yml': 'version: 1\nproject:\n  title: Book\nsite:\n  template: ./theme\n',
    'theme/template.yml': 'myst: v1\ntitle: none\nversion: "1"\nbuild: {}\n', // so that none is downloaded
    'index.md': chapter('# Training', snippet('mystmd')),
  });
  cpSync(join(dist, 'anywidget.mjs'), join(folder, 'linreg-lab/anywidget.mjs'), { recursive: true });
  run(folder, process.execPath, join(packages, 'mystmd/dist/myst.cjs'), 'build', '--site');
  const { mdast } = JSON.parse(readFileSync(join(folder, '_build/site/content/index.json'), 'utf8'));
  const find = (node) => (node.type === 'anywidget' ? node : (node.children ?? []).map(find).find(Boolean));
  const { esm, model } = find(mdast);
  expect(model).toEqual(wanted.settings);
  const assets = join(folder, '_build/site/public');
  expect(readdirSync(assets)).toContain(esm.slice(1));
  expect(readFileSync(join(assets, esm))).toEqual(readFileSync(join(dist, 'anywidget.mjs')));
  // The theme's model only reads, and the widget stands in a shadow.
  const theme = `<main><p>Before the lab.</p><div id="widget"></div></main><script type="module">
    import widget from '${esm}';
    const values = ${JSON.stringify(model)};
    const el = document.querySelector('#widget').attachShadow({ mode: 'open' }).appendChild(document.createElement('div'));
    await widget.render({ model: { get: (name) => values[name] }, el });
  </script>`;
  writeFileSync(join(assets, 'index.html'), `<!doctype html><html lang="en"><title>Book</title><body>${theme}`);
  const server = await serve(assets);
  await page.goto(server.url);
  await runLab(page);
});

test('Docusaurus', async ({ page, serve }) => {
  test.setTimeout(180_000);
  const config = {
    title: 'Book',
    url: 'https://book.example',
    baseUrl: '/',
    presets: [['classic', { docs: { routeBasePath: '/', sidebarPath: false }, blog: false }]],
  };
  const folder = book('docusaurus', {
    'package.json': '{}',
    'docusaurus.config.js': `module.exports = ${JSON.stringify(config)};`,
    'docs/index.mdx': chapter('# Training', snippet('docusaurus')),
  });
  symlinkSync(packages, join(folder, 'node_modules'));
  await promisify(execFile)('node', [join(packages, '@docusaurus/core/bin/docusaurus.mjs'), 'build'], {
    cwd: folder,
    env: { ...process.env, DO_NOT_TRACK: '1', DOCUSAURUS_DISABLE_UPDATE_CHECK: '1' },
  });
  await open(page, serve, join(folder, 'build'));
  await expect(page.getByText('After the lab.')).toBeVisible();
  const frame = page.frames()[1];
  await frame.waitForLoadState();
  await runLab(frame);
  expect(await page.locator('iframe').evaluate((it) => getComputedStyle(it).borderTopWidth)).toBe('0px');
});

/** An EPUB, opened as by a reader that runs no scripts. @param {string} file */
async function readEpub(browser, serve, file) {
  const folder = join(dirname(file), 'epub');
  rmSync(folder, { recursive: true, force: true });
  run(dirname(file), 'python3', '-m', 'zipfile', '-e', file, folder);
  const chapters = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.xhtml'));
  const path = chapters.find((path) => readFileSync(join(folder, path), 'utf8').includes('Before the lab.'));
  const server = await serve(folder, {
    answer: (path, response) => (path.endsWith('.xhtml') && response.setHeader('content-type', 'application/xhtml+xml'), false),
  }); // prettier-ignore
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(server.url + path);
  await expect(page.getByText('After the lab.')).toBeVisible(); // it is well-formed
  const picture = page.getByRole('img', { name: wanted.title });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate(({ naturalWidth }) => naturalWidth)).toBeGreaterThan(500); // and in the book
  await context.close();
}

test('EPUB by pandoc shows the picture', async ({ browser, serve }) => {
  const settings = { ...wanted.settings, readonly: 'true' };
  const folder = book('epub', { 'book.md': chapter('# Training', snippet('pandoc', { settings })) });
  cpSync(join(dist, 'site/linreg-lab.png'), join(folder, 'linreg-lab/linreg-lab.png'));
  run(folder, 'pandoc', '--metadata', 'title=Book', 'book.md', '-o', 'book.epub');
  await readEpub(browser, serve, join(folder, 'book.epub'));
});

for (const [id, name] of Object.entries({ sphinx: 'index.rst', myst_parser: 'index.md' }))
  test(`EPUB by Sphinx, ${name}, shows the picture`, async ({ browser, serve }) => {
    const heading = id === 'sphinx' ? 'Training\n========' : '# Training';
    const folder = book(`${id}-epub`, { ...sphinx, [name]: chapter(heading, snippet(id)) });
    cpSync(join(dist, 'site/linreg-lab.png'), join(folder, 'linreg-lab/linreg-lab.png'));
    run(folder, 'sphinx-build', '-q', '-b', 'epub', '.', 'out');
    await readEpub(browser, serve, join(folder, 'out/Book.epub'));
  });

/** Pages as hosts emit them, with the snippet as it comes out there. @type {Record<string, () => string>} */
const pages = {
  // A root of ten pixels, and all chapters on one page: every script and lab comes twice.
  'mdBook’s print page': () =>
    `<html lang="en" class="light"><style>:root { font-size: 62.5%; }</style><main>${snippet('markdown')}<div style="break-before: page"></div>${snippet('markdown')}</main>`,
  // The fence's content, in the section that when-format leaves.
  Quarto: () =>
    `<html lang="en"><main class="content"><div class="content-visible">${/`{3}\{=html\}\n([^]*?)\n`{3}/.exec(snippet('quarto'))?.[1]}</div></main>`,
  'Jupyter Book 1': () =>
    `<html lang="en" data-theme="light"><main><article class="bd-article">${/\{raw\} html\n([^]*?)\n`{3}/.exec(snippet('myst_parser'))?.[1]}</article></main>`,
  // Moodle's filter takes the script away and leaves the frame.
  Moodle: () => `<html lang="en"><div class="box generalbox"><div class="no-overflow">${snippet('fitted').replace(/<script[^]*<\/script>/, '')}</div></div>`,
  // Canvas rewrites style and loading away, and resizes frames that ask with lti.frameResize.
  Canvas: () => `<html lang="en"><div class="user_content enhanced">${snippet('frame').replace(/ style="[^"]*"/, '').replace(' loading="lazy"', '')}</div>
    <script>addEventListener('message', ({ data, source }) => {
      if (data.subject !== 'lti.frameResize') return;
      for (const frame of document.querySelectorAll('iframe')) if (frame.contentWindow === source) frame.height = data.height;
    });</script>`,
  'A page of HTML': () => `<html lang="zh-CN">${snippet('html')}`,
  'A fitted frame': () => `<html lang="en">${snippet('fitted')}`,
}; // prettier-ignore

for (const [name, write] of Object.entries(pages))
  test(name, async ({ page, serve }) => {
    const folder = book(`page-${Object.keys(pages).indexOf(name)}`, { 'index.html': `<!doctype html>${write()}` });
    await open(page, serve, folder);
    const frame = page.frames()[1];
    if (frame) await frame.waitForLoadState();
    const labs = (frame ?? page).locator('linreg-lab');
    const count = await labs.count();
    expect(count).toBe(name.startsWith('mdBook') ? 2 : 1);
    if (count === 1) await runLab(frame ?? page);
    else await expect(page.locator('.transport[data-status=ready]')).toHaveCount(2);
    if (name === 'Canvas' || name === 'A fitted frame') {
      const content = () => frame.evaluate(() => Math.ceil(document.body.getBoundingClientRect().height));
      await expect
        .poll(async () => (await page.locator('iframe').evaluate((it) => it.clientHeight)) - (await content()))
        .toBe(0);
    }
    if (name === 'A page of HTML') await expect(page.locator('[data-action=toggle]')).toHaveText('运行');
  });

test('without scripts a page shows the picture and a link', async ({ browser, serve }) => {
  const folder = book('no-scripts', { 'index.html': `<!doctype html><html lang="en">${snippet('html')}` });
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await open(page, serve, folder);
  const picture = page.getByRole('img', { name: wanted.title });
  await expect(picture).toBeVisible();
  expect(await page.locator('a').getAttribute('href')).toBe('linreg-lab/embed.html#seed=42&view=loss,fit');
  expect((await page.request.get(new URL('linreg-lab/linreg-lab.png', page.url()).href)).ok()).toBe(true);
  await context.close();
});

test('opened from a disk, a page has the lab', async ({ page }) => {
  const folder = book('disk', { 'index.html': `<!doctype html><html lang="en">${snippet('disk')}` });
  cpSync(join(dist, 'site'), join(folder, 'linreg-lab'), { recursive: true });
  await page.goto(pathToFileURL(join(folder, 'index.html')).href);
  await runLab(page);
});

test('Python reads what a notebook of Jupyter gets', () => {
  const settings = { seed: '42', true_w: '2,-3.4', view: 'loss,fit', lang: 'zh-CN' };
  const folder = book('jupyter', { 'cell.py': snippet('jupyter', { settings }) });
  // Without the packages: what stands in the class, as it is written there.
  const program = `import ast
body = next(node for node in ast.parse(open('cell.py').read()).body if isinstance(node, ast.ClassDef)).body
print('\\n'.join(ast.unparse(line) for line in body))`;
  expect(run(folder, 'python3', '-c', program).trim().split('\n')).toEqual([
    "_esm = 'linreg-lab/anywidget.mjs'",
    "lr = traitlets.Unicode('0.03').tag(sync=True)", // for its note: it is what a kernel changes first
    "seed = traitlets.Unicode('42').tag(sync=True)",
    "true_w = traitlets.Unicode('2,-3.4').tag(sync=True)",
    "view = traitlets.Unicode('loss,fit').tag(sync=True)",
    "lang = traitlets.Unicode('zh-CN').tag(sync=True)",
    'state = traitlets.Dict().tag(sync=True)',
  ]);
});

test('a title or a value cannot leave its attribute', () => {
  const wild = { title: '"><script>alert(1)</script>', settings: { seed: '"><b>', true_w: '2,-3.4' } };
  for (const id of ['html', 'frame', 'fitted', 'markdown', 'disk'])
    expect(snippet(id, wild)).not.toMatch(/<b>|<script>alert/);
  expect(snippet('frame', wild)).toContain('true_w=2,-3.4');
});

test('docs/embedding.md is what the table says', () => {
  expect(readFileSync(join(root, 'docs/embedding.md'), 'utf8')).toBe(embeddingPage());
});
