// Loading the engine, and what may go wrong there.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { Trainer, loadEngine } from '../../web/src/engine.js';
import { defaultOptions } from '../../web/src/options.js';
import { Wasm } from '../../web/src/wasm_instance.js';
import { assertRefused } from '../support/engines.js';
import { assertReadsWell } from '../support/refused.js';

const fileOf = (build) => new URL(`../../web/src/wasm/linreg-${build}.wasm`, import.meta.url);
const bytesOf = (build) => new Uint8Array(readFileSync(fileOf(build)));

/** Checks that the engine works. @param {import('../../web/src/engine.js').Engine} engine */
function assertWorks(engine) {
  const trainer = engine.createTrainer({ seed: 1, n: 50 });
  assert.equal(trainer.train(), 'finished');
  assert.equal(trainer.log.length, 3);
  trainer.dispose();
}

const assertFails = (options, { field, message }) =>
  assert.rejects(loadEngine(options), (error) => {
    assertReadsWell(error);
    assert.equal(error.code, 'load_failed');
    assert.equal(error.field, field);
    assert.match(error.message, message);
    return true;
  });

test('the build with SIMD is taken where it runs', async () => {
  for (const options of [undefined, {}, { simd: 'auto' }, { simd: true }]) {
    const engine = await loadEngine(options);
    assert.equal(engine.simd, true);
    assertWorks(engine);
  }
});

test('the scalar build is taken when it is asked for', async () => {
  const engine = await loadEngine({ simd: false });
  assert.equal(engine.simd, false);
  assertWorks(engine);
});

test('the scalar build holds no SIMD, the other does', () => {
  // The probe of load_wasm.js in reverse: without SIMD's prefix byte 0xfd a type v128 (0x7b) cannot occur in a signature.
  const instructions = (bytes) => bytes.reduce((count, byte) => count + (byte === 0xfd ? 1 : 0), 0);
  assert.ok(instructions(bytesOf('simd')) > 10 * instructions(bytesOf('scalar')));
});

test('the bytes may be given, in any form', async () => {
  for (const build of ['simd', 'scalar']) {
    const bytes = bytesOf(build);
    for (const wasmBinary of [bytes, bytes.buffer, Buffer.from(bytes)]) {
      assertWorks(await loadEngine({ simd: build === 'simd', wasmBinary }));
    }
  }
});

test('the address may be given', async () => {
  for (const wasmUrl of [fileOf('scalar'), fileOf('scalar').href]) {
    assertWorks(await loadEngine({ simd: false, wasmUrl }));
  }
});

test('a relative address begins at the folder that Node runs in', async () => {
  const before = process.cwd();
  const copies = mkdtempSync(join(tmpdir(), 'a copy of '));
  try {
    mkdirSync(join(copies, 'there'));
    copyFileSync(fileOf('scalar'), join(copies, 'there/copy.wasm'));
    process.chdir(copies);
    for (const wasmUrl of ['there/copy.wasm', './there/copy.wasm', '../' + basename(copies) + '/there/copy.wasm'])
      assertWorks(await loadEngine({ simd: false, wasmUrl }));
    await assertFails({ wasmUrl: './wasm/linreg-simd.wasm' }, { field: 'wasmUrl', message: /linreg-simd\.wasm/ });
  } finally {
    process.chdir(before);
    rmSync(copies, { recursive: true });
  }
});

test('a file that is not there', async () => {
  await assertFails(
    { wasmUrl: new URL('nowhere/linreg-gone.wasm', import.meta.url) },
    { field: 'wasmUrl', message: /linreg-gone\.wasm/ },
  );
  await assertFails({ wasmUrl: new URL('.', import.meta.url) }, { field: 'wasmUrl', message: /could not be read/ });
  await assertFails({ wasmUrl: 'http://127.0.0.1:1/linreg.wasm' }, { field: 'wasmUrl', message: /linreg\.wasm/ });
});

test('an address that is none', async () => {
  await assertFails({ wasmUrl: 'http://[' }, { field: 'wasmUrl', message: /could not be read/ });
});

test('a file that is no module, or not whole', async () => {
  const bytes = bytesOf('simd');
  const html = new TextEncoder().encode('<!doctype html><title>404</title>');
  for (const wasmBinary of [
    bytes.subarray(0, 1000),
    bytes.subarray(0, bytes.length - 1),
    new Uint8Array(0),
    html,
    new ArrayBuffer(8),
  ]) {
    await assertFails({ wasmBinary }, { field: 'wasm', message: /not a module/ });
  }
  await assertFails({ wasmUrl: new URL(import.meta.url) }, { field: 'wasm', message: /not a module/ });
  for (const wasmBinary of [42, true, {}, 'a.wasm', null]) await assertRejected({ wasmBinary }, 'wasmBinary');
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  await assertRejected({ wasmBinary: proxy }, 'wasmBinary');
  await assertRejected({ wasmUrl: proxy }, 'wasmUrl');
  for (const wasmUrl of [5, {}, ['a.wasm'], new Uint8Array(4)]) await assertRejected({ wasmUrl }, 'wasmUrl');
  const gone = bytesOf('simd');
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  await assertFails({ wasmBinary: gone }, { field: 'wasm', message: /not a module/ });
});

test('a module, but another one', { timeout: 5000 }, async () => {
  const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  // (import "elsewhere" "f" (func))
  const needy = Uint8Array.of(
    0,
    97,
    115,
    109,
    1,
    0,
    0,
    0,
    1,
    4,
    1,
    96,
    0,
    0,
    2,
    15,
    1,
    9,
    ...Buffer.from('elsewhere'),
    1,
    102,
    0,
    0,
  );
  for (const wasmBinary of [empty, needy]) await assertFails({ wasmBinary }, { field: 'wasm', message: /./ });
});

test('after a failure the next load works', async () => {
  await assertFails({ wasmBinary: new Uint8Array(4) }, { field: 'wasm', message: /not a module/ });
  assertWorks(await loadEngine());
});

test('an instance that trapped is never used again', () => {
  const wasm = new Wasm(/** @type {any} */ ({ answer: 42 }));
  assert.equal(
    wasm.call(({ answer }) => answer),
    42,
  );
  const mistake = new TypeError('a mistake of the caller');
  assert.throws(() => wasm.call(() => { throw mistake; }), mistake); // prettier-ignore
  assert.equal(
    wasm.call(({ answer }) => answer),
    42,
  );
  const trap = () => wasm.call(() => { throw new WebAssembly.RuntimeError('unreachable'); }); // prettier-ignore
  assertRefused(trap, { code: 'trapped' });
  assertRefused(() => wasm.call(() => assert.fail('it was used again')), { code: 'trapped' });

  const handle = { delete: () => assert.fail('its memory is undefined') };
  const trainer = new Trainer(wasm, /** @type {any} */ (handle), { options: defaultOptions(), notices: [] });
  assertRefused(() => trainer.status, { code: 'trapped' });
  trainer.dispose();
  assertRefused(() => trainer.status, { code: 'invalid_state' });
});

/** @param {unknown} options @param {string} field */
const assertRejected = (options, field) =>
  assert.rejects(loadEngine(/** @type {any} */ (options)), (error) => {
    assertReadsWell(error);
    assert.equal(error.code, 'invalid_option');
    assert.equal(error.field, field);
    return true;
  });

test('simd is auto, true or false', async () => {
  for (const simd of ['yes', 1, null, {}]) await assertRejected({ simd }, 'simd');
});

test('what is no object of options, or holds a name that means nothing', async () => {
  for (const options of [null, 5, 'simd', true, [], 1n, () => ({})]) await assertRejected(options, 'options');
  await assertRejected({ smid: false }, 'smid');
  for (const name of ['simd', 'wasmBinary', 'wasmUrl'])
    await assertRejected({ get [name]() { throw new Error('a getter of the caller'); } }, name); // prettier-ignore
});
