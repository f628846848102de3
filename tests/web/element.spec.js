// <linreg-lab> alone, on pages that know nothing of the lesson: attributes, bad attributes, looks, parts.
import { bare, press } from './bare-page.js';
import { expect, expectAccessible, pytorch, test } from './support.js';

test('attributes set up the run, through the one table of options', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42" lr="0.3" batch_size="20" epochs="2" loss="huber" beta="0.5"></linreg-lab>');
  const options = await page.evaluate(() => document.querySelector('linreg-lab').lab.options);
  expect(options).toMatchObject({ seed: 42, lr: 0.3, batch_size: 20, epochs: 2, loss: 'huber', delta: 0.5 });
  await expect(page.locator('.link-notice')).toBeEmpty();
  await expect(page.locator('.position')).toHaveText('Step 0 of 100, 0 of 2 epochs done');
});

test('its run is the notebook’s', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42"></linreg-lab>');
  await page.locator('#speed').selectOption('fast');
  await press(page, 'toggle');
  await expect(page.locator('.transport')).toHaveAttribute('data-status', 'finished');
  const log = await page.evaluate(() => document.querySelector('linreg-lab').lab.trainer.log);
  expect(log).toEqual(pytorch('notebook, seed 42').lines);
  await expect(page.locator('#chart-loss .summary')).toContainText('After step 300');
});

test('a step, a source and a language by attribute; the language of the page around it', async ({ page }) => {
  await bare(page, '<linreg-lab data="cars" seed="1" step="7"></linreg-lab>', { lang: 'zh-CN' });
  await expect(page.locator('.position')).toHaveText('第 7 / 120 步，已完成 0 / 3 个迭代周期');
  await page.evaluate(() => document.querySelector('linreg-lab').setAttribute('lang', 'en'));
  await expect(page.locator('.position')).toHaveText('Step 7 of 120, 0 of 3 epochs done');
});

test('a language that there is none of leaves that of the page around, and a notice names it', async ({ page }) => {
  const labs = ['fr', '', 'zh', 'EN-gb'].map((lang) => `<linreg-lab seed="42" lang="${lang}"></linreg-lab>`);
  const framed = '<section lang="en"><p lang="tlh"><linreg-lab seed="42"></linreg-lab></p></section>';
  await bare(page, labs.join('') + framed, { lang: 'zh-CN', labs: 5 });
  const told = await page.evaluate(() =>
    [...document.querySelectorAll('linreg-lab')].map(({ shadowRoot }) => [
      shadowRoot.querySelector('.lab').lang,
      shadowRoot.querySelector('.link-notice').textContent.includes('lang=fr'),
      shadowRoot.querySelector('.link-notice').textContent === '',
    ]),
  );
  expect(told).toEqual([
    ['zh-CN', true, false], // what stands around it is known
    ['zh-CN', false, true],
    ['zh-CN', false, true],
    ['en', false, true],
    ['en', false, true],
  ]);
  await page.evaluate(() => {
    document.querySelector('linreg-lab').lang = 'en';
  });
  await expect(page.locator('.link-notice').first()).toBeEmpty();
  await expect(page.locator('.position').first()).toHaveText('Step 0 of 300, 0 of 3 epochs done');
});

test('bad values never throw; one notice names them, and the rest counts', async ({ page }) => {
  await bare(
    page,
    '<linreg-lab seed="42" lr="-1" batch_size="many" epochs="2" n="0" view="loss,planes" theme="pink"></linreg-lab>',
  );
  await expect(page.locator('.link-notice')).toHaveCount(1);
  for (const name of ['lr', 'batch_size', 'n', 'view', 'theme'])
    await expect(page.locator('.link-notice')).toContainText(name);
  const options = await page.evaluate(() => document.querySelector('linreg-lab').lab.options);
  expect(options).toMatchObject({ seed: 42, lr: 0.03, batch_size: 10, epochs: 2, n: 1000 });
  await expect(page.locator('[data-view=loss].chart, [data-view=loss] .chart')).toHaveCount(1);
  await expect(page.locator('#chart-fit')).toHaveCount(0);
  // Put right, the notice goes.
  await page.evaluate(() => {
    const lab = document.querySelector('linreg-lab');
    for (const [name, text] of Object.entries({ lr: '0.1', batch_size: '5', n: '50', view: 'fit', theme: 'dark' }))
      lab.setAttribute(name, text);
  });
  await expect(page.locator('.link-notice')).toBeEmpty();
  await expect(page.locator('#chart-fit')).toHaveCount(1);
  await expect(page.locator('#chart-loss')).toHaveCount(0);
});

test('as properties, attributes read as the run has them, however a framework writes them', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42" beta="0.5" batch_size="1e18" readonly="false"></linreg-lab>');
  await expect(page.locator('.link-notice')).toHaveText(
    'What was too large was set to the largest allowed value: batch_size = 1000.',
  );
  const read = await page.evaluate(async () => {
    const lab = document.querySelector('linreg-lab');
    const { delta, batch_size, readonly } = lab;
    lab.view = 'loss, table';
    lab.readonly = 'False';
    lab.step = '2';
    await new Promise((resolve) => setTimeout(resolve));
    const { view, lab: run } = lab;
    lab.view = ['fit'];
    const early = Object.assign(document.createElement('linreg-lab'), { readonly: '' });
    const written = [lab.getAttribute('view'), lab.getAttribute('step'), early.readonly];
    lab.view = null;
    return { delta, batch_size, readonly, view, locked: run.locked, written, has: lab.hasAttribute('view') };
  });
  expect(read).toEqual({
    delta: 0.5, batch_size: 1000, readonly: false, view: ['loss', 'table'], locked: false, written: ['fit', '2', true], has: false,
  }); // prettier-ignore
  await expect(page.locator('.position')).toContainText('Step 2 of 3');
  expect(await page.evaluate(() => document.querySelector('linreg-lab').step())).toMatchObject({ step: 3 });
});

test('an attribute changed in mid-run changes the run; of many values the last counts', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42"></linreg-lab>');
  await press(page, 'step_batch');
  await page.evaluate(() => {
    const lab = document.querySelector('linreg-lab');
    for (const text of ['0.5', 'x', '-3', '0.1']) lab.setAttribute('lr', text);
  });
  await expect(page.locator('#option-lr')).toHaveValue('0.1');
  await expect(page.locator('.position')).toContainText('Step 1 of 300');
  await page.evaluate(() => document.querySelector('linreg-lab').removeAttribute('lr'));
  await expect(page.locator('#option-lr')).toHaveValue('0.03');
});

test('an attribute that sets an option leaves all that the reader has done in the lab', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42" n="60" epochs="1" view="loss,sweep"></linreg-lab>');
  await press(page, 'sweep');
  await expect(page.locator('#chart-sweep progress')).toHaveJSProperty('value', 1);
  await page.locator('#chart-loss .switch input').uncheck();
  await press(page, 'step_batch');
  await page.evaluate(() => {
    document.querySelector('linreg-lab').momentum = 0.5;
  });
  await expect(page.locator('#option-momentum')).toHaveValue('0.5');
  await expect(page.locator('.position')).toContainText('Step 1 of 6');
  await expect(page.locator('#chart-sweep .summary')).toContainText('Of 12 runs');
  await expect(page.locator('#chart-loss .switch input')).not.toBeChecked();
  await expect(page.locator('[data-action=step_batch]')).toBeFocused();
  await page.evaluate(() => document.querySelector('linreg-lab').setAttribute('lr', '-1'));
  await expect(page.locator('.link-notice')).toContainText('lr');
  await page.evaluate(() => {
    const lab = document.querySelector('linreg-lab');
    lab.setAttribute('lr', '0.1');
    lab.setAttribute('epochs', '2');
  });
  await expect(page.locator('.position')).toContainText('of 12,');
  await expect(page.locator('.link-notice')).toBeEmpty();
  await expect(page.locator('#chart-sweep .summary')).toContainText('Of 12 runs');
});

test('the keys of what is left out do nothing', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42" hide="seed,speed,keys,views"></linreg-lab>');
  await page.locator('.lab').focus();
  for (const key of ['n', '+', '?', 's']) await page.keyboard.press(key);
  const { seed, speed } = await page.evaluate(() => {
    const { options, speed } = document.querySelector('linreg-lab').lab;
    return { seed: options.seed, speed };
  });
  expect([seed, speed]).toEqual([42, 'normal']);
  await expect(page.locator('#help')).toHaveCount(0);
  await expect(page.locator('#chart-sweep')).toHaveCount(0);
});

test('pictures are dark where words are light, however the page writes its colours', async ({ page }) => {
  const colours = ['#eee', 'oklch(0.93 0 0)', 'color(srgb 0.9 0.9 0.9)', 'oklch(0.2 0 0)'];
  await bare(page, '<linreg-lab seed="1" view="loss"></linreg-lab>'.repeat(colours.length), { labs: colours.length });
  const lightness = await page.evaluate(async (colours) => {
    const labs = [...document.querySelectorAll('linreg-lab')];
    labs.forEach((lab, i) => lab.style.setProperty('--linreg-ink', String(colours[i])));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return labs.map(({ shadowRoot }) => {
      const canvas = shadowRoot.querySelector('canvas.plot');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let sum = 0;
      let weight = 0;
      for (let i = 0; i < data.length; i += 4) {
        sum += data[i] * data[i + 3];
        weight += data[i + 3];
      }
      return sum / weight;
    });
  }, colours);
  const [first, second, third, dark] = lightness.map(Math.round);
  expect([second, third]).toEqual([first, first]);
  expect(dark).not.toBe(first);
});

test('defined twice, or the name taken: the first definition stays, nothing throws', async ({ page }) => {
  await bare(page, '<linreg-lab seed="1"></linreg-lab>');
  const again = await page.evaluate(async () => {
    const before = customElements.get('linreg-lab');
    await import('/linreg-lab.js?again');
    return customElements.get('linreg-lab') === before;
  });
  expect(again).toBe(true);
  await page.route('**/taken.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><title>x</title><script>customElements.define("linreg-lab", class extends HTMLElement {});</script><script type="module" src="/linreg-lab.js"></script><linreg-lab>theirs</linreg-lab>',
    }),
  );
  await page.goto('/taken.html');
  await expect(page.locator('linreg-lab')).toHaveText('theirs');
});

test('the page’s own styles and ids do not reach into it, nor its own out of it', async ({ page }) => {
  await page.route('**/hostile.css', (route) =>
    route.fulfill({
      contentType: 'text/css',
      body: 'button { min-height: 99px !important; } .transport { display: none; }',
    }),
  );
  // Where there is no lab yet, a button is as the page has it.
  await bare(page, '<button class="quiet">mine</button><div class="views">mine</div>', { labs: 0 });
  const own = () =>
    page.evaluate(() =>
      [document.body, ...document.querySelectorAll('.quiet, .views')].map((element) =>
        [...getComputedStyle(element)].map((name) => `${name}: ${getComputedStyle(element).getPropertyValue(name)}`),
      ),
    );
  const before = await own();
  await page.evaluate(async () => {
    const lab = document.createElement('linreg-lab');
    lab.style.position = 'absolute'; // takes no room from what is the page's
    document.querySelector('main').append(lab);
  });
  await expect(page.locator('.transport')).toHaveAttribute('data-status', 'ready');
  expect(await own()).toEqual(before);
  expect(await page.evaluate(() => document.adoptedStyleSheets.length)).toBe(0);

  const style = '<link rel="stylesheet" href="/hostile.css">';
  await bare(page, `${style}<button id="keys-button">mine</button><linreg-lab seed="1"></linreg-lab>`);
  await expect(page.locator('css:light=#keys-button')).toHaveText('mine');
  await expect(page.locator('.transport')).toBeVisible();
  const { ids, found } = await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('linreg-lab');
    const inside = [...shadowRoot.querySelectorAll('[id]')].map(({ id }) => id).filter((id) => id !== 'keys-button');
    return { ids: inside.length, found: inside.filter((id) => document.getElementById(id)) };
  });
  expect(ids).toBeGreaterThan(10);
  expect(found).toEqual([]);
  const heights = await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('linreg-lab');
    return [document, shadowRoot].map((root) => getComputedStyle(root.querySelector('#keys-button')).minHeight);
  });
  expect(heights[0]).toBe('99px');
  expect(heights[1]).not.toBe('99px');
});

test('the theme is the page’s, or one’s own', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await bare(page, '<linreg-lab seed="1" theme="light"></linreg-lab>');
  const paper = () =>
    page.evaluate(() => {
      const transport = document.querySelector('linreg-lab').shadowRoot.querySelector('.transport');
      return getComputedStyle(transport).backgroundColor;
    });
  expect(await paper()).toBe('rgb(255, 255, 255)');
  await page.evaluate(() => document.querySelector('linreg-lab').removeAttribute('theme'));
  await expect.poll(paper).toBe('rgb(28, 32, 37)');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(paper).toBe('rgb(255, 255, 255)');
  await page.evaluate(() => document.querySelector('linreg-lab').setAttribute('theme', 'dark'));
  await expect.poll(paper).toBe('rgb(28, 32, 37)');
});

test('parts are left out, and settings only read, as the author wants', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42" hide="seed,sound,speed,momentum,planes" readonly></linreg-lab>');
  await expect(page.locator('.link-notice')).toContainText('left out: hide=planes.');
  for (const hidden of ['#sound-button', '.speed', '[data-action=new_seed]', '#option-momentum', '#option-seed'])
    await expect(page.locator(hidden)).toBeHidden();
  await expect(page.locator('#option-lr')).toBeVisible();
  await expect(page.locator('#option-lr')).toBeDisabled();
  await expect(page.locator('#source')).toBeDisabled();
  await expect(page.locator('#situations-button')).toHaveCount(0);
  await page.locator('.lab').focus();
  await page.keyboard.press('n'); // the key of what is left out does nothing either
  expect(await page.evaluate(() => document.querySelector('linreg-lab').lab.options.seed)).toBe(42);
  await press(page, 'step_epoch');
  await expect(page.locator('.position')).toContainText('Step 100');
  await page.evaluate(() => {
    const lab = document.querySelector('linreg-lab');
    lab.removeAttribute('readonly');
    lab.setAttribute('hide', 'settings');
  });
  await expect(page.locator('.settings')).toBeHidden();
  await expect(page.locator('.position')).toContainText('Step 100');
  await expect(page.locator('[data-action=new_seed]')).toHaveAttribute('aria-disabled', 'false');
});

test('autoplay runs by itself, but not for readers who want less motion', async ({ page }) => {
  await bare(page, '<linreg-lab seed="42" autoplay></linreg-lab>');
  await expect(page.locator('.transport')).toHaveAttribute('data-status', 'finished');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await bare(page, '<linreg-lab seed="42" autoplay></linreg-lab>');
  await page.waitForTimeout(500);
  await expect(page.locator('.position')).toContainText('Step 0 of 300');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await bare(page, '<linreg-lab seed="42" autoplay="false"></linreg-lab>');
  await page.waitForTimeout(500);
  await expect(page.locator('.position')).toContainText('Step 0 of 300');
});

test('views are chosen by the reader; one that is hidden does nothing', async ({ page }) => {
  await bare(page, '<linreg-lab seed="1"></linreg-lab>');
  const chooser = (/** @type {string} */ name) => page.locator(`.chooser [data-view=${name}]`);
  await expect(chooser('loss')).toHaveAttribute('aria-pressed', 'true');
  await chooser('fit').click();
  await expect(page.locator('#chart-fit')).toHaveCount(0);
  await expect(chooser('fit')).toHaveAttribute('aria-pressed', 'false');
  await chooser('loss').click(); // the last one stays
  await expect(page.locator('#chart-loss')).toHaveCount(1);
  await chooser('fit').click();
  await expect(page.locator('#chart-fit')).toHaveCount(1);
  expect(await page.evaluate(() => document.querySelector('linreg-lab').view)).toEqual(['loss', 'fit']);
});

test.describe('without an engine', () => {
  test.use({ allowed: /Failed to load resource/ });
  test('it says so, and Retry works', async ({ page }) => {
    await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'none' }));
    await bare(page, '<linreg-lab seed="42"></linreg-lab><linreg-lab seed="1"></linreg-lab>', { labs: 0 });
    await expect(page.locator('.failed').first()).toContainText('could not be loaded');
    await page.unroute('**/*.wasm');
    await page.getByRole('button', { name: 'Retry' }).first().click();
    await expect(page.locator('.transport').first()).toHaveAttribute('data-status', 'ready');
    await page.getByRole('button', { name: 'Retry' }).click();
    await expect(page.locator('.transport').last()).toHaveAttribute('data-status', 'ready');
  });
});

for (const lang of ['en', 'zh-CN']) {
  test(`axe, ${lang}: bad attributes, situations, a step taken in part, sound`, async ({ page }) => {
    await bare(page, `<linreg-lab seed="42" lang="${lang}" lr="-1"></linreg-lab>`);
    await press(page, 'step_phase');
    await page.locator('#sound-button').click();
    await expectAccessible(page);
    for (const summary of await page.locator('.group > summary').all()) await summary.click();
    await expectAccessible(page);
    await page.locator('#situations-button').click();
    await expectAccessible(page);
  });
}

test('on a page from right to left it reads from left to right, as its languages do', async ({ page }) => {
  await bare(page, '<div dir="rtl"><linreg-lab seed="42" step="50" view="table"></linreg-lab></div>');
  await expect(page.locator('.position')).toContainText('Step 50');
  expect(
    await page
      .locator('.parameters td')
      .first()
      .evaluate((cell) => getComputedStyle(cell).direction),
  ).toBe('ltr');
  await page.locator('#keys-button').click();
  expect(await page.locator('#help').evaluate((dialog) => getComputedStyle(dialog).direction)).toBe('ltr');
});

test('the list of keys has those that do something, and a group of settings without any is not there', async ({
  page,
}) => {
  await bare(
    page,
    '<linreg-lab seed="42" hide="go_to,speed,lr,batch_size,epochs,loss,delta,momentum" readonly></linreg-lab>',
  );
  await expect(page.locator('.position')).toContainText('Step 0');
  await expect(page.locator('details.training')).toBeHidden();
  await expect(page.locator('details.data')).toBeVisible();
  await page.locator('#keys-button').click();
  const shown = await page.locator('#help kbd').allInnerTexts();
  expect(shown).toContain('Space');
  await expect(page.locator('#help')).toHaveJSProperty('scrollTop', 0);
  for (const key of ['G', '+', '−', 'N']) expect(shown).not.toContain(key);
});
