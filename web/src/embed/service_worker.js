// The site without a network. Pages are asked for anew and kept for the time when there is none; the name of an asset
// holds the hash of its content, so the kept one is never stale and no page meets an asset of another version.

import { hasSimd } from '../simd.js';

/** @typedef {Event & { waitUntil(done: Promise<unknown>): void }} LifeEvent */
/** @typedef {LifeEvent & { request: Request, respondWith(response: Promise<Response>): void }} RequestEvent */
/** @typedef {EventTarget & { registration: { scope: string }, skipWaiting(): Promise<void> }} Worker */

const worker = /** @type {Worker} */ (/** @type {unknown} */ (self));
const { scope } = worker.registration;
const own = `linreg-lab ${scope} `; // other sites of this origin have caches too
const name = own + SITE.version;
const patience = 4000; // milliseconds for a page, when a kept one could be shown

worker.addEventListener('install', (event) => /** @type {LifeEvent} */ (event).waitUntil(install()));
worker.addEventListener('activate', (event) => /** @type {LifeEvent} */ (event).waitUntil(forgetOld()));
worker.addEventListener('fetch', (event) => answer(/** @type {RequestEvent} */ (event)));

async function install() {
  const cache = await caches.open(name);
  const assets = [...SITE.assets, ...(hasSimd() ? SITE.simd : SITE.scalar)];
  await Promise.all([
    ...SITE.pages.map(async (page) => cache.put(at(page), await get(at(page), 'no-cache'))),
    ...assets.map(async (asset) => cache.put(at(asset), (await caches.match(at(asset))) ?? (await get(at(asset))))),
  ]);
  await worker.skipWaiting();
}

/** @param {string} path @returns {string} */
const at = (path) => new URL(path, scope).href;

/** @param {string} url @param {RequestCache} [cache] */
async function get(url, cache = 'default') {
  const response = await fetch(url, { cache });
  if (!response.ok || response.redirected) throw new Error(`${url}: status ${response.status}`);
  return response;
}

/** A page of the version before may still be open and load its last parts: so that one is kept too. */
async function forgetOld() {
  const others = (await caches.keys()).filter((key) => key.startsWith(own) && key !== name);
  await Promise.all(others.slice(0, -1).map((key) => caches.delete(key)));
}

/** @param {RequestEvent} event */
function answer(event) {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (request.url.startsWith(at('assets/'))) event.respondWith(asset(request));
}

/** @param {Request} request */
const asset = async (request) => (await caches.match(request.url)) ?? fetch(request);

/** @param {Request} request */
async function page(request) {
  const address = request.url.replace(/[?#].*/, '').replace(/\/index\.html$/, '/');
  const kept = await (await caches.open(name)).match(address);
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, patience)).then(() => kept);
  const fresh = fetch(request).then(
    (response) => (response.status < 500 ? response : kept),
    () => kept,
  );
  return Promise.race([fresh, late]);
}
