/** What somebody does with the pages about LoRaWAN, device models and codecs. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { eventually } from '../lib/platform.ts';
import type { Case } from './cases.ts';
import { axe, focused, overflow, smallTargets, withoutNotes } from './harness.ts';
import { enterLorawan, FRAME, ROOM, SERVER, STRANGER } from './lorawan-data.ts';
import { OWNER } from './sample-data.ts';

const PAGES = {
  lorawan: { path: '/lorawan', ready: STRANGER.devEui },
  'device-models': { path: '/sensormodeller', ready: 'Viser 40 af|Showing 40 of' },
  'device-model': { path: '/sensormodeller/milesight-em300-th', ready: 'Lav en kopi|Make a copy' },
  'new-device-model': { path: '/ny/sensormodel', ready: 'Tilføj række|Add row' },
  codecs: { path: '/kodning', ready: 'Tilføj dekoder|Add codec' },
  'new-codec': { path: '/ny/dekoder', ready: 'Læs beskeden|Read the frame' },
  supplier: { path: '/leverandoer', ready: 'Prøv rammerne|Try the frames' },
} as const;
const WIDTHS = [1440, 820, 768, 390, 320];

const SCRIPT = `function decodeUplink({ bytes }) {
  console.log('got ' + bytes.length + ' bytes');
  return { data: { batteryLevel: bytes[0], t: bytes[1] } };
}`;

const main = (page: Page) => page.getByRole('main');
const row = (page: Page, name: string | RegExp) => main(page).getByRole('row', { name });

/** Of the first case, for the later ones. */
let hearAgain = async (): Promise<void> => {};

export const LORAWAN_CASES: Case[] = [
  {
    name: 'LoRaWAN: a stranger is listed with what it sent, by which gateway, how loud',
    async run({ token, platform }, open) {
      hearAgain = await enterLorawan(platform);
      const { page } = await open({ token });
      await page.goto('/');
      await page.getByRole('navigation').getByRole('link', { name: 'Sensorer' }).click();
      const stranger = row(page, new RegExp(STRANGER.devEui));
      const text = (await stranger.textContent()) ?? '';
      for (const part of [
        STRANGER.name,
        '3 beskeder',
        '24e124fffef41a01 og 1 til',
        `port ${FRAME.fPort}`,
        FRAME.bytesHex,
      ])
        assert.ok(text.includes(part), `${part} in ${text}`);
      assert.match(text, /[-−]97\sdBm/);
      await row(page, /24e124fffef41a07/)
        .getByText('Forbundet')
        .waitFor();
      await row(page, new RegExp(SERVER.name)).getByText('3 beskeder').waitFor();
    },
  },
  ...(['da', 'en'] as const).flatMap((language) =>
    Object.entries(PAGES).map(
      ([name, { path, ready }]): Case => ({
        name: `LoRaWAN: ${name} in ${language}: accessible, and no wider than a phone, a tablet, a desktop`,
        async run({ token, screenshot }, open) {
          const { page } = await open({ token, language });
          await page.goto(path);
          await main(page).getByText(new RegExp(ready)).first().waitFor();
          assert.deepEqual(await axe(page), []);
          assert.match(await page.title(), / - Sanseværk$/);
          assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
          for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 900 });
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
  {
    name: 'LoRaWAN: a stranger is taken into use by keyboard, and what it sent is read',
    async run({ token, platform, screenshot }, open) {
      const { page } = await open({ token, width: 390 });
      await page.goto('/lorawan');
      const button = page.getByRole('button', { name: `Tag i brug: ${STRANGER.devEui}` });
      await button.focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      const id = dialog.getByLabel('Sensorens id');
      assert.equal(await id.inputValue(), STRANGER.name);
      await dialog.getByRole('button', { name: 'Tag i brug' }).click();
      await dialog.getByRole('alert').getByRole('link', { name: 'Vælg en model fra listen.' }).click();
      assert.equal((await focused(page)).id, 'claim-model');
      assert.deepEqual(await axe(page), []);
      await page.keyboard.type('Milesight EM300-TH');
      await dialog.getByLabel(/^Objekt, som sensoren/).fill(ROOM.name);
      await screenshot(page, 'claim');
      await dialog.getByRole('button', { name: 'Tag i brug' }).click();
      await page.getByText(`Sensoren ${STRANGER.name} er taget i brug.`).first().waitFor();
      await page.getByText('Alle sensorer, der er hørt, er taget i brug.').waitFor();
      await eventually(
        () => platform.api<{ latest: { quantity: string; value: number }[] }>('GET', `/assets/${ROOM.id}`),
        ({ latest }) => latest.some((l) => l.quantity === 'temperature' && Math.abs(l.value - 27.2) < 1e-9),
      );
    },
  },
  {
    name: 'LoRaWAN: a network server that is not there says so, and its password is never shown',
    async run({ token, platform, screenshot }, open) {
      const { page } = await open({ token });
      await page.goto('/lorawan');
      await page.getByRole('button', { name: 'Tilføj netværksserver' }).click();
      const dialog = page.getByRole('dialog', { name: 'Ny netværksserver' });
      await dialog.getByRole('button', { name: 'Gem' }).click();
      await dialog.getByRole('alert').getByText('Skriv en adresse, der begynder med mqtt://').waitFor();
      await dialog.getByLabel('Ejer').selectOption({ label: 'Testby Kommune' });
      await dialog.getByLabel('Id').fill('borte');
      await dialog.getByLabel('Navn', { exact: true }).fill('Borte');
      await dialog.getByLabel('Brokerens adresse').fill('mqtt://127.0.0.1:1');
      await dialog.getByLabel(/^Adgangskode/).fill('hemmelig-kode');
      assert.deepEqual(await axe(page), []);
      await screenshot(page, 'network-server');
      await dialog.getByRole('button', { name: 'Gem' }).click();
      await row(page, /Borte/).getByText('Fejl', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Ret Borte' }).click();
      await page.getByText('Der er gemt en adgangskode, som ikke vises.').waitFor();
      assert.equal(await page.getByLabel(/^Adgangskode/).inputValue(), '');
      assert.ok(!(await page.content()).includes('hemmelig-kode'));
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Slet Borte' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Slet', exact: true }).click();
      await page.getByText('Borte er slettet.').first().waitFor();
      await platform.api('GET', '/network-servers/borte', undefined, { expect: [404] });
    },
  },
  {
    name: 'LoRaWAN: a webhook’s token is shown once, with the address to post to',
    async run({ token, platform }, open) {
      const { page } = await open({ token });
      await page.goto('/lorawan');
      await page.getByRole('button', { name: 'Tilføj netværksserver' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Ejer').selectOption({ label: 'Testby Kommune' });
      await dialog.getByLabel('Id').fill('krog');
      await dialog.getByLabel('Navn', { exact: true }).fill('Krog');
      await dialog.getByLabel('Slags').selectOption({ label: 'The Things Stack' });
      await dialog.getByLabel('Hvordan kommer beskederne?').selectOption('http');
      await dialog.getByRole('button', { name: 'Gem' }).click();
      const url = `${platform.http}/api/v1/network-servers/krog/events`;
      await dialog.getByText(url).waitFor();
      const shown = /Bearer (\S+)/.exec((await dialog.textContent()) ?? '')?.[1] ?? '';
      assert.ok(shown.length > 20, shown);
      assert.deepEqual(await axe(page), []);
      await dialog.getByRole('button', { name: 'Luk' }).last().click();
      await page.getByRole('button', { name: 'Ret Krog' }).click();
      assert.ok(!(await page.content()).includes(shown));
    },
  },
  {
    name: 'LoRaWAN: a gateway gets a name, and tells which sensors hang on it alone',
    async run({ token, platform }, open) {
      await hearAgain();
      const alone = () => platform.api<{ devicesAlone: number }>('GET', '/gateways/24e124fffef41a01');
      await eventually(alone, ({ devicesAlone }) => devicesAlone === 1);
      const { page } = await open({ token });
      await page.goto('/lorawan');
      await page.getByRole('button', { name: 'Ret 24e124fffef41a01' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(STRANGER.devEui).or(dialog.getByText(STRANGER.name)).waitFor();
      await dialog.getByLabel('Navn').fill('Rådhusets tag');
      await dialog.getByLabel(/^Hvem passer den/).fill('Driftscentralen, 12 34 56 78');
      await dialog.getByRole('button', { name: 'Gem' }).click();
      await row(page, /Rådhusets tag/)
        .getByText('1 af 1')
        .waitFor();
      const gateway = await platform.api('GET', '/gateways/24e124fffef41a01');
      assert.equal(gateway.contact, 'Driftscentralen, 12 34 56 78');
    },
  },
  {
    name: 'LoRaWAN: a device model of one’s own: every fault at its field, saved, found, changed, deleted',
    async run({ token, platform, screenshot }, open) {
      const { page } = await open({ token });
      await page.goto('/sensormodeller/milesight-em300-th');
      await page.getByRole('link', { name: 'Lav en kopi, der kan rettes' }).click();
      await page.getByRole('heading', { level: 1, name: 'Ny sensormodel' }).waitFor();
      await page.getByRole('button', { name: 'Tilføj række' }).click();
      assert.match((await focused(page)).id, /^row-\d+-key$/);
      await page.keyboard.type('dør');
      await page.getByLabel('Faktor').last().fill('x');
      await page.getByRole('button', { name: 'Gem' }).click();
      const faults = page.getByRole('alert');
      await faults.getByRole('link', { name: /Id skal bestå af/ }).waitFor();
      await faults.getByRole('link', { name: /Række \d+: Udfyld feltet\./ }).waitFor();
      await faults.getByRole('link', { name: /Række \d+: Skriv et tal\./ }).click();
      assert.match((await focused(page)).id, /^row-\d+-factor$/);
      assert.deepEqual(await axe(page), []);
      await screenshot(page, 'device-model-faults');
      await page.getByLabel('Faktor').last().fill('');
      await page.getByLabel('Måling').last().selectOption({ label: 'Dør' });
      await page.getByLabel('Ejer').selectOption({ label: 'Testby Kommune' });
      await page.getByLabel('Id', { exact: true }).fill('testby-em300');
      await page.getByLabel('Produkt').fill('EM300-TH på skoler');
      await page.getByLabel(/^Længste normale tavshed/).fill('90');
      await page.getByRole('button', { name: 'Gem' }).click();
      await page.getByRole('heading', { level: 1, name: 'Milesight EM300-TH på skoler' }).waitFor();
      const saved = await platform.api<{ heartbeat: number; mapping: object; codec: string }>(
        'GET',
        '/device-models/testby-em300',
      );
      assert.equal(saved.heartbeat, 5400);
      assert.ok('dør' in saved.mapping);
      await page.goto('/sensormodeller?q=skoler+temperatur');
      await page.getByText(/^Viser 1 af \d+ sensormodeller$/).waitFor();
      await page.getByRole('link', { name: 'Milesight EM300-TH på skoler' }).click();
      await page.getByRole('button', { name: 'Slet Milesight EM300-TH på skoler' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Slet', exact: true }).click();
      await page.waitForURL('**/sensormodeller');
      await platform.api('GET', '/device-models/testby-em300', undefined, { expect: [404] });
    },
  },
  {
    name: 'LoRaWAN: a codec is written, tried, kept with an example, refused when it no longer comes out, and read again by',
    async run({ token, platform, screenshot }, open) {
      const { page, faults } = await open({ token });
      await page.goto('/ny/dekoder');
      await page.getByLabel('Script (JavaScript)').fill(SCRIPT);
      await page.getByLabel(/^Ramme/).fill('64 0a');
      await page.getByRole('button', { name: 'Læs beskeden' }).click();
      const result = main(page).getByRole('status').filter({ hasText: 'Rammen kunne læses' });
      await result.getByText(/Batteri: 100\s%/).waitFor();
      await result.getByText('Uden tilknyttet måling: t').waitFor();
      await main(page).getByText('got 2 bytes').waitFor();
      assert.deepEqual(await axe(page), []);
      await page.getByRole('button', { name: 'Gem som eksempel' }).click();
      await page.getByLabel('Ejer').selectOption({ label: 'Testby Kommune' });
      await page.getByLabel('Id', { exact: true }).fill('testby-egen');
      await page.getByLabel('Navn', { exact: true }).fill('Egen føler');
      await screenshot(page, 'codec');
      await page.getByRole('button', { name: 'Gem', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Egen føler' }).waitFor();
      await page.getByText(/^Version 1, /).waitFor();
      await page.getByLabel('Script (JavaScript)').fill(SCRIPT.replace('bytes[1]', 'bytes[1] / 10'));
      await page.getByRole('button', { name: 'Gem', exact: true }).click();
      const alert = page.getByRole('alert').filter({ hasText: 'ikke alle eksempler' });
      await alert.getByText('Eksempel 1, t: blev 1, forventet 10').waitFor();
      await screenshot(page, 'codec-refused');
      assert.deepEqual(withoutNotes(faults, /422/), []);
      await page.getByLabel('Forventet svar (JSON)').fill('{"batteryLevel": 100, "t": 1}');
      await page.getByRole('button', { name: 'Gem', exact: true }).click();
      await page.getByText(/^Version 2, /).waitFor();
      await page.getByRole('button', { name: 'Hent script fra version 1' }).click();
      assert.equal(await page.getByLabel('Script (JavaScript)').inputValue(), SCRIPT);
      await page.getByLabel('Fra', { exact: true }).fill('2026-01-01T00:00');
      await page.getByLabel('Til', { exact: true }).fill('2025-01-01T00:00');
      await page.getByRole('button', { name: 'Læs igen' }).click();
      await page.getByRole('link', { name: 'Angiv en periode' }).waitFor();
      await page.getByLabel('Til', { exact: true }).fill('2030-01-01T00:00');
      await page.getByRole('button', { name: 'Læs igen' }).click();
      await page.getByText('Færdig', { exact: true }).waitFor();
      assert.deepEqual(await axe(page), []);
      const { items } = await platform.api<{ items: { from: string }[] }>('GET', '/codecs/testby-egen/redecode');
      // Typed as Danish time, in a browser in New York.
      assert.equal(items[0]?.from, '2025-12-31T23:00:00.000Z');
      await page.goto('/kodning');
      await row(page, /Egen føler/)
        .getByText('decodeUplink(input) (TS013)')
        .waitFor();
    },
  },
  {
    name: 'LoRaWAN: a supplier pastes frames and sees pass or why not for each; nothing is stored',
    async run({ token, platform, screenshot }, open) {
      const { items } = await platform.api<{ items: { id: string }[] }>('GET', '/rejects');
      const before = items.length;
      const { page } = await open({ token });
      await page.goto('/leverandoer');
      await page.getByLabel('Sensormodel').fill('Milesight EM300-TH');
      const frames = page.getByLabel(/^Rammer, én pr\. linje/);
      await frames.fill(`${FRAME.fPort} ${FRAME.bytesHex} # fra laboratoriet\nvrøvl\n85 0367\n85: 03 67 c9 ff`);
      await frames.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: '2 af 4 rammer kunne læses' }).waitFor();
      assert.match((await focused(page)).text, /^2 af 4/);
      await row(page, /Linje 1/)
        .getByText(/Temperatur: 27,2\s°C/)
        .waitFor();
      await row(page, /Linje 2/)
        .getByText('Linjen er ikke en port og bytes som hex.')
        .waitFor();
      await row(page, /Linje 3/)
        .getByText('Kan ikke læses')
        .waitFor();
      await row(page, /Linje 4/)
        .getByText(/Temperatur: [-−]5,5\s°C/)
        .waitFor();
      assert.deepEqual(await axe(page), []);
      await screenshot(page, 'supplier-result');
      await page.setViewportSize({ width: 390, height: 900 });
      await screenshot(page, 'supplier-result-390');
      assert.equal(await overflow(page), 0);
      assert.equal((await platform.api<{ items: unknown[] }>('GET', '/rejects')).items.length, before);
    },
  },
  {
    name: 'LoRaWAN: a reader sees what he may see and is offered nothing else',
    async run({ platform }, open) {
      const wanted = { organisation: OWNER.id, name: 'Læser', role: 'reader' };
      const { token } = await platform.api<{ token: string }>('POST', '/tokens', wanted);
      const { page } = await open({ token });
      await page.goto('/lorawan');
      await row(page, /24e124fffef41a07/).waitFor();
      assert.deepEqual(await main(page).getByRole('heading', { level: 2 }).allInnerTexts(), ['Gateways']);
      assert.equal(await main(page).getByRole('button').count(), 0);
      assert.deepEqual(await axe(page), []);
      await page.goto('/sensormodeller');
      await page.getByText(/^Viser 40 af/).waitFor();
      assert.equal(await page.getByRole('link', { name: 'Tilføj sensormodel' }).count(), 0);
      await page.goto('/ny/sensormodel');
      await page.getByText('Du har ikke adgang til at se dette.').waitFor();
      await page.goto('/kodning/testby-egen');
      await page.getByRole('button', { name: 'Læs beskeden' }).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Gem', exact: true }).count(), 0);
      await page.goto('/leverandoer');
      await page.getByLabel('Sensormodel').fill('milesight-em300-th');
      await page.getByLabel(/^Rammer/).fill(`${FRAME.fPort} ${FRAME.bytesHex}`);
      await page.getByRole('button', { name: 'Prøv rammerne' }).click();
      await page.getByRole('heading', { name: '1 af 1 rammer kunne læses' }).waitFor();
    },
  },
];
