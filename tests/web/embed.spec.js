// The Embed dialog: for every host the lines of the one table, with the lab's settings of now; pasted, they are that lab.
import { hosts } from '../../web/src/embed/hosts.js';
import { expect, expectAccessible, open, test } from './support.js';

/** @param {import('@playwright/test').Page} page */
const lines = (page) => page.locator('#embed-lines').textContent();

test('the lines of every host hold the settings of now', async ({ page, baseURL }) => {
  await open(page, '#seed=42&lr=0.1&loss=huber');
  await page.locator('#embed-button').click();
  const settings = { seed: '42', loss: 'huber', lr: '0.1', view: 'loss,fit' };
  const wanted = { site: String(baseURL).replace(/\/$/, ''), settings, title: 'Training lab' };
  const height = Number(await page.locator('#embed-height').inputValue());
  expect(height).toBeGreaterThan(400);
  const choices = await page.locator('#embed-host option').evaluateAll((options) => options.map(({ value }) => value));
  expect(choices).toEqual(hosts.map(({ id }) => id));
  for (const { id, write, framed = false } of hosts) {
    await page.locator('#embed-host').selectOption(id);
    expect(await lines(page), id).toBe(write({ ...wanted, height }));
    await expect(page.locator('#embed-height')).toBeVisible({ visible: framed });
  }
});

test('what is ticked is in the lines', async ({ page }) => {
  await open(page, '#seed=42');
  await page.locator('#embed-button').click();
  await page.locator('#embed-host').selectOption('frame');
  for (const name of ['readonly', 'autoplay']) {
    expect(await lines(page)).not.toContain(`${name}=true`);
    await page.locator(`#embed-${name}`).check();
    expect(await lines(page)).toContain(`${name}=true`);
  }
});

for (const id of ['html', 'frame'])
  test(`pasted into a page as ${id}, they are that lab`, async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await open(page, '#seed=42&batch_size=20');
    await page.locator('#embed-button').click();
    await page.locator('#embed-host').selectOption(id);
    await page.locator('#embed-language').selectOption('zh-CN');
    await page.locator('#embed-theme').selectOption('dark');
    for (const box of ['readonly', 'hide-sound', 'hide-speed']) await page.locator(`#embed-${box}`).check();
    await page.locator('#embed-lines + div .copy').click();
    await expect(page.locator('#embed-lines + div .copy')).toHaveText('Copied');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await lines(page));
    expect(copied).toContain('训练实验室');
    await page.route('**/pasted.html', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<!doctype html><html lang="en"><body>${copied}` }),
    );
    await page.goto('/pasted.html');
    const place = id === 'frame' ? page.frameLocator('iframe') : page;
    await expect(place.locator('.transport')).toHaveAttribute('data-status', 'ready');
    const lab = place.locator('linreg-lab');
    expect(await lab.evaluate(({ lab }) => lab.options)).toMatchObject({ seed: 42, batch_size: 20, lr: 0.03 });
    await expect(lab.locator('[data-action=toggle]')).toHaveText('运行');
    await expect(lab.locator('#sound-button')).toBeHidden();
    await expect(lab.locator('.speed')).toBeHidden();
    await expect(lab.locator('#option-lr')).toBeDisabled();
    expect(
      await lab.evaluate((lab) => getComputedStyle(lab.shadowRoot.querySelector('.transport')).backgroundColor),
    ).toBe('rgb(28, 32, 37)');
  });

test('the address of the files is the script’s, whatever query it came with', async ({ page, baseURL }) => {
  const script = '<script type="module" src="/linreg-lab.js?v=2"></script>';
  await page.route('**/book/chapter.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><body>${script}<linreg-lab></linreg-lab>`,
    }),
  );
  await page.goto('/book/chapter.html');
  await page.locator('#embed-button').click();
  await expect(page.locator('#embed-site')).toHaveValue(String(baseURL).replace(/\/$/, ''));
});

test('by keyboard; a wild address or height is not believed; the focus comes back', async ({ page }) => {
  await open(page, '#seed=42');
  await page.locator('#embed-button').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#embed-host')).toBeFocused();
  await page.keyboard.press('ArrowDown'); // a frame
  await expect(page.locator('#embed-host')).toHaveValue('frame');
  await page.keyboard.press('Tab');
  await expect(page.locator('#embed-site')).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('"><script>alert(1)</script>');
  expect(await lines(page)).not.toContain('<script>');
  await page.locator('#embed-site').fill('');
  expect(await lines(page)).toContain('src="https://example.org/linreg-lab/embed.html?seed=42');
  await page.locator('#embed-site').fill('https://book.example/lab//');
  expect(await lines(page)).toContain('src="https://book.example/lab/embed.html?seed=42');
  const height = await page.locator('#embed-height').inputValue();
  for (const [given, taken] of Object.entries({ 700: '700', '': height, '-5': height, '1e9': height })) {
    await page.locator('#embed-height').fill(given);
    expect(await lines(page), given).toContain(`height="${taken}"`);
  }
  await page.keyboard.press('Escape');
  await expect(page.locator('#embed')).toHaveCount(0);
  await expect(page.locator('#embed-button')).toBeFocused();
});

test('axe, in both languages, on wide and narrow screens', async ({ page }) => {
  await open(page, '#seed=42&lang=en');
  for (const [lang, width] of /** @type {const} */ ([
    ['en', 1280],
    ['en', 320],
    ['zh-CN', 390],
  ])) {
    await page.setViewportSize({ width, height: 800 });
    await page.locator('#language').selectOption(lang);
    await page.locator('#embed-button').click();
    await expect(page.locator('#embed')).toBeVisible();
    await expectAccessible(page);
    const spills = await page.locator('#embed').evaluate((it) => it.scrollWidth - it.clientWidth);
    expect(spills, `${lang}, ${width} pixels`).toBeLessThanOrEqual(0);
    await page.locator('#embed > div:last-child button').last().click();
    await expect(page.locator('#embed')).toHaveCount(0);
  }
});
