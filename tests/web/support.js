// What the page's tests share: a page whose console must stay clean, and the words for what a reader does.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test as base } from '@playwright/test';
import { views } from '../../web/src/lab/views/index.js';

/** @import { Page } from '@playwright/test' */

/** Every test fails on a console message, an uncaught error, a request that fails, or one to another origin. */
export const test = base.extend({
  /** Console messages that a test provokes on purpose. */
  allowed: [/^$/, { option: true }],
  clean: [
    async ({ page, allowed, baseURL }, use) => {
      /** @type {string[]} */
      const complaints = [];
      const complain = (text) => allowed.test(text) || complaints.push(text);
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complain(message.text()));
      page.on('pageerror', (error) => complain(`uncaught: ${error.message}`));
      page.on('request', (request) => request.url().startsWith(baseURL) || complain(`request to ${request.url()}`));
      await use();
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

const fixtures = JSON.parse(readFileSync(new URL('../fixtures/pytorch.json', import.meta.url), 'utf8'));

/** What PyTorch printed for a configuration of the fixtures. @param {string} name */
export const pytorch = (name) => fixtures.runs.find((run) => run.name === name);

/** Opens the lesson and waits until it can be used. @param {Page} page @param {string} [hash] */
export async function open(page, hash = '#seed=42') {
  await page.goto(`/${hash}`);
  await expect(transport(page)).toHaveAttribute('data-status', /ready|running|finished|diverged/);
  await settled(page);
}

/** Follows another link to the page that is open. @param {Page} page @param {string} hash */
export async function goTo(page, hash) {
  await page.evaluate((text) => {
    location.hash = text;
  }, hash);
  await settled(page);
}

/** @param {Page} page */
export const transport = (page) => page.locator('.transport');

/** @param {Page} page @param {string} action toggle, step_phase, step_batch, step_epoch, back_phase, back_batch, back_epoch, reset, new_seed */
export const button = (page, action) => page.locator(`[data-action=${action}]`);

/** The option's control in the notebook; the lab's settings have another. @param {Page} page @param {string} name */
export const control = (page, name) => page.locator(`css:light=#option-${name}`);

/** @param {Page} page @param {string} name */
export const problem = (page, name) => page.locator(`css:light=#problem-${name}`);

/** @param {Page} page @param {string} name */
export const notice = (page, name) => page.locator(`css:light=#notice-${name}`);

/** What a cell has printed. @param {Page} page @param {'peek' | 'net' | 'init' | 'train' | 'errors'} cell */
export const output = (page, cell) => page.locator(`#output-${cell}`);

/** Types a value as a reader would, and leaves the field. @param {Page} page @param {string} name @param {string} text */
export async function enter(page, name, text) {
  await control(page, name).fill(text);
  await control(page, name).press('Enter');
}

/** Waits until nothing plays, and what there is to draw is drawn. @param {Page} page */
export async function settled(page) {
  await expect(transport(page)).toHaveAttribute('data-playing', 'false');
  await drawn(page);
}

/** Waits until all that happened is shown, and for two frames: what was asked to be drawn is then there. @param {Page} page */
export const drawn = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const from = performance.now();
        const isShown = () =>
          [...document.querySelectorAll('linreg-lab')].every(({ lab }) => !lab || lab.playing || lab.isShown);
        const done = () => {
          clearInterval(timer);
          resolve(0);
        };
        const look = () => requestAnimationFrame(isShown() ? done : look);
        requestAnimationFrame(look);
        // Where no frames come the page draws by a timer, too.
        const timer = setInterval(() => {
          if (isShown() && performance.now() - from > 1500) done();
          if (performance.now() - from > 10_000) reject(new Error('what happened is not shown'));
        }, 100);
      }),
  );

/** Runs to the end at full speed. @param {Page} page @param {'finished' | 'diverged'} [end] */
export async function runToEnd(page, end = 'finished') {
  await page.locator('#speed').selectOption('fast');
  await button(page, 'toggle').click();
  await expect(transport(page)).toHaveAttribute('data-status', end);
  await settled(page);
}

/** All views, as an attribute or an address names them. */
export const allViews = views.map(({ name }) => name).join();

/** Leaves zero_grad out from now on, or no longer; no link and no attribute can. @param {Page} page */
export const forgetZeroGrad = (page, forgets = true) =>
  page.locator('linreg-lab').evaluate((element, value) => {
    Reflect.get(element, 'lab').forgetsZeroGrad = value;
  }, forgets);

/** What a canvas shows. @param {import('@playwright/test').Locator} canvas */
export const pictureOf = (canvas) =>
  canvas.evaluate((element) => /** @type {HTMLCanvasElement} */ (element).toDataURL());

/** Shows all seven views, and what is folded. @param {Page} page */
export async function showAll(page) {
  const lab = page.locator('linreg-lab');
  await lab.evaluate((element, all) => element.setAttribute('view', all), allViews);
  await drawn(page);
  await lab.evaluate((lab) => {
    const folded = [document, lab.shadowRoot].flatMap((root) => [...(root?.querySelectorAll('details') ?? [])]);
    for (const details of folded) details.open = true;
  });
  await drawn(page);
}

/** The address, after the pause in which the page writes its link there. @param {Page} page */
export async function address(page) {
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300))); // the page's own time: it may be busy
  return page.url();
}

/** The link's names and values. @param {Page} page @returns {Promise<Record<string, string>>} */
export async function link(page) {
  const hash = new URL(await address(page)).hash.slice(1);
  return Object.fromEntries(hash.split('&').map((part) => part.split('=')));
}

/** All that a run shows as text: equal texts, equal runs. @param {Page} page */
export async function standing(page) {
  const parts = ['.position', '#output-peek', '#output-init', '#output-train', '#output-errors'];
  return Promise.all(parts.map((part) => page.locator(part).textContent()));
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What of axe depends on the colours. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/**
 * Nothing fails axe, in the light or in the dark: the rules on colours are asked once more there.
 * @param {Page} page @param {{ within?: string }} [what] the part of the page that has changed
 */
export async function expectAccessible(page, { within } = {}) {
  await expectNoViolations(page, within, {});
  await page.emulateMedia({ colorScheme: 'dark' });
  await drawn(page);
  await expectNoViolations(page, within, { runOnly: colourRules });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** @param {Page} page @param {string | undefined} within @param {import('axe-core').RunOptions} options */
async function expectNoViolations(page, within, options) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource); // once, as it takes a third of a second
  const violations = await page.evaluate(
    async ([place, how]) => {
      const { violations } = await Reflect.get(globalThis, 'axe').run(place ?? document, how);
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    },
    /** @type {const} */ ([within, { ...options, resultTypes: ['violations'], selectors: false }]), // an element's HTML says which it is
  );
  expect(violations).toEqual([]);
}
