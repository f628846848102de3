// The transport by its keys, and the keys of the lab.
import { button, control, expect, link, open, test } from './support.js';

test('every button works by keyboard', async ({ page }) => {
  await open(page);
  /** @param {string} action @param {string} key */
  const press = (action, key) => button(page, action).press(key);
  await press('step_batch', 'Enter');
  await expect(page.locator('.position')).toContainText('Step 1 of 300');
  await press('step_batch', ' ');
  await expect(page.locator('.position')).toContainText('Step 2 of 300');
  await press('back_batch', 'Enter');
  await expect(page.locator('.position')).toContainText('Step 1 of 300');
  await press('step_epoch', 'Enter');
  await expect(page.locator('.position')).toContainText('Step 100 of 300');
  await press('reset', 'Enter');
  await expect(page.locator('.position')).toContainText('Step 0 of 300');
  await expect(control(page, 'seed')).toHaveValue('42');
  await press('new_seed', 'Enter');
  await expect(control(page, 'seed')).not.toHaveValue('42');
  await press('toggle', ' ');
  await expect(button(page, 'toggle')).toHaveText('Pause');
  await press('toggle', ' ');
  await expect(button(page, 'toggle')).toHaveText('Run');
});

test('keys work while the focus is in the lab, and only there', async ({ page }) => {
  await open(page);
  await button(page, 'toggle').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.position')).toContainText('Step 1 of 300');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.locator('.position')).toContainText('Step 100 of 300');
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.position')).toContainText('Step 99 of 300');
  await page.keyboard.press('.');
  await expect(page.locator('.state')).toContainText('The minibatch is drawn');
  await page.keyboard.press(',');
  await expect(page.locator('.state')).toHaveText('Paused.');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(page.locator('.position')).toContainText('Step 0 of 300');
  await page.keyboard.press('+');
  await expect(page.locator('#speed')).toHaveValue('fast');
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  await expect(page.locator('#speed')).toHaveValue('slow');
  await page.keyboard.press('g');
  await expect(page.locator('#go-to')).toBeFocused();
  await page.keyboard.type('7');
  await page.keyboard.press('Enter');
  await expect(page.locator('.position')).toContainText('Step 7 of 300');
  await button(page, 'reset').focus();
  await page.keyboard.press('Home');
  await expect(page.locator('.position')).toContainText('Step 0 of 300');
  await page.locator('.lab').focus();
  await page.keyboard.press(' ');
  await expect(button(page, 'toggle')).toHaveText('Pause');
  await page.keyboard.press(' ');
  await expect(button(page, 'toggle')).toHaveText('Run');
  await page.keyboard.press('?');
  await expect(page.locator('#help')).toBeVisible();
  await expect(page.locator('#help')).toContainText('back by a minibatch');
  await page.keyboard.press('Escape');
  await expect(page.locator('#help')).toBeHidden();

  await page.keyboard.press('Home');
  await page.locator('css:light=#option-lr').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Home');
  await expect(page.locator('.position')).toContainText('Step 0 of 300');
  await page.locator('#keys-button').click();
  await page.locator('#help button').click();
  await expect(page.locator('#help')).toBeHidden();
});

test('of held keys only those that step and change the speed come again', async ({ page }) => {
  await open(page);
  await page.locator('.lab').focus();
  /** Held so long that it comes four times. @param {string} key */
  const hold = async (key) => {
    for (let i = 0; i < 4; ++i) await page.keyboard.down(key);
    await page.keyboard.up(key);
  };
  await hold('ArrowRight');
  await expect(page.locator('.position')).toContainText('Step 4 of 300');
  await hold('ArrowLeft');
  await expect(page.locator('.position')).toContainText('Step 0 of 300');
  await hold('-');
  await expect(page.locator('#speed')).toHaveValue('phase');
  const scrolled = await page.evaluate(() => scrollY);
  await hold(' ');
  await expect(button(page, 'toggle')).toHaveText('Pause');
  expect(await page.evaluate(() => scrollY)).toBe(scrolled); // the key is still the lab's
  await hold(' ');
  await expect(button(page, 'toggle')).toHaveText('Run');
  const seed = async () => (await link(page)).seed;
  const before = await seed();
  await page.keyboard.down('n');
  const drawn = await seed();
  expect(drawn).not.toBe(before);
  for (let i = 0; i < 3; ++i) await page.keyboard.down('n');
  await page.keyboard.up('n');
  expect(await seed()).toBe(drawn);
});

test('what a key changes elsewhere is said', async ({ page }) => {
  await open(page);
  const said = page.locator('.told > .visually-hidden[role=status]');
  await page.locator('.lab').focus();
  await page.keyboard.press('+');
  await expect(said).toHaveText('Speed: as fast as possible');
  await page.keyboard.press('-');
  await expect(said).toHaveText('Speed: normal');
  await page.keyboard.press('n');
  await expect(said).toHaveText(`seed: ${(await link(page)).seed}`);
});

test('a key counts before what came of the last one is drawn', async ({ page }) => {
  await open(page);
  await page.locator('.lab').evaluate((lab) => {
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'Home', 'ArrowLeft', 'ArrowRight', '.', ','])
      lab.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
  });
  await expect(page.locator('.position')).toContainText('Step 1 of 300');
  await expect(page.locator('.state')).toHaveText('Paused.');
});

test('a key counts as soon as the list of keys is closed', async ({ page }) => {
  await open(page);
  await page.locator('.lab').evaluate((lab) => {
    const press = (key) => lab.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
    press('?');
    press('ArrowRight'); // not while it is open
    lab.querySelector('dialog').close();
    press('ArrowRight');
    press('ArrowRight');
  });
  await expect(page.locator('.position')).toContainText('Step 2 of 300');
});
