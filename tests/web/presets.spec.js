// The situations: each a link that opens what it says, in the lab and in the lesson, and compared by a button.
import { translator } from '../../web/src/i18n/index.js';
import { presets } from '../../web/src/lab/presets.js';
import { expect, goTo, open, pytorch, runToEnd, test, transport } from './support.js';

/** @param {import('@playwright/test').Page} page @param {string} name */
const inLesson = (page, name) => page.locator(`css:light=[data-preset=${name}]`);
const inLab = (page, name) => page.locator(`#situations [data-preset=${name}]`);

const t = translator('en');

/** A link's names and values. @param {string} hash */
const partsOf = (hash) => Object.fromEntries(new URLSearchParams(hash.slice(1)));

for (const [half, some] of [
  ['the first half', presets.slice(0, presets.length >> 1)],
  ['the second half', presets.slice(presets.length >> 1)],
])
  test(`each situation of the lesson opens, runs and is its own link: ${half}`, async ({ page }) => {
    await open(page);
    for (const { name, variants } of some)
      for (const [i, { hash }] of variants.entries()) {
        await goTo(page, '#seed=7&lr=0.2');
        const anchor = inLesson(page, name).getByRole('link').nth(i);
        await expect(anchor).toHaveAttribute('href', hash);
        await anchor.click();
        await expect(page.locator('.state'), hash).toHaveText(t(`watch.${name}`));
        await expect(page.locator('.link-notice')).toBeEmpty();
        await runToEnd(page, name === 'large_lr' ? 'diverged' : 'finished');
        // Not before the page has written its own: until then the address is what was clicked.
        const parts = { ...partsOf(hash), step: expect.stringMatching(/^\d+$/) };
        await expect.poll(async () => partsOf(new URL(page.url()).hash), { message: hash }).toEqual(parts);
      }
  });

test('what is opened in the lab has its words until a setting is changed', async ({ page }) => {
  await open(page, '#seed=7&lang=zh-CN');
  await page.locator('#situations-button').click();
  await expect(page.locator('#situations')).toBeVisible();
  await inLab(page, 'outliers').getByRole('button', { name: 'Huber 损失' }).click();
  await expect(page.locator('#situations')).toBeHidden();
  await expect(page.locator('[data-action=toggle]')).toBeFocused();
  await expect(page.locator('.state')).toHaveText(/^看拟合图中的直线/);
  await expect(page.locator('.settings #option-loss')).toHaveValue('huber');
  await page.locator('.settings #option-lr').fill('0.1');
  await page.locator('.settings #option-lr').press('Enter');
  await expect(page.locator('.state')).toHaveText('可以运行。');
});

test('no two buttons or links of the situations have the same name', async ({ page }) => {
  await open(page);
  await page.locator('#situations-button').click();
  const names = await page
    .locator('#situations .preset :is(a, button)')
    .evaluateAll((all) => all.map((element) => element.getAttribute('aria-label') ?? element.textContent));
  expect(names.length).toBeGreaterThan(15);
  expect(new Set(names).size).toBe(names.length);
});

test('compared runs are pinned beside the last one', async ({ page }) => {
  await open(page, '#seed=42');
  await inLesson(page, 'batch').getByRole('button', { name: 'Run and compare' }).click();
  await expect(page.locator('#chart-loss .legend')).toContainText('batch_size 1 → 1000');
  await expect(page.locator('#chart-loss .legend')).toContainText('batch_size 10 → 1000');
  await expect(transport(page)).toHaveAttribute('data-status', 'finished');
});

test('made data: what the code makes is what is trained on', async ({ page }) => {
  await open(page, '#seed=42&data=sorted&shuffle=false&batch_size=4');
  await expect(page.locator('#code-data')).toContainText('x1 = 4 * i / 200 - 2');
  await expect(page.locator('#output-peek')).toContainText(/^\[tensor\(\[\[-2\.0000\],\s+\[-1\.9800\],\s+\[-1\.9600\]/);
  await expect(page.locator('[data-words=errors]')).toContainText('which weights and bias the data were made from');
  await open(page, '#seed=42');
  await page.reload();
  await runToEnd(page);
  await expect(page.locator('#output-train')).toHaveText(pytorch('notebook, seed 42').lines.join('\n'));
});
