// The kinds of use that page.mjs measures: where each starts, and what the reader does meanwhile.

/** @typedef {import('playwright-core').Page} Page */

/**
 * @typedef {object} Use
 * @property {string} hash the link that opens it
 * @property {string} [views] shown beside the six; `sweep` shows the sweep too
 * @property {'normal' | 'fast'} [speed] of the run that plays meanwhile; none if left out
 * @property {(page: Page) => Promise<void>} [before] what is done first, not measured
 * @property {(page: Page, over: () => boolean) => Promise<void>} [during] until `over`
 */

export const sixViews = 'loss,fit,parameters,microscope,table,code';
const endless = '&epochs=1000000';

const act = (/** @type {Page} */ page, /** @type {string} */ action) => page.locator(`[data-action=${action}]`).click();

/** Options as a reader changes them: typed, one value after the other. @param {string} name @param {readonly string[]} values */
const typing = (name, values) => async (/** @type {Page} */ page, /** @type {() => boolean} */ over) => {
  const control = page.locator(`linreg-lab #option-${name}`).first();
  for (let i = 0; !over(); ++i) {
    await control.fill(values[i % values.length] ?? '');
    await control.press('Enter');
    await page.waitForTimeout(100);
  }
};

/**
 * The fit taken in its middle and moved about.
 * @param {Page} page @param {() => boolean} over @param {(i: number) => [number, number]} way pixels from there
 */
async function dragFit(page, over, way) {
  const stage = page.locator('#chart-fit .stage');
  await stage.scrollIntoViewIfNeeded();
  const box = await stage.boundingBox();
  if (!box) throw new Error('there is no fit to drag in');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 0; !over(); ++i) {
    const [right, down] = way(i);
    await page.mouse.move(x + right, y + down);
  }
  await page.mouse.up();
}

/** A point of the fit moved up and down, in steps of a few pixels. @param {Page} page @param {() => boolean} over */
const dragPoint = (page, over) => dragFit(page, over, (i) => [0, 60 * Math.sin(i / 5)]);

/** The space of two features turned, round and round. @param {Page} page @param {() => boolean} over */
const turnSpace = (page, over) => dragFit(page, over, (i) => [100 * Math.sin(i / 20), 40 * Math.cos(i / 15)]);

/** Views hidden and shown again, one after the other. @param {Page} page @param {() => boolean} over */
async function switchViews(page, over) {
  const names = sixViews.split(',');
  for (let i = 0; !over(); ++i) {
    const button = page.locator(`.chooser [data-view=${names[i % names.length]}]`);
    for (let twice = 0; twice < 2; ++twice) {
      await button.click();
      await page.waitForTimeout(100);
    }
  }
}

/** The run's slider drawn over its whole length and back. @param {Page} page @param {() => boolean} over */
async function scrub(page, over) {
  const box = await page.locator('.scrubber').boundingBox();
  if (!box) throw new Error('there is no slider');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  for (let i = 0; !over(); ++i) await page.mouse.move(box.x + box.width * (0.5 + 0.45 * Math.sin(i / 15)), y);
  await page.mouse.up();
}

/** A sweep, begun anew when it is over. @param {Page} page @param {() => boolean} over */
async function sweep(page, over) {
  while (!over()) {
    const start = page.locator('[data-action=sweep]');
    if ((await start.textContent()) === 'Sweep') await start.click();
    await page.waitForTimeout(100);
  }
}

/** Six runs, each at another rate, kept. @param {Page} page */
async function pinSix(page) {
  for (let i = 1; i <= 6; ++i) {
    await page
      .locator('linreg-lab #option-lr')
      .first()
      .fill(String(0.005 * i));
    await page.locator('linreg-lab #option-lr').first().press('Enter');
    for (let epoch = 0; epoch < 5; ++epoch) await act(page, 'step_epoch');
    await act(page, 'pin');
    await act(page, 'reset');
  }
}

const rates = Array.from({ length: 40 }, (_, i) => (0.002 * (i + 1)).toFixed(3));
const wide = Array.from({ length: 256 }, (_, j) => ((j % 7) - 3) / 4 || 1).join(',');

/** @type {Record<string, Use>} */
export const uses = {
  '10,000 losses': { hash: `#seed=42${endless}&step=10000`, speed: 'normal' },
  'as fast as possible': { hash: '#seed=42&epochs=1000000000', speed: 'fast' },
  '100,000 rows': { hash: `#seed=42&n=100000${endless}`, speed: 'fast' },
  '256 features': { hash: `#seed=42&true_w=${wide}&lr=0.001${endless}`, speed: 'fast' },
  'the learning rate changed': { hash: `#seed=42${endless}`, speed: 'fast', during: typing('lr', rates) },
  'the loss changed, 100,000 rows': {
    hash: '#seed=42&n=100000&true_w=1,2,3,4,5,6,7,8',
    during: async (page, over) => {
      const control = page.locator('linreg-lab #option-loss').first();
      for (let i = 0; !over(); ++i) {
        await control.selectOption(['l1', 'huber', 'mse', 'smooth_l1'][i % 4] ?? 'mse');
        await page.waitForTimeout(1000);
      }
    },
  },
  'a point dragged': { hash: '#seed=1&true_w=2&n=100&noise=1', during: dragPoint },
  'a point dragged, 100,000 rows': { hash: '#seed=1&true_w=2&n=100000&noise=1', during: dragPoint },
  'the slider drawn': { hash: '#seed=42&epochs=100&step=10000', during: scrub },
  'a sweep': { hash: '#seed=42&epochs=100', views: 'sweep', during: sweep },
  'a sweep, 100,000 rows': { hash: '#seed=42&n=100000', views: 'sweep', during: sweep },
  'the space turned': { hash: '#seed=42&epochs=100&step=1000', during: turnSpace },
  'the space turned, 100,000 rows': { hash: '#seed=42&n=100000', during: turnSpace },
  'a new seed': {
    hash: `#seed=42${endless}`,
    speed: 'normal',
    during: async (page, over) => {
      for (; !over(); await page.waitForTimeout(200)) await act(page, 'new_seed');
    },
  },
  'views switched': { hash: `#seed=42${endless}&step=1000`, speed: 'normal', during: switchViews },
  'six pinned runs': { hash: '#seed=42&epochs=100', speed: 'normal', before: pinSix },
};
