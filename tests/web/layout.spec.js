// Nothing jumps, nothing scrolls sideways, nothing blocks, and fingers hit what they aim at.
import {
  address,
  button,
  drawn,
  enter,
  expect,
  goTo,
  open,
  runToEnd,
  settled,
  showAll,
  test,
  transport,
} from './support.js';

/** Records layout shifts and long tasks from the first moment. @param {import('@playwright/test').Page} page */
const watch = (page) =>
  page.addInitScript(() => {
    const seen = { shift: 0, /** @type {string[]} */ shifted: [], /** @type {number[]} */ tasks: [] };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const entry of /** @type {any[]} */ (list.getEntries())) {
        if (entry.hadRecentInput) continue;
        seen.shift += entry.value;
        seen.shifted.push(...entry.sources.map((/** @type {any} */ { node }) => node?.className ?? node?.nodeName));
      }
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });

/** @param {import('@playwright/test').Page} page @returns {Promise<{ shift: number, shifted: string[], tasks: number[] }>} */
const seen = (page) => page.evaluate(() => /** @type {any} */ (globalThis).seen);

for (const [width, height] of [
  [1280, 900],
  [390, 844],
]) {
  test(`no layout shift while loading and running, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await watch(page);
    await open(page, '#seed=42');
    expect(await seen(page)).toMatchObject({ shift: 0, shifted: [] });
    for (const hash of ['#seed=42', '#seed=42&lr=3', '#seed=1&data=cars&epochs=12']) {
      await goTo(page, hash);
      await transport(page).scrollIntoViewIfNeeded();
      await address(page);
      await page.evaluate(() => Object.assign(/** @type {any} */ (globalThis).seen, { shift: 0, shifted: [] }));
      await transport(page).evaluate((element) => element.querySelector('button')?.click());
      await expect(transport(page)).toHaveAttribute('data-status', /finished|diverged/, { timeout: 25_000 });
      await expect(page.locator('#chart-loss .summary')).toContainText('After step'); // the summaries are said late
      await address(page);
      expect(await seen(page), hash).toMatchObject({ shift: 0, shifted: [] });
    }
  });
}

for (const hash of ['#seed=42', '#seed=42&lr=3', '#seed=42&lr=0.9', '#seed=42&lr=3&lang=zh-CN']) {
  test(`no layout shift while the lab by itself is loaded, ${hash}`, async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await watch(page);
    await page.goto(`/embed.html${hash}`);
    await expect(transport(page)).toHaveAttribute('data-status', 'ready');
    if (hash.includes('lr=')) await expect(page.locator('.setting > .notice.awaited')).not.toBeEmpty();
    await settled(page);
    expect(await seen(page)).toMatchObject({ shift: 0, shifted: [] });
  });
}

for (const path of ['/', '/embed.html']) {
  test(`the name is painted before the scripts have come, and nothing moves when they do, ${path}`, async ({
    page,
  }) => {
    await watch(page);
    /** @type {(value: unknown) => void} */
    let release = () => undefined;
    const released = new Promise((resolve) => (release = resolve));
    await page.route('**/*.js', (route) => released.then(() => route.continue()));
    await page.goto(`${path}#seed=42`, { waitUntil: 'commit' });
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    await expect(page.locator('linreg-lab')).toHaveCount(0);
    const name = () => page.evaluate(() => getComputedStyle(document.body, '::before').content);
    expect(await name()).toContain('linreg-lab');
    release(undefined);
    await expect(transport(page)).toHaveAttribute('data-status', 'ready');
    await settled(page);
    expect(await name()).toBe('none');
    expect(await seen(page)).toMatchObject({ shift: 0, shifted: [] });
  });
}

for (const speed of ['normal', 'fast']) {
  test(`no task over 50 ms while running, ${speed}`, { tag: '@alone' }, async ({ page }) => {
    await watch(page);
    await open(page, '#seed=42&n=20000&epochs=1000000');
    await page.locator('#speed').selectOption(speed);
    await button(page, 'toggle').click();
    // A machine that is busy with something else lengthens tasks now and then: one quiet second shows what is ours.
    await expect(async () => {
      await page.evaluate(() => Object.assign(/** @type {any} */ (globalThis).seen, { tasks: [] }));
      await page.waitForTimeout(1000);
      expect((await seen(page)).tasks).toEqual([]);
    }).toPass({ timeout: 25_000 });
    await button(page, 'toggle').click();
  });
}

for (const lang of ['en', 'zh-CN']) {
  test(`nothing scrolls sideways at 390, 320 and 200 px, ${lang}`, async ({ page }) => {
    await page.setViewportSize({ width: 200, height: 844 });
    const link = `#seed=9007199254740991&lang=${lang}`;
    await open(page, link);
    for (const hash of ['', '&data=cars', '&loss=huber', '&lr=1e9', `&true_w=${Array(40).fill('-1.25').join(',')}`]) {
      await goTo(page, link + hash);
      await runToEnd(page, hash.includes('lr=1e9') ? 'diverged' : 'finished');
      await enter(page, 'lr', 'x'.repeat(100));
      for (const width of [200, 390, 320, 200]) {
        await page.setViewportSize({ width, height: 844 });
        await drawn(page);
        const { wide, inside } = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth,
          inside: document.documentElement.clientWidth,
        }));
        expect(wide, `${hash} at ${width} px`).toBeLessThanOrEqual(inside);
      }
    }
  });
}

for (const lang of ['en', 'zh-CN'])
  test(`at 400 % of 1280 px no view scrolls the page sideways, ${lang}`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 256 });
    const link = `#seed=42&lang=${lang}`;
    await open(page, link);
    await showAll(page);
    for (const hash of ['', '&data=cars', '&true_w=2&loss=huber', '&lr=3']) {
      await goTo(page, link + hash);
      await runToEnd(page, hash === '&lr=3' ? 'diverged' : 'finished');
      if (hash === '') for (let i = 0; i < 2; ++i) await button(page, 'pin').click();
      const { wide, beyond } = await page.evaluate(() => {
        const room = document.documentElement.clientWidth;
        const parts = [...(document.querySelector('linreg-lab')?.shadowRoot?.querySelectorAll('.views > *') ?? [])];
        return {
          wide: document.documentElement.scrollWidth > room,
          beyond: parts
            .filter((part) => part.scrollWidth > part.clientWidth || part.getBoundingClientRect().right > room)
            .map((part) => part.outerHTML.slice(0, 80)),
        };
      });
      expect({ wide, beyond }, hash).toEqual({ wide: false, beyond: [] });
    }
  });

/** What is too small to be hit, or partly under something else, within the open dialog or the whole page. @param {import('@playwright/test').Page} page */
const missedTargets = (page) =>
  page.evaluate(() => {
    /** @param {ParentNode} root @returns {HTMLElement[]} */
    const controls = (root) =>
      [...root.querySelectorAll('*')].flatMap((element) => [
        ...(element.matches('a[href], button, input, select, summary') ? [/** @type {HTMLElement} */ (element)] : []),
        ...(element.shadowRoot ? controls(element.shadowRoot) : []),
      ]);
    const hit = (/** @type {number} */ x, /** @type {number} */ y) => {
      let found = document.elementFromPoint(x, y);
      while (found?.shadowRoot) {
        const inner = found.shadowRoot.elementFromPoint(x, y);
        if (!inner || inner === found) break;
        found = inner;
      }
      return found;
    };
    const dialog = document.querySelector('linreg-lab')?.shadowRoot?.querySelector('dialog');
    const shown = controls(dialog ?? document).filter(
      (element) => element.checkVisibility() && !element.closest('.skip'),
    );
    const missed = shown.flatMap((control) => {
      const target = control.matches('[type=checkbox], [type=radio]') ? control.closest('label') : control;
      if (!target) return [`${control.outerHTML}: no label around it`];
      target.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      const { left, right, top, bottom, width, height } = target.getBoundingClientRect();
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const covered = [[left + 1, y], [right - 1, y], [x, top + 1], [x, bottom - 1]] // prettier-ignore
        .map(([px, py]) => hit(Number(px), Number(py)))
        .filter((found) => !found || !target.contains(found));
      const faults = [
        ...(width < 44 || height < 44 ? [`${width} x ${height}`] : []),
        ...covered.map((found) => `under ${found?.outerHTML.slice(0, 60)}`),
      ];
      return faults.length > 0 ? [`${target.outerHTML.slice(0, 90)}: ${faults.join(', ')}`] : [];
    });
    return { count: shown.length, missed };
  });

for (const width of [320, 1280])
  for (const hash of ['#seed=42&loss=huber', '#seed=1&true_w=2&n=40&lang=zh-CN', '#seed=1&data=cars'])
    test(`every control is 44 px wide and high, and none covers another, ${width} px, ${hash}`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      await open(page, hash);
      await showAll(page);
      await button(page, 'step_epoch').click();
      for (let i = 0; i < 2; ++i) await button(page, 'pin').click();
      const { count, missed } = await missedTargets(page);
      expect(missed).toEqual([]);
      expect(count).toBeGreaterThan(100);
      for (const part of ['situations', 'embed', 'keys']) {
        await page.locator(`#${part}-button`).click();
        expect((await missedTargets(page)).missed, part).toEqual([]);
        await page.keyboard.press('Escape');
      }
    });

for (const hash of ['#seed=42', '#seed=1&data=cars&lang=zh-CN'])
  test(`on paper there is nothing to scroll or to press, and all is light, ${hash}`, async ({ page }) => {
    await page.setViewportSize({ width: 720, height: 1000 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await open(page, hash);
    await runToEnd(page);
    await showAll(page);
    await button(page, 'pin').click();
    await expect(page.locator('#chart-loss tbody tr').nth(100)).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    await drawn(page);
    const { cut, pressed, colours } = await page.evaluate(() => {
      /** @param {ParentNode} root @returns {HTMLElement[]} */
      const elements = (root) =>
        [...root.querySelectorAll('*')].flatMap((element) => [
          ...(element instanceof HTMLElement && element.checkVisibility() ? [element] : []),
          ...(element.shadowRoot ? elements(element.shadowRoot) : []),
        ]);
      const shown = elements(document.body).filter((element) => !element.matches('.visually-hidden, option'));
      const edge = document.documentElement.clientWidth;
      const cut = shown.filter((element) => {
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
        const scrolls = clientWidth > 0 && (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1);
        return scrolls || element.getBoundingClientRect().right > edge + 1;
      });
      const pressed = shown.filter((element) =>
        element.matches('button, summary, a.skip, select:not(.value, .row-choice > *), input:not(.value, .value > *)'),
      );
      const say = (/** @type {HTMLElement[]} */ list) =>
        list.map(
          ({ outerHTML, scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
            `${outerHTML.slice(0, 60)}: ${scrollWidth} x ${scrollHeight} in ${clientWidth} x ${clientHeight}`,
        );
      const of = (/** @type {HTMLElement | null | undefined} */ element) => element && getComputedStyle(element).color;
      const lab = document.querySelector('linreg-lab')?.shadowRoot?.querySelector('.lab');
      const colours = [of(document.body), of(/** @type {HTMLElement | null | undefined} */ (lab))];
      return { cut: say(cut), pressed: say(pressed), colours };
    });
    expect(pressed).toEqual([]);
    expect(cut).toEqual([]);
    expect(colours).toEqual(['rgb(31, 35, 40)', 'rgb(31, 35, 40)']);
  });

test('on paper the rows of a minibatch keep their numbers in one piece', async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 1000 });
  for (const [d, columns] of [
    [6, 18],
    [30, 14],
  ]) {
    const weights = Array.from({ length: d }, (_, j) => j / 4 - 1.5);
    await page.goto(`/embed.html?view=microscope#seed=1&true_w=${weights}&step=7`);
    await expect(page.locator('.minibatch thead th[title]')).toHaveCount(d + 4);
    await expect(page.locator('.minibatch tbody tr')).toHaveCount(10);
    await page.emulateMedia({ media: 'print' });
    const { width, shown, high } = await page.locator('table.minibatch').evaluate((table) => {
      const cells = [...table.querySelectorAll('tbody td')].filter((cell) => cell.checkVisibility());
      const line = parseFloat(getComputedStyle(table).fontSize) * 3;
      return {
        width: table.getBoundingClientRect().right,
        shown: cells.length / 10 + 1,
        high: cells.filter((cell) => cell.getBoundingClientRect().height > line).length,
      };
    });
    expect(shown, `${d} features`).toBe(columns);
    expect(width).toBeLessThanOrEqual(720);
    expect(high).toBe(0);
    await expect(page.locator('.on-paper')).toHaveCount(d > 8 ? 1 : 0);
    await page.emulateMedia({ media: 'screen' });
  }
});

for (const language of ['en', 'zh-CN'])
  test(`no situation's words need more room than there is while it runs, ${language}`, async ({ page }) => {
    await open(page, `#seed=42&lang=${language}`);
    for (const width of [1280, 1000, 900, 820, 768, 700, 640, 560, 480, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      const heights = await page.locator('.state').evaluate(async (state) => {
        const { lab } = /** @type {any} */ (document.querySelector('linreg-lab'));
        const before = state.offsetHeight;
        const seen = [];
        for (const situation of [
          'valley',
          'sorted',
          'batch',
          'reduction',
          'outliers',
          'few_rows',
          'large_lr',
          'notebook',
        ]) {
          lab.situation = situation;
          lab.emit('progress');
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          if (!state.textContent?.includes('.') && !state.textContent?.includes('。')) throw new Error('no words');
          if (state.offsetHeight !== before) seen.push(`${situation}: ${before} to ${state.offsetHeight}`);
        }
        lab.situation = undefined;
        lab.emit('progress');
        return seen;
      });
      expect(heights, String(width)).toEqual([]);
    }
  });

test('a long list of weights leaves its name legible', async ({ page }) => {
  await page.goto('/embed.html#seed=1&true_w=0.1,0.2,0.3,0.4,0.5,0.6');
  await page.locator('.group.data > summary').click();
  const name = page.locator('[data-part=true_w] > label');
  expect((await name.boundingBox())?.width).toBeGreaterThan(80);
});

test('focus is always visible', async ({ page }) => {
  await open(page);
  for (let i = 0; i < 80; ++i) {
    await page.keyboard.press('Tab');
    const { name, outline } = await page.evaluate(() => {
      let element = /** @type {HTMLElement} */ (document.activeElement);
      while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return { name: element.outerHTML.slice(0, 80), outline: getComputedStyle(element).outlineStyle };
    });
    if (name.startsWith('<body')) break;
    expect(outline, name).not.toBe('none');
  }
  await settled(page);
});
