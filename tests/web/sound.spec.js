// The loss as a sound, in browsers that have none.
import { button, expect, open, settled, test } from './support.js';

for (const [what, remove] of Object.entries({
  'there is no AudioContext': () => Reflect.deleteProperty(globalThis, 'AudioContext'),
  'no AudioContext can be made': () =>
    Object.assign(globalThis, {
      AudioContext: function () {
        throw new DOMException('no device', 'NotSupportedError');
      },
    }),
}))
  test(`where ${what}, the reader is told`, async ({ page }) => {
    await page.addInitScript(remove);
    await open(page, '#seed=42');
    const sound = page.locator('#sound-button');
    const told = page.locator('#sound-button + [role=status]');
    await expect(told).toBeEmpty();
    await sound.click();
    await expect(told).toHaveText('This browser plays no sound here.');
    await expect(sound).toHaveAttribute('aria-pressed', 'false');
  });

test('every step that is seen is heard, and none once it is turned off', async ({ page }) => {
  await open(page, '#seed=42');
  const sound = page.locator('#sound-button');
  await sound.click();
  await button(page, 'step_batch').click();
  const pitch = async () => Number(await sound.getAttribute('data-pitch'));
  await expect.poll(pitch).toBeGreaterThan(55);
  const first = await pitch();
  await button(page, 'step_epoch').click();
  await expect.poll(pitch).toBeLessThan(first);
  const low = await pitch();
  await sound.click();
  await button(page, 'reset').click();
  await button(page, 'step_batch').click();
  await settled(page);
  expect(await pitch()).toBe(low);
});

test('where sound is gone when the language changes, all else is there', async ({ page }) => {
  await open(page, '#seed=42');
  await page.locator('#sound-button').click();
  await expect(page.locator('#sound-button')).toHaveAttribute('aria-pressed', 'true');
  await page.evaluate(() => Reflect.deleteProperty(globalThis, 'AudioContext'));
  await page.locator('#language').selectOption('zh-CN');
  await expect(page.locator('#sound-button')).toHaveText('声音');
  await expect(page.locator('#sound-button')).toHaveAttribute('aria-pressed', 'false');
  await expect(page.locator('#sound-button + [role=status]')).toHaveText('此浏览器无法在这里播放声音。');
});
