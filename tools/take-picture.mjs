// Takes docs/lesson.png, the README's picture, from the built site: the lab after the notebook's run.
//
//     ./dev build && node tools/take-picture.mjs
import { join } from 'node:path';
import { root } from './bundle.mjs';
import { visitBuiltSite } from './built_site.mjs';

await visitBuiltSite(async (browser, address) => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1100 } });
  await page.goto(`${address}#seed=42&lang=en`);
  const lab = page.locator('linreg-lab');
  await lab.evaluate((element) => element.setAttribute('view', 'loss,fit'));
  for (let epoch = 0; epoch < 3; ++epoch) await page.locator('[data-action=step_epoch]').click();
  await page.locator('.transport[data-status=finished]').waitFor();
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1500); // summaries are written once the run has rested
  await lab.screenshot({ path: join(root, 'docs/lesson.png') });
});
