/** What somebody does with the pages, by the roles and names a screen reader would give. */
import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { eventually, type Platform } from '../lib/platform.ts';
import { axe, focused, type Look, overflow, smallTargets, type Visit, visit, withoutNotes } from './harness.ts';
import { LORAWAN_CASES } from './lorawan-cases.ts';
import { BIN, type Devices, GAP, raiseAlert, STATION, UNHEARD } from './sample-data.ts';

export interface World {
  browser: Browser;
  platform: Platform;
  devices: Devices;
  /** Of the administrator. */
  token: string;
  screenshot(page: Page, name: string): Promise<void>;
}
export interface Case {
  name: string;
  run(world: World, open: (look?: Look) => Promise<Visit>): Promise<void>;
}

const VIEWS = {
  assets: { path: '/', ready: STATION.name },
  asset: { path: `/objekt/${STATION.id}`, ready: 'kWh|Laveste|Lowest' },
  alerts: { path: '/alarmer', ready: STATION.name },
  ledger: { path: '/regnskab', ready: 'stemmer|balance' },
  login: { path: '/log-ind', ready: 'Adgangsnøgle|Access token' },
} as const;

async function openView(page: Page, { path, ready }: { path: string; ready: string }): Promise<void> {
  await page.goto(path);
  await page.getByRole('main').getByText(new RegExp(ready)).first().waitFor();
}

const row = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name }) });

export const CASES: Case[] = [
  {
    name: 'the public sees what is open to all, and is asked to sign in for the rest',
    async run(_, open) {
      const { page, faults } = await open();
      await page.goto('/');
      await row(page, BIN.name).waitFor();
      assert.equal(await page.getByRole('link', { name: STATION.name }).count(), 0);
      await page.getByRole('link', { name: BIN.name }).click();
      await page.getByRole('row', { name: /Fyldningsgrad/ }).waitFor();
      await page.getByRole('navigation').getByRole('link', { name: 'Alarmer' }).click();
      await page.getByText('Log ind for at se denne side.').waitFor();
      await page.goto(`/objekt/${STATION.id}`);
      await page.getByRole('heading', { level: 1, name: 'Findes ikke' }).waitFor();
      // The browser itself notes what was not found.
      assert.deepEqual(withoutNotes(faults, /404/), []);
    },
  },
  {
    name: 'signing in: a wrong token is said at the field, the right one leads back to where one was',
    async run({ token }, open) {
      const { page, faults } = await open();
      await page.goto('/alarmer');
      await page.getByRole('main').getByRole('link', { name: 'Log ind' }).click();
      const field = page.getByLabel('Adgangsnøgle');
      await field.fill('not-the-administrator-token');
      await page.getByRole('button', { name: 'Log ind' }).click();
      await page.getByRole('alert').filter({ hasText: 'Nøglen er ukendt' }).waitFor();
      assert.equal((await focused(page)).id, 'token');
      // The browser itself notes the refused request.
      assert.deepEqual(withoutNotes(faults, /401/), []);
      await field.fill(token);
      await field.press('Enter');
      await row(page, STATION.name).waitFor();
      assert.equal(new URL(page.url()).pathname, '/alarmer');
      await page.getByRole('button', { name: 'Log ud' }).click();
      await page.getByRole('link', { name: 'Log ind' }).waitFor();
    },
  },
  {
    name: 'the list of assets shows value, age and state, the worst first',
    async run({ token }, open) {
      const { page } = await open({ token });
      await openView(page, VIEWS.assets);
      const first = page.getByRole('row').nth(1);
      await seen(first, /Pst\. Åvej[\s\S]*Testby Kommune[\s\S]*Kritisk[\s\S]*Høj vandstand[\s\S]*2,31/);
      await seen(row(page, BIN.name), /I orden[\s\S]*41\s%/);
      await seen(row(page, UNHEARD.name), /Venter på første besked/);
    },
  },
  {
    name: 'a new value shows without a reload',
    async run({ token, devices }, open) {
      const { page } = await open({ token });
      await openView(page, VIEWS.assets);
      await devices.bin({ fillingLevel: 57 });
      await row(page, BIN.name).getByText(/57\s%/).waitFor();
      await page.getByRole('link', { name: BIN.name }).click();
      await page.getByRole('heading', { level: 1, name: BIN.name }).waitFor();
      await devices.bin({ fillingLevel: 63 });
      await page
        .getByRole('row', { name: /Fyldningsgrad/ })
        .getByText(/63\s%/)
        .waitFor();
    },
  },
  {
    name: 'filters are in the address and survive a reload',
    async run({ token }, open) {
      const { page } = await open({ token });
      await openView(page, VIEWS.assets);
      await page.getByLabel('Tilstand').selectOption({ label: 'Kræver opmærksomhed (1)' });
      await page.getByLabel('Søg på navn eller nummer').fill('åvej');
      await page.getByText('Viser 1 af 4 objekter').waitFor();
      assert.equal(new URL(page.url()).search, `?tilstand=attention&q=${encodeURIComponent('åvej')}`);
      await page.reload();
      await page.getByText('Viser 1 af 4 objekter').waitFor();
      await page.getByRole('button', { name: 'Ryd filtre' }).click();
      await page.getByText('Viser 4 af 4 objekter').waitFor();
      assert.equal(new URL(page.url()).search, '');
    },
  },
  {
    name: 'the history of an asset: chart by keyboard, zoom by buttons, the same figures as a table, gaps left out',
    async run({ token, screenshot }, open) {
      const { page } = await open({ token });
      await openView(page, VIEWS.asset);
      const figure = page.getByRole('figure', { name: 'Vanddybde over bund for Pst. Åvej' });
      await figure.waitFor();
      const cursor = page.getByRole('slider', { name: 'Vælg tidspunkt i grafen' });
      const before = await cursor.getAttribute('aria-valuetext');
      await cursor.focus();
      await page.keyboard.press('ArrowLeft');
      const after = await cursor.getAttribute('aria-valuetext');
      assert.notEqual(after, before);
      assert.match(after ?? '', /^\d+\. \w+\. \d{4}, \d\d\.\d\d: \d,\d+\sm \(/);
      await page.getByText('Samme tal som tabel').click();
      const table = page.getByRole('table', { name: 'Samme tal som tabel' });
      const times = await table.locator('tbody tr td:first-child').allInnerTexts();
      assert.ok(times.length > 100, `${times.length} rows`);
      const missing = new Intl.DateTimeFormat('da-DK', {
        timeZone: 'Europe/Copenhagen',
        dateStyle: 'medium',
        timeStyle: 'short',
      });
      const middle = Date.now() - ((GAP.fromHoursAgo + GAP.toHoursAgo) / 2) * 3_600_000;
      const hour = missing.format(Math.floor(middle / 3_600_000) * 3_600_000).replace(/\s/g, ' ');
      assert.ok(!times.map((x) => x.replace(/\s/g, ' ')).includes(hour), `a row for ${hour}`);
      await screenshot(page, 'asset');
      const zoomOut = page.getByRole('button', { name: 'Zoom ud' });
      assert.equal(await zoomOut.isDisabled(), true);
      await page.getByRole('button', { name: 'Zoom ind' }).click();
      assert.equal(await zoomOut.isDisabled(), false);
      await page.getByRole('button', { name: 'Hele perioden' }).click();
      const chart = (await page.locator('.chart canvas').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      await page.mouse.move(chart.x + chart.width * 0.4, chart.y + 100);
      await page.mouse.down();
      await page.mouse.move(chart.x + chart.width * 0.6, chart.y + 120, { steps: 4 });
      await page.mouse.up();
      await page.getByRole('button', { name: 'Zoom ud', disabled: false }).waitFor();
      await page.getByRole('button', { name: '30 døgn' }).click();
      assert.equal(new URL(page.url()).search, '?periode=month');
      const file = await page.getByRole('link', { name: 'Hent som CSV' }).getAttribute('href');
      const csv = await page.request.get(file ?? '');
      assert.match(await csv.text(), /waterDepth/);
    },
  },
  {
    name: 'history that comes after its page was left disturbs nobody',
    async run({ token }, open) {
      const { page } = await open({ token });
      let left = (): void => {};
      const isLeft = new Promise<void>((done) => {
        left = done;
      });
      await page.route(/\/readings\?/, async (route) => {
        await isLeft;
        await route.continue();
      });
      const asked = page.waitForRequest(/\/readings\?/);
      const answered = page.waitForResponse(/\/readings\?/);
      await page.goto(`/objekt/${STATION.id}`);
      await asked;
      await page.getByRole('navigation').getByRole('link', { name: 'Regnskab' }).click();
      await page.getByRole('heading', { level: 1, name: 'Regnskab' }).waitFor();
      left();
      await (await answered).finished();
      // Waits for the page's turn with the answer: a reload comes behind it.
      await page.reload();
    },
  },
  {
    name: 'attributes have their names, choices and units in both languages',
    async run({ token }, open) {
      const { page } = await open({ token });
      await page.goto(`/objekt/${BIN.id}`);
      await page.getByText('mandag, torsdag').waitFor();
      await page.getByText('Tømmedage').waitFor();
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByText('Monday, Thursday').waitFor();
      await page.getByText('Emptying days').waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      await page.reload();
      await page.getByText('Emptying days').waitFor();
    },
  },
  {
    name: 'a link from a notification opens its alert; acknowledged with a note, it moves to its tab',
    async run({ token, platform, screenshot }, open) {
      const { items } = await platform.api<{ items: { id: string }[] }>('GET', '/alerts?state=open');
      const id = items[0]?.id ?? '';
      const { page } = await open({ token });
      await page.goto(`/alarmer?id=${id}`);
      const dialog = page.getByRole('dialog', { name: 'Høj vandstand' });
      await dialog.getByText('Høj vandstand i Pst. Åvej: 2,31 m.').waitFor();
      assert.deepEqual(await axe(page), []);
      await screenshot(page, 'alert');
      await dialog.getByLabel('Bemærkning (valgfri)').fill('Pumpe 2 er sat i gang');
      await dialog.getByRole('button', { name: 'Kvittér' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page.getByText('Ingen åbne alarmer.').waitFor();
      assert.equal((await focused(page)).tag, 'H1');
      await page.getByRole('link', { name: 'Kvitterede 1' }).click();
      await page.getByRole('link', { name: /^Høj vandstand i Pst/ }).click();
      await page.getByRole('dialog').getByText('Pumpe 2 er sat i gang').waitFor();
      const alert = await platform.api<{ state: string; timeline: { note?: string }[] }>('GET', `/alerts/${id}`);
      assert.equal(alert.state, 'acknowledged');
      assert.ok(alert.timeline.some((e) => e.note === 'Pumpe 2 er sat i gang'));
    },
  },
  {
    name: 'by keyboard alone: from the top of the page to an acknowledged alert',
    async run({ token, platform, devices }, open) {
      await devices.station({ waterDepth: 1.2 });
      const openAlerts = () => platform.api<{ items: unknown[] }>('GET', '/alerts?state=acknowledged');
      await eventually(openAlerts, (a) => a.items.length === 0);
      const { page } = await open({ token });
      await openView(page, { ...VIEWS.assets, ready: STATION.name });
      await page.keyboard.press('Tab');
      assert.equal((await focused(page)).text, 'Gå til indhold');
      await page.keyboard.press('Enter');
      assert.equal((await focused(page)).id, 'content');
      await tabTo(page, 'Alarmer', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await page.getByText('Ingen åbne alarmer.').waitFor();
      await raiseAlert(platform, devices);
      await page.getByRole('button', { name: /^Kvittér: Høj vandstand, Pst/ }).waitFor();
      await tabTo(page, 'Kvittér', 'Tab');
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      assert.equal((await focused(page)).text, 'Kvittér');
      await page.keyboard.press('Enter');
      await dialog.waitFor();
      // Closed and opened again faster than the dialog tells that it was closed.
      for (let i = 0; i < 20; i++) {
        await Promise.all([page.keyboard.press('Escape'), page.keyboard.press('Enter')]);
        await dialog.waitFor();
      }
      for (let i = 0; i < 5 && (await focused(page)).tag !== 'TEXTAREA'; i++) await page.keyboard.press('Tab');
      await page.keyboard.type('Set');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('Alarmen på Pst. Åvej er kvitteret.').first().waitFor();
    },
  },
  {
    name: 'the ledger balances before the reader’s eyes',
    async run({ token, screenshot }, open) {
      const { page } = await open({ token });
      await openView(page, VIEWS.ledger);
      await page.getByText('Regnskabet stemmer', { exact: false }).first().waitFor();
      assert.equal(await page.getByText('Regnskabet stemmer ikke').count(), 0);
      await screenshot(page, 'ledger');
    },
  },
  {
    name: 'blind is not calm: a part that has stopped is said on every page',
    async run({ token }, open) {
      const { page } = await open({ token });
      const body = JSON.stringify({ status: 'not-ready', dependencies: { rules: { ok: false }, store: { ok: true } } });
      await page.route('**/readyz', (route) => route.fulfill({ contentType: 'application/json', body }));
      await page.goto('/alarmer');
      await page
        .getByRole('status')
        .getByText(/virker ikke, som den skal \(rules\)/)
        .waitFor();
      assert.deepEqual(await axe(page), []);
    },
  },
  ...(['da', 'en'] as const).flatMap((language) =>
    Object.entries(VIEWS).map(
      ([name, view]): Case => ({
        name: `${name} in ${language}: accessible, and no wider than a phone, a tablet, a desktop`,
        async run({ token, platform, screenshot }, open) {
          const { page } = await open({ token: name === 'login' ? '' : token, language });
          await openView(page, name === 'alerts' ? { ...view, path: await alertsPath(platform) } : view);
          assert.deepEqual(await axe(page), []);
          assert.match(await page.title(), / - Sanseværk$/);
          assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
          for (const width of [1280, 768, 360, 320]) {
            await page.setViewportSize({ width, height: 800 });
            // The chart follows its column a moment later.
            await eventually(
              () => overflow(page),
              (wider) => wider === 0,
              2000,
            );
            assert.deepEqual(await smallTargets(page), [], `${width} px`);
            if (width !== 320) await screenshot(page, `${name}-${language}-${width}`);
          }
          assert.deepEqual(await axe(page), [], 'at 320 px');
        },
      }),
    ),
  ),
  ...LORAWAN_CASES,
  {
    name: 'a lost connection is said, and what was seen stays',
    async run({ token, platform }, open) {
      const { page, faults } = await open({ token });
      await openView(page, VIEWS.assets);
      await platform.stop();
      await page
        .getByRole('status')
        .getByText(/Forbindelsen til levende data er afbrudt|ingen forbindelse til platformen/)
        .waitFor();
      await row(page, STATION.name).waitFor();
      // The browser notes each refused connection.
      assert.deepEqual(withoutNotes(faults, /Failed to load resource|ERR_/), []);
    },
  },
];

/** The tab with the alert on it: an earlier case may have acknowledged it. */
async function alertsPath(platform: Platform): Promise<string> {
  const { open } = await platform.api<{ open: number }>('GET', '/alerts/counts');
  return open > 0 ? '/alarmer' : '/alarmer?tilstand=acknowledged';
}

async function seen(place: Locator, text: RegExp): Promise<void> {
  assert.match((await place.textContent()) ?? '', text);
}

async function tabTo(page: Page, text: string, key: 'Tab' | 'Shift+Tab'): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press(key);
    if ((await focused(page)).text === text) return;
  }
  throw new Error(`"${text}" was not reached in 40 steps`);
}

/** Runs one case on visits of its own; resolves with what was wrong, in words. */
export async function runCase({ run }: Case, world: World): Promise<string | undefined> {
  const visits: Visit[] = [];
  try {
    await run(world, async (look) => {
      const opened = await visit(world.browser, world.platform.http, look);
      visits.push(opened);
      return opened;
    });
    const faults = visits.flatMap((v) => v.faults);
    return faults.length > 0 ? faults.join('\n') : undefined;
  } catch (error) {
    const faults = visits.flatMap((v) => v.faults);
    return [error instanceof Error ? error.message : String(error), ...faults].join('\n');
  } finally {
    await Promise.all(visits.map((v) => v.end()));
  }
}
