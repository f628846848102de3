// What the tests of the lab's views share.
import { expect, open, pictureOf } from './support.js';

/** @import { Page } from '@playwright/test' */

/** Opens the lesson with only one view in its lab. @param {Page} page @param {string} name @param {string} [hash] */
export async function openView(page, name, hash) {
  await open(page, hash);
  const button = page.locator(`.chooser [data-view=${name}]`);
  if ((await button.getAttribute('aria-pressed')) === 'false') await button.click();
  const shown = await page
    .locator('.chooser [aria-pressed=true]')
    .evaluateAll((buttons) => buttons.map((other) => other.getAttribute('data-view')));
  for (const other of shown) if (other !== name) await page.locator(`.chooser [data-view=${other}]`).click();
  await expect(page.locator('.views > [data-view]')).toHaveCount(1);
  return page.locator(`.views > [data-view=${name}]`);
}

/** What the trainer behind the page says, as plain lists. @param {Page} page */
export const trainerOf = (page) =>
  page.locator('linreg-lab').evaluate((element) => {
    const { trainer, options } = /** @type {any} */ (element).lab;
    const names = ['phase', 'step_count', 'weight', 'bias', 'gradient', 'batch', 'step_start', 'coefficients', 'optimum', 'full_gradient', 'history', 'initial', 'curvature']; // prettier-ignore
    const state = { options, ...Object.fromEntries(names.map((name) => [name, trainer[name]])) };
    return JSON.parse(JSON.stringify(state, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value)));
  });

/** Weights, then the bias. @param {{ weight: number[], bias: number }} parameters */
export const list = ({ weight, bias }) => [...weight, bias];

/** The page itself never scrolls sideways. @param {Page} page */
export async function expectNoSidewaysScroll(page) {
  const { wide, room } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }));
  expect(wide).toBeLessThanOrEqual(room);
}

/** A chart. @param {Page} page @param {'data' | 'loss' | 'fit' | 'sweep'} name */
export const chart = (page, name) => page.locator(`#chart-${name}`);

/** Where it is drawn. @param {Page} page @param {'data' | 'loss' | 'fit' | 'sweep'} name */
export const stage = (page, name) => chart(page, name).locator('.stage');

/** What it says below. @param {Page} page @param {'data' | 'loss' | 'fit' | 'sweep'} name */
export const said = (page, name) => chart(page, name).locator('.summary');

/** Shows the sweep. @param {Page} page */
export const showSweep = (page) => page.locator('.chooser [data-view=sweep]').click();

/** What is drawn. @param {Page} page @param {string} name */
export const pixels = (page, name) => pictureOf(page.locator(`#chart-${name} .plot`));

/** Of a step, in their order. */
export const phases = ['draw', 'forward', 'zero_grad', 'backward', 'step'];

/** The button of a phase. @param {Page} page @param {string} name */
export const phase = (page, name) => page.locator(`[data-phase=${name}]:is(button)`);
