/** `npm run test:browser [-- --screenshots DIR] [-- --only TEXT]`: the built pages on the real platform in headless Chromium. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startPlatform } from '../lib/platform.ts';
import { CASES, runCase, type World } from './cases.ts';
import { CHROMIUM, launch } from './harness.ts';
import { enterSampleData } from './sample-data.ts';

const TOKEN = 'test-administrator-token';
const WEB = resolve(import.meta.dirname, '../../dashboards/web');
const { values } = parseArgs({ options: { screenshots: { type: 'string' }, only: { type: 'string' } } });

async function main(): Promise<number> {
  if (!existsSync(CHROMIUM)) {
    console.log(`${CHROMIUM} is missing: apt-get install chromium`);
    return 1;
  }
  const built = spawnSync('vite', ['build', '--logLevel', 'error'], { cwd: WEB, stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the web app did not build');
  const folder = values.screenshots;
  if (folder !== undefined) mkdirSync(folder, { recursive: true });

  const platform = await startPlatform({ env: { SANSEVAERK_SAMPLE_DATA: 'yes' } });
  const browser = await launch();
  let failed = 0;
  const cases = CASES.filter((c) => values.only === undefined || c.name.includes(values.only));
  try {
    const devices = await enterSampleData(platform);
    const world: World = {
      browser,
      platform,
      devices,
      token: TOKEN,
      screenshot: async (page, name) => {
        if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
      },
    };
    for (const one of cases) {
      const wrong = await runCase(one, world);
      console.log(`${wrong === undefined ? 'ok    ' : 'FAILED'} ${one.name}`);
      if (wrong === undefined) continue;
      failed++;
      console.log(wrong.replace(/^/gm, '         '));
    }
    await devices.end();
  } finally {
    await browser.close();
    await platform.stop();
  }
  if (platform.stderr() !== '') console.log(`the platform wrote:\n${platform.stderr().slice(0, 4000)}`);
  console.log(`${cases.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
