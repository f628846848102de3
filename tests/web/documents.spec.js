// <linreg-lab> taken out of its document at any time, and into another one.
import { bare } from './bare-page.js';
import { allViews as all, expect, test } from './support.js';

test('taken out before its frame has come, a lab draws nothing any more', async ({ page }) => {
  await bare(page, '<linreg-lab seed="1"></linreg-lab>');
  const tries = await page.evaluate(async (view) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    let tries = 0;
    for (const data of ['cars', 'synthetic'])
      for (let frames = 0; frames < 4; ++frames) {
        const element = /** @type {any} */ (document.createElement('linreg-lab'));
        element.setAttribute('data', data);
        element.setAttribute('view', view);
        document.querySelector('main')?.append(element);
        await element.rewind(0);
        for (let i = 0; i < frames; ++i) await frame();
        element.lab.stepOnce('batch');
        element.lab.change('lr', '0.2');
        element.remove();
        for (let i = 0; i < 3; ++i) await frame();
        tries += 1;
      }
    return tries;
  }, all);
  expect(tries).toBe(8); // and the console is clean
});

test('in another document it looks as in its own, there and back, and its language can be changed', async ({
  page,
}) => {
  await bare(page, '<linreg-lab seed="42"></linreg-lab><iframe></iframe>');
  const look = () =>
    page.evaluate(() => {
      const element = /** @type {any} */ (globalThis).element;
      const { defaultView: view } = element.ownerDocument;
      const lab = element.shadowRoot.querySelector('.tools');
      return { display: view.getComputedStyle(lab).display, sheets: element.shadowRoot.adoptedStyleSheets.length };
    });
  await page.evaluate(() => Object.assign(globalThis, { element: document.querySelector('linreg-lab') }));
  const own = await look();
  expect(own).toEqual({ display: 'flex', sheets: 4 });
  for (const [place, lang, word] of [
    ['iframe', 'zh-CN', '运行'],
    ['main', 'en', 'Run'],
  ]) {
    const text = await page.evaluate(
      async ([place, lang]) => {
        const { element } = /** @type {any} */ (globalThis);
        const frame = /** @type {HTMLIFrameElement} */ (document.querySelector('iframe'));
        const target = place === 'iframe' ? frame.contentDocument?.body : document.querySelector('main');
        target?.append(element);
        element.setAttribute('lang', lang);
        await new Promise((resolve) => setTimeout(resolve, 100));
        return element.shadowRoot.querySelector('[data-action=toggle]').textContent;
      },
      [place, lang],
    );
    expect(text).toBe(word);
    expect(await look(), place).toEqual(own);
  }
});
