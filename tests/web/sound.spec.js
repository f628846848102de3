// The loss as a sound, in browsers that have none.
import { expect, open, test } from './support.js';

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
