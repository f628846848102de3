// The npm package as its users meet it: packed, installed, imported, typed and bundled.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { dist, expect, pytorchLines, root, test, toolsFolder } from './support.js';

const require = createRequire(import.meta.url);
const consumer = join(root, 'build/consumer');

/** What a script prints. @param {string} script @param {string[]} options */
function run(script, ...options) {
  const how = { cwd: consumer, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...options], how);
  if (status !== 0) throw new Error(`${script} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** @type {{ files: { path: string }[] }} */ let packed;

test.describe.configure({ mode: 'default' });

test.beforeAll(() => {
  rmSync(consumer, { recursive: true, force: true });
  mkdirSync(join(consumer, 'node_modules'), { recursive: true });
  const options = ['pack', '--json', '--pack-destination', consumer];
  [packed] = JSON.parse(
    execFileSync('npm', options, { cwd: join(dist, 'npm'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  execFileSync('tar', ['-x', '-f', packed.filename], { cwd: consumer });
  cpSync(join(consumer, 'package'), join(consumer, 'node_modules/linreg-lab'), { recursive: true });
  writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }');
});

test('nothing runs when it is installed', () => {
  const manifest = JSON.parse(readFileSync(join(consumer, 'package/package.json'), 'utf8'));
  expect(manifest.scripts).toBeUndefined();
  expect(manifest.dependencies).toBeUndefined();
  for (const entry of Object.values(manifest.exports)) if (entry.types) expect(Object.keys(entry)[0]).toBe('types');
});

test('publint finds nothing', async () => {
  const { publint } = await import('publint');
  const { messages } = await publint({
    pkgDir: join(consumer, 'package'),
    level: 'suggestion',
    strict: true,
    pack: false,
  });
  expect(messages).toEqual([]);
});

test('its types are right under every resolution of modules', () => {
  const attw = join(toolsFolder, '@arethetypeswrong/cli/dist/index.js');
  const answer = run(attw, join(consumer, packed.filename), '--profile', 'esm-only', '--format', 'ascii');
  expect(answer.match(/\(ESM\)/g)).toHaveLength(6); // of six entries; a problem makes it end with a failure
});

test('its texts link only what is in it', () => {
  for (const text of ['README.md', 'CHANGELOG.md', 'docs/embedding.md']) {
    const file = join(consumer, 'package', text);
    const links = [...readFileSync(file, 'utf8').matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link);
    const missing = links.filter((link) => !/^https?:/.test(link) && !existsSync(join(dirname(file), link)));
    expect(missing, text).toEqual([]);
  }
});

test('custom-elements.json says what the class has', async () => {
  const folder = join(consumer, 'package');
  const { modules } = JSON.parse(readFileSync(join(folder, 'custom-elements.json'), 'utf8'));
  const { members, attributes, events, tagName } = modules[0].declarations[0];
  const { LinregLab } = await import(join(folder, 'element.js'));
  expect(tagName).toBe('linreg-lab');
  expect(attributes.map(({ name }) => name)).toEqual([...LinregLab.observedAttributes]);
  expect(events.map(({ name }) => name)).toEqual([...LinregLab.events]);
  const told = Object.fromEntries(events.map(({ name, type }) => [name, type.text]));
  expect(told).toMatchObject({
    epoch: 'CustomEvent<{ epoch: number; loss: number; }>',
    error: 'CustomEvent<LinregError>',
  });
  for (const text of Object.values(told)) expect(text).toMatch(/^CustomEvent<(\{ .+ \}|LinregError)>$/);
  // What the page itself does not know is a property, and so is the run; step is a method.
  const fields = members.filter(({ kind }) => kind === 'field').map(({ name }) => name);
  const own = attributes.map(({ name }) => name).filter((name) => !['lang', 'step'].includes(name));
  expect(fields.sort()).toEqual([...own, 'lab'].sort());
  const methods = members.filter(({ kind }) => kind === 'method').map(({ name }) => name);
  expect(methods.sort()).toEqual('exportAs getState pause reset rewind setState step train'.split(' '));
  for (const name of [...fields, ...methods]) expect(name in LinregLab.prototype, name).toBe(true);
});

const program = (/** @type {string} */ entry, options = '') => `
import { loadEngine } from '${entry}';
const engine = await loadEngine(${options});
const trainer = engine.createTrainer({ seed: 42 });
trainer.train();
export const lines = trainer.log.join('\\n');
trainer.dispose();
`;

test('a strict TypeScript program reads the types', () => {
  writeFileSync(
    join(consumer, 'typed.mts'),
    `import { LinregError, loadEngine, type Trainer } from 'linreg-lab/engine';
import { loadEngine as inlined } from 'linreg-lab/engine-inlined';
import { LinregLab } from 'linreg-lab/element';
import 'linreg-lab';
const engine = await loadEngine({ simd: 'auto' });
const trainer: Trainer = (await inlined()).createTrainer({ seed: 42, loss: 'huber' });
export const weight: Float32Array = trainer.weight;
// @ts-expect-error there is no such loss
engine.createTrainer({ loss: 'hinge' });
// @ts-expect-error a learning rate is a number
engine.createTrainer({ lr: '0.1' });
export const lab: LinregLab = document.createElement('linreg-lab');
lab.lr = 0.1;
lab.hide = ['seed'];
lab.hide = 'transport,speed';
lab.view = 'loss,fit';
lab.step = 7;
lab.beta = 0.5;
export const names: string[] = [...lab.view, ...lab.hide];
// @ts-expect-error a learning rate is a number here too
lab.lr = '0.1';
export const log: string[] = (await lab.train({ speed: 'fast' })).log;
export const reached: number = (await lab.step('epoch')).step;
export const isRefusal = (error: unknown): boolean => error instanceof LinregError && error.code === 'invalid_option';
`,
  );
  for (const [moduleResolution, module] of Object.entries({ bundler: 'esnext', nodenext: 'nodenext' }))
    compile({ moduleResolution, module }, 'typed.mts');
});

/** What a project may ask of the types of its packages. */
const strictest = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  skipLibCheck: false,
};

/** Checks the types of programs. @param {object} options @param {string[]} files */
function compile(options, ...files) {
  const shared = { noEmit: true, strict: true, target: 'es2022', lib: ['es2022', 'dom'], types: [] };
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...shared, ...options }, files }));
  run(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
}

for (const [where, { options, programs }] of Object.entries({
  'a page': {
    options: { lib: ['es2022', 'dom', 'dom.iterable'] },
    programs: ['engine.mts', 'scripted.mts'],
  },
  'Node, which has no DOM': {
    options: { lib: ['es2023'], types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
    programs: ['engine.mts'],
  },
}))
  test(`all that it takes and gives can be named, however strict the program is: ${where}`, () => {
    for (const name of programs) cpSync(join(root, 'tests/dist/types', name), join(consumer, name));
    for (const [moduleResolution, module] of Object.entries({ bundler: 'esnext', nodenext: 'nodenext' }))
      compile({ ...strictest, ...options, moduleResolution, module }, ...programs);
  });

for (const entry of ['linreg-lab/engine', 'linreg-lab/engine-inlined'])
  test(`Node imports ${entry} and trains`, () => {
    writeFileSync(join(consumer, 'node.mjs'), `${program(entry)}\nconsole.log(lines);`);
    expect(run('node.mjs').trim()).toBe(pytorchLines(42));
  });

for (const entry of ['linreg-lab', 'linreg-lab/element', 'linreg-lab/element-inlined', 'linreg-lab/anywidget'])
  test(`a server imports ${entry}, where there is no page`, () => {
    writeFileSync(
      join(consumer, 'server.mjs'),
      `const before = Object.keys(globalThis).length;
const given = await import('${entry}');
if (Object.keys(globalThis).length !== before) throw new Error('it left something behind');
console.log(Object.keys(given).join());`,
    );
    const names = { 'linreg-lab': '', 'linreg-lab/anywidget': 'default' };
    expect(run('server.mjs').trim()).toBe(names[entry] ?? 'LinregLab');
  });

/** Trains an element of the page, once it has its engine. */
const trained = `
const { lab } = element;
const until = (reached) => new Promise((resolve) => {
  const check = () => reached() && resolve();
  lab.addEventListener('progress', check);
  check();
});
await until(() => lab.status === 'ready');
lab.speed = 'fast';
lab.play();
await until(() => lab.ended);
const lines = lab.trainer.log.join('\\n');`;
const elementProgram = `
const element = document.body.appendChild(document.createElement('linreg-lab'));
element.setAttribute('seed', '42');
${trained}`;
const widgetProgram = `
const model = { get: (name) => ({ seed: 42, true_w: [2, -3.4], readonly: false })[name] }; // all that MyST's host has
widget.render({ model, el: document.body });
const element = document.querySelector('linreg-lab');
${trained}`;

/** An app that shows the lines, or why there are none. @param {string} code */
const app = (code) => `${code}\ndocument.body.textContent = lines;\n`;
const html = (/** @type {string} */ script) =>
  `<!doctype html><html lang="en"><title>app</title><link rel="icon" href="data:,"><body>loading<script type="module" src="${script}"></script></body></html>`;

/** Every bundler builds a tiny app into a folder that a static server can serve. @type {Record<string, (folder: string) => Promise<void>>} */
const bundlers = {
  'Vite, which copies the WebAssembly': async (folder) => {
    const vite = await import('vite');
    writeFileSync(join(folder, 'index.html'), html('main.js'));
    writeFileSync(join(folder, 'main.js'), app(program('linreg-lab/engine')));
    await vite.build({
      root: folder,
      logLevel: 'silent',
      configFile: false,
      build: { outDir: join(folder, 'out'), target: 'es2022' },
    });
  },
  'Vite, with the address that it gives': async (folder) => {
    const vite = await import('vite');
    writeFileSync(join(folder, 'index.html'), html('main.js'));
    const url = `import wasmUrl from 'linreg-lab/linreg-simd.wasm?url';`;
    writeFileSync(join(folder, 'main.js'), app(url + program('linreg-lab/engine', '{ simd: true, wasmUrl }')));
    await vite.build({
      root: folder,
      logLevel: 'silent',
      configFile: false,
      build: { outDir: join(folder, 'out'), target: 'es2022' },
    });
  },
  'Vite, the element': async (folder) => {
    const vite = await import('vite');
    writeFileSync(join(folder, 'index.html'), html('main.js'));
    writeFileSync(join(folder, 'main.js'), app(`import 'linreg-lab';${elementProgram}`));
    await vite.build({
      root: folder,
      logLevel: 'silent',
      configFile: false,
      build: { outDir: join(folder, 'out'), target: 'es2022' },
    });
  },
  'webpack, the element, minified': (folder) =>
    webpack(folder, `import 'linreg-lab';${elementProgram}`, { minimize: true }),
  'esbuild, the anywidget': (folder) => bundle(folder, `import widget from 'linreg-lab/anywidget';${widgetProgram}`),
  'webpack, which copies the WebAssembly': (folder) => webpack(folder, program('linreg-lab/engine')),
  'webpack, inlined': (folder) => webpack(folder, program('linreg-lab/engine-inlined')),
  'esbuild, with the address of a copy': async (folder) => {
    const options = '{ simd: true, wasmUrl: new URL("linreg.wasm", document.baseURI) }';
    await bundle(folder, program('linreg-lab/engine', options));
    cpSync(join(consumer, 'node_modules/linreg-lab/wasm/linreg-simd.wasm'), join(folder, 'out/linreg.wasm'));
  },
  'esbuild, with the bytes': async (folder) => {
    const bytes = `import wasmBinary from 'linreg-lab/linreg-scalar.wasm';`;
    await bundle(folder, bytes + program('linreg-lab/engine', '{ simd: false, wasmBinary }'));
  },
  'esbuild, the element, inlined': (folder) => {
    const define = "customElements.define('linreg-lab', LinregLab);";
    return bundle(folder, `import { LinregLab } from 'linreg-lab/element-inlined';${define}${elementProgram}`);
  },
  'esbuild, inlined': (folder) => bundle(folder, program('linreg-lab/engine-inlined')),
};

/** @param {string} folder @param {string} code */
async function bundle(folder, code) {
  writeFileSync(join(folder, 'main.js'), app(code));
  const outdir = join(folder, 'out');
  await esbuild({
    entryPoints: [join(folder, 'main.js')],
    outdir,
    bundle: true,
    format: 'esm',
    splitting: true,
    loader: { '.wasm': 'binary' },
    logLevel: 'error',
  });
  writeFileSync(join(outdir, 'index.html'), html('main.js'));
}

/** @param {string} folder @param {string} code @param {{ minimize: boolean }} [optimization] */
async function webpack(folder, code, optimization = { minimize: false }) {
  writeFileSync(join(folder, 'main.js'), app(code));
  const pack = require('webpack');
  const output = { path: join(folder, 'out'), filename: 'main.js' };
  const stats = await new Promise((resolve, reject) =>
    pack({ mode: 'production', context: folder, entry: './main.js', output, optimization }, (error, stats) =>
      error ? reject(error) : resolve(stats),
    ),
  );
  const { errors, warnings } = stats.toJson({ errors: true, warnings: true });
  expect(
    [...errors, ...warnings].map(({ message }) => message).filter((message) => !/size limit|performance/.test(message)),
  ).toEqual([]);
  writeFileSync(join(folder, 'out/index.html'), html('main.js'));
}

for (const [name, make] of Object.entries(bundlers))
  test(`${name}: the app trains in a browser`, async ({ page, serve }) => {
    const folder = join(consumer, name.replace(/\W+/g, '-'));
    mkdirSync(folder, { recursive: true });
    await make(folder);
    const server = await serve(join(folder, 'out'));
    await page.goto(server.url);
    await expect(page.locator('body')).toHaveText(pytorchLines(42));
  });

for (const [what, code] of Object.entries({
  engine: program('linreg-lab/engine'),
  element: `import 'linreg-lab';${elementProgram}`,
}))
  test(`Vite’s development server, told as the README says, the ${what}: the app trains`, async ({ page }) => {
    const setting = /`optimizeDeps: (\{.*?\})`/.exec(readFileSync(join(consumer, 'package/README.md'), 'utf8'))?.[1];
    const folder = join(consumer, `vite-dev-${what}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.html'), html('main.js'));
    writeFileSync(join(folder, 'main.js'), app(code));
    const { createServer } = await import('vite');
    const server = await createServer({
      root: folder,
      logLevel: 'silent',
      configFile: false,
      optimizeDeps: Function(`return ${setting}`)(),
      server: { port: 0, host: 'localhost', fs: { allow: [consumer] } },
    });
    await server.listen();
    await page.goto(server.resolvedUrls.local[0]);
    await expect(page.locator('body')).toHaveText(pytorchLines(42), { timeout: 20_000 });
    await server.close();
  });
