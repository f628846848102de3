// Fetches and starts the wasm module: the build with SIMD where the machine has it, else the scalar one.

import { describe, LinregError, mustBe, oneOf } from './errors.js';
import { readProperties } from './properties.js';
import { hasSimd } from './simd.js';
import { wasmFile } from './wasm_files.js';

/** @import { MainModule } from './wasm/linreg-simd.mjs' */

/**
 * @typedef {object} LoadOptions
 * @property {'auto' | boolean | undefined} [simd] 'auto' takes SIMD where the machine has it. With bytes or an address of one's
 *   own it says which build those are, and is to be given along with them: they are not looked at
 * @property {ArrayBuffer | ArrayBufferView | undefined} [wasmBinary] the bytes of the .wasm, for hosts where nothing can be fetched
 * @property {string | URL | undefined} [wasmUrl] where the .wasm is, for bundlers that do not copy it; relative to the page, in Node to
 *   the folder that it runs in, in a worker to the engine's own file
 */

/**
 * @param {LoadOptions} options
 * @returns {Promise<{ module: MainModule, simd: boolean }>}
 * @throws {LinregError} load_failed, invalid_option
 */
export async function loadWasm(options) {
  const { simd = 'auto', ...given } = readProperties(options, ['simd', 'wasmBinary', 'wasmUrl']);
  const { wasmBinary, wasmUrl } = /** @type {LoadOptions} */ (given);
  if (simd !== 'auto' && typeof simd !== 'boolean')
    throw mustBe('invalid_option', 'simd', oneOf(['auto', 'true', 'false']), describe(simd));
  if (wasmBinary !== undefined && !isBytes(wasmBinary))
    throw mustBe('invalid_option', 'wasmBinary', { key: 'range.bytes' }, describe(wasmBinary));
  if (wasmUrl !== undefined && !isAddress(wasmUrl))
    throw mustBe('invalid_option', 'wasmUrl', { key: 'range.address' }, describe(wasmUrl));
  if (typeof WebAssembly !== 'object') throw failed('wasm', 'error.host');
  const useSimd = simd === 'auto' ? hasSimd() : simd;
  const [create, compiled] = await Promise.all([
    importGlue(useSimd),
    compile(wasmBinary ?? wasmUrl ?? wasmFile(useSimd)),
  ]);
  return { module: await start(create, compiled), simd: useSimd };
}

/** What an object is, also one of another frame. @param {unknown} value */
function tagOf(value) {
  try {
    return Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return ''; // a proxy that was revoked
  }
}

/** @param {unknown} value @returns {value is BufferSource} */
const isBytes = (value) => ArrayBuffer.isView(value) || tagOf(value) === 'ArrayBuffer';

/** @param {unknown} value @returns {value is string | URL} */
const isAddress = (value) => typeof value === 'string' || tagOf(value) === 'URL';

/**
 * The glue would wait for ever for an instance that cannot be made, so a refusal ends the wait here.
 * @param {typeof import('./wasm/linreg-simd.mjs').default} create @param {WebAssembly.Module} compiled
 * @returns {Promise<MainModule>}
 */
function start(create, compiled) {
  return new Promise((resolve, reject) => {
    /** @param {unknown} cause */
    const refuse = (cause) => reject(failed('wasm', 'error.start', { cause: clean(cause) }));
    /** @type {(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => object} */
    const instantiateWasm = (imports, done) => {
      WebAssembly.instantiate(compiled, imports).then(done).catch(refuse);
      return {};
    };
    create({ instantiateWasm, print: silent, printErr: silent }).then(resolve, refuse);
  });
}

const silent = () => {}; // what goes wrong is thrown, not printed

/** @param {boolean} simd */
async function importGlue(simd) {
  try {
    return (await (simd ? import('./wasm/linreg-simd.mjs') : import('./wasm/linreg-scalar.mjs'))).default;
  } catch (cause) {
    throw failed('wasm', 'error.file', { file: `linreg-${simd ? 'simd' : 'scalar'}.mjs`, cause: clean(cause) });
  }
}

/** @param {BufferSource | Promise<BufferSource> | string | URL} source */
async function compile(source) {
  const bytes = isAddress(source) ? await read(source) : source;
  try {
    return await WebAssembly.compile(await bytes);
  } catch (cause) {
    if (
      cause instanceof WebAssembly.CompileError &&
      /unsafe-eval|Content Security Policy|\bCSP\b/i.test(cause.message)
    ) {
      throw failed('wasm', 'error.policy');
    }
    throw failed('wasm', 'error.module', { cause: clean(cause) });
  }
}

/**
 * The bytes at an address. Streaming would save nothing at this size and fails on a wrong MIME type.
 * @param {string | URL} address
 * @returns {Promise<BufferSource>}
 */
async function read(address) {
  try {
    const url = absolute(address) ?? new URL(address, await base());
    if (url.protocol === 'file:' && node()) {
      const { readFile } = await partOfNode('node:fs/promises');
      return await readFile(url);
    }
    const response = await fetch(url, { credentials: 'same-origin' });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.arrayBuffer();
  } catch (cause) {
    const file = String(address)
      .replace(/[?#].*/, '')
      .split('/')
      .pop();
    throw failed('wasmUrl', 'error.file', { file: String(file), cause: clean(cause) });
  }
}

/** @param {string | URL} address @returns {URL | undefined} undefined where it is relative */
function absolute(address) {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** What a relative address begins at: as everywhere in a page, the page; in Node its folder; else, in a worker, this module. */
async function base() {
  if (typeof document === 'object') return document.baseURI;
  const folder = node()?.cwd();
  if (folder === undefined) return import.meta.url;
  const { pathToFileURL } = await partOfNode('node:url');
  return pathToFileURL(`${folder}/`);
}

/** Node's process, if that is the host. */
const node = () => (typeof process === 'object' && process.versions?.node !== undefined ? process : undefined);

/** By a name that bundlers for browsers do not follow. @param {string} name */
const partOfNode = (name) => import(/* @vite-ignore */ /* webpackIgnore: true */ name);

/** @param {unknown} cause */
const clean = (cause) => (cause instanceof Error ? cause.message : String(cause)).slice(0, 120);

/** @param {string} field @param {string} key @param {Record<string, string>} [params] */
const failed = (field, key, params) =>
  new LinregError({ code: 'load_failed', field, text: { key, ...(params && { params }) } });
