// What opens by a double click, without a network: the whole lesson in one file, and a page with the element's classic script.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { dist, expect, runLab, runLesson, test } from './support.js';

const file = join(dist, 'linreg-lab.html');

test.use({ offline: true });

test('it opens from a disk and prints PyTorch’s lines', async ({ page }) => {
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${pathToFileURL(file)}#seed=42`);
  await runLesson(page);
  expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
});

test('a page of one’s own takes the classic script from a disk', async ({ page }, info) => {
  const chapter = info.outputPath('chapter.html');
  cpSync(join(dist, 'site/linreg-lab.classic.js'), info.outputPath('linreg-lab/linreg-lab.classic.js'));
  const script = '<script src="linreg-lab/linreg-lab.classic.js"></script>';
  writeFileSync(
    chapter,
    `<!doctype html><html lang="en"><title>Book</title>${script}<linreg-lab seed="42">none</linreg-lab>`,
  );
  await page.goto(pathToFileURL(chapter).href);
  await runLab(page);
  await page.locator('#embed-button').click();
  await expect(page.locator('#embed-site')).toHaveValue('https://example.org/linreg-lab'); // nobody else has this disk
});

test('without SIMD it runs the scalar engine that it also holds', async ({ page }) => {
  await page.addInitScript(() => {
    const { compile } = WebAssembly;
    const sizes = (globalThis.compiled = []);
    // A machine without SIMD: it refuses the probe and any module with such a type.
    WebAssembly.validate = () => false;
    WebAssembly.compile = (bytes) => (sizes.push(bytes.byteLength), compile(bytes));
  });
  await page.goto(`${pathToFileURL(file)}#seed=42`);
  await runLesson(page);
  const scalar = readFileSync(join(dist, 'npm/wasm/linreg-scalar.wasm'));
  expect(await page.evaluate('compiled')).toEqual([scalar.length]);
});

test('it asks for nothing that a policy must allow but its own script and style', () => {
  const html = readFileSync(file, 'utf8');
  // Its code holds lines to paste elsewhere, so the script is looked at from outside.
  const outside = html.replace(/(<script>)[^]*?(<\/script>)/, '$1$2');
  expect(outside.match(/<script[^>]*>/g)).toEqual(['<script>']);
  expect(outside).not.toMatch(/<link[^>]*href="(?!data:)/);
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1] ?? '';
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval'; style-src 'sha256-[^']+'; /,
  );
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|connect-src|https?:/);
});
