// The site without a network: which page a reader gets, the one of now or the one that was kept.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

const scope = 'https://site.example/lab/';

/** What the worker listens for. @type {Record<string, (event: object) => void>} */
const listeners = {};
/** What waits for a timer. @type {(() => void)[]} */
const timers = [];
/** Answers of the network, by a promise. @type {() => Promise<{ status: number }>} */
let network = () => assert.fail('nothing is asked of the network');

before(async () => {
  const kept = { status: 200, kept: true };
  const cache = { match: async (/** @type {string} */ url) => (url === scope ? kept : undefined) };
  Object.assign(globalThis, {
    self: {
      registration: { scope },
      addEventListener: (/** @type {string} */ type, /** @type {any} */ listener) => (listeners[type] = listener),
    },
    SITE: { version: '1', pages: [], assets: [], simd: [], scalar: [] },
    caches: { open: async () => cache, match: cache.match },
    fetch: () => network(),
  });
  // @ts-ignore: with a name of its own, since it is a module of a worker
  await import('../../web/src/embed/service_worker.js');
});

/** The answer to a reader who goes to a page. @param {string} url @returns {Promise<any>} */
function visit(url) {
  /** @type {Promise<any> | undefined} */ let answer;
  const respondWith = (/** @type {Promise<any>} */ given) => (answer = given);
  listeners['fetch']?.({ request: { method: 'GET', mode: 'navigate', url }, respondWith });
  return /** @type {Promise<any>} */ (answer);
}

test('a page is the one of now', async () => {
  network = async () => ({ status: 200 });
  assert.deepEqual(await visit(scope), { status: 200 });
  network = async () => ({ status: 404 });
  assert.deepEqual(await visit(`${scope}other.html`), { status: 404 }, 'also where none was kept');
});

test('without a network, or with a server that fails, it is the kept one, whatever the address ends in', async () => {
  for (const answer of [() => Promise.reject(new TypeError('no network')), async () => ({ status: 503 })]) {
    network = answer;
    for (const end of ['', 'index.html', '#lr=0.1', '?a=1#b']) assert.equal((await visit(scope + end)).kept, true, end);
  }
});

test('of a network that does not answer, the kept page comes when patience is over', async (context) => {
  context.mock.method(globalThis, 'setTimeout', (/** @type {() => void} */ call, /** @type {number} */ patience) => {
    timers.push(call);
    assert.ok(patience >= 1000 && patience <= 10_000);
  });
  network = () => new Promise(() => {});
  const answer = visit(scope);
  for (let i = 0; i < 10; ++i) await null;
  assert.equal(timers.length, 1);
  timers[0]?.();
  assert.equal((await answer).kept, true);
});
