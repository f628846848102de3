// Builds the npm package: ES modules that read well, their types from JSDoc, and the WebAssembly beside them, where
// bundlers find and copy it. A second form of the engine holds the WebAssembly inside itself.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import { inlinedWasm, licences, root, settings, wasmFolder, web } from './bundle.mjs';

/**
 * What can be imported: `linreg-lab/engine` is engine.js, made of web/src/engine.js; linreg-lab.js is the package itself.
 * @type {Record<string, string>}
 */
const entries = { 'linreg-lab': 'src/lab/define.js', element: 'src/lab/element.js', engine: 'src/engine.js' };

/** The same with the WebAssembly inside, each in one file. @type {Record<string, string>} */
const inlinedEntries = {
  'engine-inlined': 'src/engine.js',
  'element-inlined': 'src/lab/element.js',
  anywidget: 'src/embed/anywidget.js',
};

/** @param {string} folder */
export async function buildNpm(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'wasm'), { recursive: true });
  for (const name of readdirSync(wasmFolder)) {
    if (/\.(mjs|wasm)$/.test(name)) writeFileSync(join(folder, 'wasm', name), readFileSync(join(wasmFolder, name)));
  }
  /** @param {Record<string, string>} sources @param {import('esbuild').BuildOptions} how */
  const bundle = async (sources, how) =>
    build({
      ...settings,
      entryPoints: Object.fromEntries(Object.entries(sources).map(([name, path]) => [name, join(web, path)])),
      outdir: folder,
      format: 'esm',
      ...how,
    });
  const linked = await bundle(entries, { splitting: true, external: ['node:*', './wasm/*.mjs'] });
  const inlined = await bundle(inlinedEntries, { plugins: [...settings.plugins, inlinedWasm] });
  writeTypes(join(folder, 'types'));
  writeFileSync(join(folder, 'LICENSE'), licences(linked, inlined));
  const texts = {
    'docs/npm.md': 'README.md',
    'CHANGELOG.md': 'CHANGELOG.md',
    'docs/embedding.md': 'docs/embedding.md',
    'docs/nginx.conf': 'docs/nginx.conf',
  };
  for (const [from, to] of Object.entries(texts)) cpSync(join(root, from), join(folder, to));
  const { LinregLab } = await import(pathToFileURL(resolve(folder, 'element.js')).href);
  const elements = elementManifest(LinregLab, eventDetails(join(folder, 'types')));
  writeFileSync(join(folder, 'custom-elements.json'), JSON.stringify(elements, null, 2) + '\n');
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest(), null, 2) + '\n');
}

/** Types of what the entries give, and of what those name. @param {string} folder */
function writeTypes(folder) {
  const config = join(root, 'build/types.json');
  const options = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: resolve(folder),
    rootDir: join(web, 'src'),
  };
  const files = [
    join(web, 'host.d.ts'),
    ...[entries, inlinedEntries].flatMap(Object.values).map((path) => join(web, path)),
  ];
  const settings = { extends: join(root, 'tsconfig.json'), compilerOptions: options, include: [], files };
  writeFileSync(config, JSON.stringify(settings));
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], { stdio: 'inherit' });
  rmSync(config);
  // What document.createElement('linreg-lab') makes, where it is registered.
  const tag =
    /^interface HTMLElementTagNameMap \{[^}]*\}/m.exec(readFileSync(join(web, 'host.d.ts'), 'utf8'))?.[0] ?? '';
  const here = tag.replace('./src/lab/', './');
  writeFileSync(join(folder, 'lab/define.d.ts'), `declare global {\n${here}\n}\nexport {};\n`);
  mkdirSync(join(folder, 'wasm'), { recursive: true });
  for (const name of readdirSync(wasmFolder)) {
    if (name.endsWith('.d.mts')) cpSync(join(wasmFolder, name), join(folder, 'wasm', name));
  }
}

/** The package's package.json. */
function manifest() {
  const { name, version, description, license, author, engines, keywords } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const modules = Object.entries({ ...entries, ...inlinedEntries }).map(([entry, path]) => [
    entry === name ? '.' : `./${entry}`,
    { types: `./${path.replace(/^src/, 'types').replace(/\.js$/, '.d.ts')}`, default: `./${entry}.js` },
  ]);
  return {
    name,
    version,
    description,
    keywords,
    license,
    author,
    type: 'module',
    exports: {
      ...Object.fromEntries(modules),
      './*.wasm': './wasm/*.wasm',
      './custom-elements.json': './custom-elements.json',
      './package.json': './package.json',
    },
    sideEffects: ['./linreg-lab.js', './anywidget.js'], // they register the element
    customElements: 'custom-elements.json',
    engines,
  };
}

/** The types of what the events tell, by the events' names. @param {string} types the folder of the types */
function eventDetails(types) {
  const text = readFileSync(join(types, 'lab/events.d.ts'), 'utf8');
  const { statements } = ts.createSourceFile('events.d.ts', text, ts.ScriptTarget.ES2022);
  const details = statements.find((one) => ts.isTypeAliasDeclaration(one) && one.name.text === 'LabDetails');
  if (!details || !ts.isTypeAliasDeclaration(details) || !ts.isTypeLiteralNode(details.type))
    throw new Error('no LabDetails in events.d.ts');
  const written = (/** @type {ts.Node | undefined} */ node) =>
    node ? text.slice(node.pos, node.end).trim().replace(/\s+/g, ' ') : '';
  return new Map(
    details.type.members.flatMap((member) =>
      ts.isPropertySignature(member) ? [[written(member.name).replaceAll('"', ''), written(member.type)]] : [],
    ),
  );
}

/**
 * What editors know of the element, asked of the class itself, and of what its events tell.
 * @param {{ observedAttributes: readonly string[], events: readonly string[], parts: readonly string[], prototype: object }} LinregLab
 * @param {Map<string, string>} details
 */
function elementManifest(LinregLab, details) {
  const scripted = Object.getPrototypeOf(LinregLab);
  const methods = Object.getOwnPropertyNames(scripted.prototype).filter(
    (name) => !['constructor', 'lab'].includes(name),
  );
  const properties = [LinregLab, Object.getPrototypeOf(scripted)].flatMap(({ prototype }) =>
    Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { set }]) => (set ? name : [])),
  );
  const attributes = LinregLab.observedAttributes;
  const tokens = readFileSync(join(web, 'src/styles/tokens.css'), 'utf8').matchAll(/^ {2}--([\w-]+):/gm);
  const declaration = {
    kind: 'class',
    name: 'LinregLab',
    tagName: 'linreg-lab',
    customElement: true,
    attributes: attributes.map((name) => ({ name })),
    members: [
      ...methods.map((name) => ({ kind: 'method', name })),
      ...properties.map((name) => ({
        kind: 'field',
        name,
        ...(attributes.includes(name) && { attribute: name, reflects: true }),
      })),
    ],
    events: LinregLab.events.map((name) => ({ name, type: { text: `CustomEvent<${details.get(name)}>` } })),
    cssParts: LinregLab.parts.map((name) => ({ name })),
    cssProperties: [...new Set([...tokens].map(([, name]) => `--linreg-${name}`))].map((name) => ({ name })),
    slots: [{ name: '', description: 'shown where the lab cannot train' }],
  };
  const reference = (/** @type {string} */ module) => ({ name: declaration.name, module });
  return {
    schemaVersion: '1.0.0',
    modules: [
      {
        kind: 'javascript-module',
        path: 'element.js',
        declarations: [declaration],
        exports: [{ kind: 'js', name: declaration.name, declaration: reference('element.js') }],
      },
      {
        kind: 'javascript-module',
        path: 'linreg-lab.js',
        exports: [
          { kind: 'custom-element-definition', name: declaration.tagName, declaration: reference('element.js') },
        ],
      },
    ],
  };
}
