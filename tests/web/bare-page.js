// A page that knows nothing of the lesson, for labs as elements.
import { expect } from './support.js';

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; require-trusted-types-for 'script'";

/**
 * Opens a bare page with this body, under the strict policy, and waits until its labs can be used.
 * @param {import('@playwright/test').Page} page @param {string} body @param {string} [script] the path of a further module
 */
export async function bare(page, body, { lang = 'en', labs = 1 } = {}) {
  await page.route('**/bare.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': policy },
      body: `<!doctype html><html lang="${lang}"><title>bare</title><script type="module" src="/linreg-lab.js"></script><main><h1>A page</h1>${body}</main></html>`,
    }),
  );
  await page.goto('/bare.html');
  await expect(page.locator('.transport[data-status]:not([data-status=loading])')).toHaveCount(labs);
}

/** @param {import('@playwright/test').Page | import('@playwright/test').Locator} place @param {string} action */
export const press = (place, action) => place.locator(`[data-action=${action}]`).click();
