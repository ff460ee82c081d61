import { describe, expect, it } from 'vitest';
import { historyChunks } from '../history.ts';
import { kinds } from '../kinds/list.ts';
import { createRegion } from './create-region.ts';
import { script } from './script.ts';
import { startRegion } from './start-region.ts';

const ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const region = createRegion(1);

describe('region', () => {
  it('is the same for the same seed and another for another', () => {
    expect(createRegion(1)).toEqual(region);
    expect(createRegion(2).assets).not.toEqual(region.assets);
  });

  it('has 16 municipalities with fictitious codes, and some 400 assets of every kind', () => {
    const municipalities = region.organisations.filter((o) => o.body.kind === 'municipality');
    expect(municipalities).toHaveLength(16);
    for (const { body } of municipalities) expect(body.municipalityCode).toMatch(/^99\d\d$/);
    expect(region.assets.length).toBeGreaterThan(380);
    expect(region.assets.length).toBeLessThan(430);
    expect(new Set(region.devices.map((d) => d.kind))).toEqual(
      new Set(kinds.map((k) => k.id).filter((k) => k !== 'sequence')),
    );
    expect(region.banner.da).toBe('Eksempeldata');
  });

  it('names nobody real', () => {
    const real = [
      'Viborg',
      'Herning',
      'Holstebro',
      'Lemvig',
      'Struer',
      'Skive',
      'Favrskov',
      'Odder',
      'Randers',
      'Silkeborg',
    ];
    const more = [
      'Samsø',
      'Skanderborg',
      'Aarhus',
      'Ikast',
      'Ringkøbing',
      'Hedensted',
      'Norddjurs',
      'Syddjurs',
      'Horsens',
    ];
    const text = JSON.stringify(region);
    for (const name of [...real, ...more, 'Midtjylland']) expect(text).not.toContain(name);
  });

  it('has ids that will do, owners and operators that exist, and parents before their children', () => {
    const organisations = new Set(region.organisations.map((o) => o.id));
    const seen = new Set<string>();
    for (const { id, body } of region.assets) {
      expect(id).toMatch(ID);
      expect(seen.has(id)).toBe(false);
      expect(organisations).toContain(body.owner);
      if (body.operator) expect(organisations).toContain(body.operator);
      if (body.parent) expect(seen).toContain(body.parent);
      seen.add(id);
    }
    expect(region.devices.map((d) => d.body.asset)).toEqual([...seen]);
    for (const { id } of region.devices) expect(id).toMatch(ID);
  });

  it('shows how Danish municipalities work together', () => {
    const operatedBy = (id: string) => region.assets.filter((a) => a.body.operator === id);
    expect(new Set(operatedBy('firklang').map((a) => a.body.owner)).size).toBe(4);
    expect(operatedBy('lysmester').length).toBeGreaterThan(40);
    const pumping = region.assets.filter((a) => a.body.type === 'pumping-station' && a.body.owner === 'aa-og-fjord');
    expect(new Set(pumping.map((a) => a.body.municipalityCode)).size).toBeGreaterThan(5);
  });

  it('lies inside the bounds of Region Midtjylland', () => {
    for (const seed of [1, 2, 3]) {
      for (const { body } of createRegion(seed).assets) {
        expect(body.location.lat).toBeGreaterThan(55.66893);
        expect(body.location.lat).toBeLessThan(56.84665);
        expect(body.location.lon).toBeGreaterThan(8.09765);
        expect(body.location.lon).toBeLessThan(11.65808);
      }
    }
  });

  it('has an asset for every row of the script', () => {
    for (const { kind, nth, situations } of script) {
      const device = region.devices.filter((d) => d.kind === kind)[nth];
      expect(device?.situations).toEqual(situations);
    }
  });
});

describe('a started region', () => {
  const live = Date.parse('2026-11-23T19:00:00Z');
  const start = (days: number, speed = 30) =>
    startRegion(region, { startMs: live - days * 86_400_000, liveMs: live, speed });

  it('gives 30 days of history, well over a million values, in seconds', async () => {
    const began = process.cpuUsage(); // not the wall clock: other tests run beside this one
    const devices = start(30);
    let values = 0;
    for await (const chunk of historyChunks(devices)) {
      values += chunk.values;
      if (chunk.values > 1000 || chunk.readings.length === 0)
        expect.fail(`${chunk.device}: ${chunk.values} values in a chunk`);
    }
    expect(values).toBeGreaterThan(1_200_000);
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(5);
  });

  it('goes on live from where history ended, and everybody reports within a minute', async () => {
    const devices = start(2);
    for await (const _ of historyChunks(devices)) {
      // made and thrown away
    }
    for (const { timeline, importUntil } of devices) {
      expect(timeline.next).toBeGreaterThanOrEqual(importUntil);
      while (timeline.next < live) timeline.take();
      expect(timeline.next).toBeLessThanOrEqual(live + 60_000);
    }
  });

  it('leaves what must reach the rules out of the history: it goes over MQTT', () => {
    const ring = start(1).find((d) => d.asset === 'egholt-rescue-ring-1');
    expect(ring?.importUntil).toBeLessThanOrEqual(live - 3 * 3_600_000);
    const plain = start(1).find((d) => d.asset === 'egholt-groundwater-1');
    expect(plain?.importUntil).toBe(live);
  });

  it('leaves reports out that are known already, without changing those that follow', async () => {
    const all = [];
    for await (const chunk of historyChunks(start(2)))
      all.push(...chunk.readings.map((r) => ({ device: chunk.device, ...r })));
    const some = [];
    const since = live - 86_400_000;
    for await (const chunk of historyChunks(start(2), { since })) {
      some.push(...chunk.readings.map((r) => ({ device: chunk.device, ...r })));
    }
    expect(some).toEqual(all.filter((r) => r.time >= since));
  });

  it('reports as in life at speed 1', () => {
    const lamp = start(1, 1).find((d) => d.asset === 'egholt-lighting-cabinet-1.1');
    while (lamp && lamp.timeline.next < live) lamp.timeline.take();
    const first = lamp?.timeline.take().time ?? 0;
    expect((lamp?.timeline.next ?? 0) - first).toBe(2 * 3_600_000);
  });
});
