// The snippet of every host, in a book that the host's own generator builds, or on a page as the host emits it.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

test('pandoc: HTML with the lab, LaTeX with the picture', async ({ page, serve }) => {
  const folder = book('pandoc', { 'book.md': chapter('# Training', snippet('pandoc')) });
  run(folder, 'pandoc', '-s', '--metadata', 'title=Book', 'book.md', '-o', 'index.html');
  await open(page, serve, folder);
  await runLab(page);
  await expect(page.getByText('After the lab.')).toBeVisible();
  const latex = run(folder, 'pandoc', 'book.md', '-t', 'latex');
  expect(latex).toContain('\\includegraphics[width=\\linewidth]{linreg-lab/linreg-lab.png}');
  expect(latex).not.toContain('script');
  expect(existsSync(join(folder, 'linreg-lab/linreg-lab.png'))).toBe(true);
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

const sphinx = { 'conf.py': "project = 'Book'\nextensions = ['myst_parser']\n" };
for (const [id, name] of Object.entries({ sphinx: 'index.rst', 'myst-parser': 'index.md' }))
  test(`Sphinx, ${name}: HTML with the lab, LaTeX with the picture`, async ({ page, serve }) => {
    const heading = id === 'sphinx' ? 'Training\n========' : '# Training';
    const folder = book(id, { ...sphinx, [name]: chapter(heading, snippet(id)) });
    cpSync(join(dist, 'site/linreg-lab.png'), join(folder, 'linreg-lab/linreg-lab.png'));
    run(folder, 'sphinx-build', '-q', '-W', '-b', 'html', '.', 'out');
    await open(page, serve, join(folder, 'out'));
    await runLab(page);
    run(folder, 'sphinx-build', '-q', '-b', 'latex', '.', 'tex');
    expect(readFileSync(join(folder, 'tex/book.tex'), 'utf8')).toMatch(/\\sphinxincludegraphics.*linreg-lab/);
    expect(readFileSync(join(folder, 'tex/book.tex'), 'utf8')).not.toContain('<script');
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
    `<html lang="en" data-theme="light"><main><article class="bd-article">${/\{raw\} html\n([^]*?)\n`{3}/.exec(snippet('myst-parser'))?.[1]}</article></main>`,
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
  expect(await page.locator('a').getAttribute('href')).toBe('linreg-lab/embed.html?seed=42&view=loss,fit');
  expect((await page.request.get(new URL('linreg-lab/linreg-lab.png', page.url()).href)).ok()).toBe(true);
  await context.close();
});

test('a title or a value cannot leave its attribute', () => {
  const wild = { title: '"><script>alert(1)</script>', settings: { seed: '"><b>', true_w: '2,-3.4' } };
  for (const id of ['html', 'frame', 'fitted', 'markdown']) expect(snippet(id, wild)).not.toMatch(/<b>|<script>alert/);
  expect(snippet('frame', wild)).toContain('true_w=2,-3.4');
});

test('docs/embedding.md is what the table says', () => {
  expect(readFileSync(join(root, 'docs/embedding.md'), 'utf8')).toBe(embeddingPage());
});
