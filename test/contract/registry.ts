/** What every registry must do, whatever it is built on. Run on each engine by registry.test.ts. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Alert } from '../../services/model/alert.ts';
import type { Asset } from '../../services/model/asset.ts';
import type { Device } from '../../services/model/device.ts';
import { Rejected, Unavailable } from '../../services/model/errors.ts';
import { etagOf } from '../../services/model/etag.ts';
import type { Page, PageRequest } from '../../services/model/page.ts';
import type { AssetFilter, NotifyTarget, OutboxMessage, Registry } from '../../services/model/registry.ts';
import type { Reject } from '../../services/model/reject.ts';
import type { Rule } from '../../services/model/rule.ts';
import { DirectoryCache } from '../../services/pipeline/directory-cache.ts';

export interface RegistryUnderTest {
  registry: Registry;
  /** Closes it and opens the same data again. */
  reopen(): Promise<Registry>;
  /** Closes it and removes the data. */
  remove(): Promise<void>;
}

const DAY = 86_400_000;
const ALL = { all: true, sharings: [] };

export function registryContract(engine: string, open: () => Promise<RegistryUnderTest>): void {
  let under: RegistryUnderTest;
  let registry: Registry;
  beforeEach(async () => {
    under = await open();
    registry = under.registry;
  });
  afterEach(() => under.remove());

  describe(`${engine}: organisations, assets, devices, rules`, () => {
    it('creates, replaces, and changes nothing when the same comes twice', async () => {
      const before = (await registry.directory.changes(0)).version;
      for (const put of [
        () => registry.organisations.put({ id: 'o1', name: 'Skive', kind: 'municipality', municipalityCode: '0779' }),
        () => registry.assets.put(asset('a1')),
        () => registry.devices.put(device('d1')),
        () => registry.rules.put(rule('r1')),
      ]) {
        expect(await put()).toBe('created');
        expect(await put()).toBe('replaced');
      }
      expect((await registry.directory.changes(0)).version).toBe(before + 4);
    });

    it('gives back exactly what was put, also after a restart', async () => {
      const things = {
        organisation: { id: 'o1', name: 'Ærø', kind: 'municipality' as const },
        asset: asset('a1', {
          location: {
            type: 'LineString',
            coordinates: [
              [9, 56],
              [9.1, 56.1],
            ],
          },
          attributes: {
            height: [
              { from: 0, value: 120 },
              { from: 5, value: 'x' },
            ],
            list: [{ from: 0, value: ['a'] }],
          },
          externalIds: { gis: 'Å-1' },
          tags: ['nord', 'havn'],
          parent: 'a0',
          municipalityCode: '0779',
        }),
        device: device('d1', {
          assignments: [
            { asset: 'a0', from: 1, to: 5 },
            { asset: 'a1', from: 5 },
          ],
        }),
        rule: rule('r1'),
      };
      await registry.organisations.put(things.organisation);
      await registry.assets.put(things.asset);
      await registry.devices.put(things.device);
      await registry.rules.put(things.rule);
      for (const look of [async () => registry, () => under.reopen()]) {
        const r = await look();
        expect(await r.organisations.get('o1')).toEqual(things.organisation);
        expect(await r.assets.get('a1')).toEqual(things.asset);
        expect(await r.devices.get('d1')).toEqual(things.device);
        expect(await r.rules.get('r1')).toEqual(things.rule);
        expect(await r.rules.list()).toEqual([things.rule]);
      }
    });

    it('keeps the order that follows from a change with it, or neither', async () => {
      const order = (n: number) => ({
        id: `order-${n}`,
        order: { kind: 'derive' as const, asset: 'a1', from: n, to: 9 },
      });
      await registry.assets.put(asset('a1'), { order: order(1) });
      await registry.assets.put(asset('a1'), { order: order(2) }); // the same again changes nothing
      const stale = registry.assets.put(asset('a1', { name: 'b' }), { expected: null, order: order(3) });
      await expect(stale).rejects.toMatchObject({ code: 'changed-meanwhile' });
      await registry.assets.put(asset('a1', { name: 'c' }), { order: order(4) });
      registry = await under.reopen();
      expect(await registry.orders.list(10)).toEqual([order(1), order(4)]);
      expect(await registry.orders.list(1)).toEqual([order(1)]);
      await registry.orders.done(['order-1', 'unknown']);
      await registry.orders.done([]);
      expect(await registry.orders.list(10)).toEqual([order(4)]);
    });

    it('says undefined for what is not there, and whether a deletion found anything', async () => {
      expect(await registry.organisations.get('x')).toBeUndefined();
      expect(await registry.assets.get("x' OR '1'='1")).toBeUndefined();
      expect(await registry.devices.get('x')).toBeUndefined();
      await registry.assets.put(asset('a1'));
      expect(await registry.assets.delete('a1')).toBe(true);
      expect(await registry.assets.delete('a1')).toBe(false);
      expect(await registry.rules.delete('x')).toBe(false);
      expect(await registry.devices.delete('x')).toBe(false);
    });

    it('lists devices by owner and by the asset they are at now', async () => {
      await registry.devices.put(device('d1', { owner: 'o1', assignments: [{ asset: 'a1', from: 1, to: 2 }] }));
      await registry.devices.put(device('d2', { owner: 'o2', assignments: [{ asset: 'a1', from: 2 }] }));
      await registry.devices.put(device('d3', { owner: 'o2', assignments: [] }));
      const ids = async (filter: Parameters<Registry['devices']['list']>[0]) =>
        (await everyPage((page) => registry.devices.list(filter, page), 1)).map((d) => d.id);
      expect(await ids({})).toEqual(['d1', 'd2', 'd3']);
      expect(await ids({ owners: ['o2', 'o9'] })).toEqual(['d2', 'd3']);
      expect(await ids({ owners: [] })).toEqual([]);
      expect(await ids({ asset: 'a1' })).toEqual(['d2']);
    });
  });

  describe(`${engine}: semantics: Editing`, () => {
    it('replaces only what the editor has read, when he says so', async () => {
      const first = rule('r1');
      await registry.rules.put(first);
      const read = etagOf(await registry.rules.get('r1'));
      await registry.rules.put({ ...first, version: 2 }, { expected: read });
      const late = registry.rules.put({ ...first, version: 3 }, { expected: read });
      await expect(late).rejects.toBeInstanceOf(Rejected);
      await expect(late).rejects.toMatchObject({ code: 'changed-meanwhile' });
      expect((await registry.rules.get('r1'))?.version).toBe(2);
    });

    it('lets one of two that create the same id at the same moment win', async () => {
      const tries = ['o1', 'o2', 'o3'].map((owner) => registry.assets.put(asset('a1', { owner }), { expected: null }));
      const results = await Promise.allSettled(tries);
      expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
      const winner = results.findIndex((r) => r.status === 'fulfilled');
      expect((await registry.assets.get('a1'))?.owner).toBe(['o1', 'o2', 'o3'][winner]);
    });

    it('holds for organisations, devices and targets too', async () => {
      const wrong = { expected: '"other"' };
      const code = { code: 'changed-meanwhile' };
      await expect(registry.organisations.put({ id: 'o', name: 'n', kind: 'region' }, wrong)).rejects.toMatchObject(
        code,
      );
      await expect(registry.devices.put(device('d'), wrong)).rejects.toMatchObject(code);
      await expect(registry.targets.put(target('t'), wrong)).rejects.toMatchObject(code);
      await registry.targets.put(target('t'), { expected: null });
      await registry.targets.put({ ...target('t'), enabled: false }, { expected: etagOf(target('t')) });
      expect(await registry.organisations.get('o')).toBeUndefined();
    });
  });

  describe(`${engine}: asset lists`, () => {
    const ids = async (filter: Partial<AssetFilter>, limit = 2) =>
      (await everyPage((page) => registry.assets.list({ visible: ALL, ...filter }, page), limit)).map((a) => a.id);

    it('sorts in Danish order, numbers by value, and pages without losing or repeating', async () => {
      const names = [
        'Zebra',
        'Ål',
        'Aabenraa',
        'Østerbro 10',
        'Østerbro 9',
        'Ærø',
        'ebeltoft',
        'Andet',
        'Ebeltoft',
        'Årup',
      ];
      for (const [i, name] of names.entries()) await registry.assets.put(asset(`a${i}`, { name }));
      const listed = await everyPage((page) => registry.assets.list({ visible: ALL }, page), 3);
      expect(listed.map((a) => a.name)).toEqual([
        'Andet',
        'ebeltoft',
        'Ebeltoft',
        'Zebra',
        'Ærø',
        'Østerbro 9',
        'Østerbro 10',
        'Aabenraa',
        'Ål',
        'Årup',
      ]);
    });

    it('shows what is visible and nothing else', async () => {
      await registry.assets.put(asset('own', { owner: 'o1', operator: 'o1' }));
      await registry.assets.put(asset('operated', { owner: 'o2', operator: 'o1' }));
      await registry.assets.put(asset('foreign', { owner: 'o2', operator: 'o2' }));
      await registry.assets.put(asset('partner', { owner: 'o2', operator: 'o2', sharing: 'partners' }));
      await registry.assets.put(asset('open', { owner: 'o2', operator: 'o2', sharing: 'open' }));
      expect(await ids({ visible: { organisation: 'o1', sharings: ['partners', 'open'] } })).toEqual([
        'open',
        'operated',
        'own',
        'partner',
      ]);
      expect(await ids({ visible: { sharings: ['open'] } })).toEqual(['open']);
      expect(await ids({ visible: { sharings: [] } })).toEqual([]);
      // A filter narrows, it never widens.
      expect(await ids({ visible: { sharings: ['open'] }, owner: 'o2', ids: ['foreign'] })).toEqual([]);
      expect(await ids({ visible: { organisation: '', sharings: [] } })).toEqual([]);
    });

    it('finds by owner, operator, type, tag and ids together', async () => {
      await registry.assets.put(asset('a1', { owner: 'o1', type: 't1', tags: ['x', 'y'] }));
      await registry.assets.put(asset('a2', { owner: 'o1', type: 't2', tags: ['x'] }));
      await registry.assets.put(asset('a3', { owner: 'o2', operator: 'o1', type: 't1', tags: [] }));
      expect(await ids({ owner: 'o1' })).toEqual(['a1', 'a2']);
      expect(await ids({ operator: 'o1', owner: 'o2' })).toEqual(['a3']);
      expect(await ids({ operator: 'o1' })).toEqual(['a1', 'a2', 'a3']);
      expect(await ids({ type: 't1', tag: 'x' })).toEqual(['a1']);
      expect(await ids({ ids: ['a3', 'a2', 'nope'] })).toEqual(['a2', 'a3']);
      expect(await ids({ ids: [] })).toEqual([]);
      await registry.assets.put(asset('a1', { owner: 'o1', type: 't1', tags: ['z'] }));
      expect(await ids({ tag: 'x' })).toEqual(['a2']);
      await registry.assets.delete('a2');
      expect(await ids({ tag: 'x' })).toEqual([]);
    });

    it('finds words in name, id and external ids, whatever way Danish letters are written', async () => {
      await registry.assets.put(asset('pst-7', { name: 'Pumpestation Åbyhøj', externalIds: { sro: 'ÆØ_100%' } }));
      await registry.assets.put(asset('other', { name: 'Brønd 1' }));
      for (const q of ['åbyhøj', 'AABYHOEJ', 'abyhoj', 'ÅBY pumpe', 'pst-7', 'æø_1', '100%', 'station  hoj'])
        expect(await ids({ q }), q).toEqual(['pst-7']);
      for (const q of ['%', '_1']) expect(await ids({ q }), q).toEqual(['pst-7']);
      for (const q of ['pst_7', 'åby brønd', "' OR 1=1 --", '\\']) expect(await ids({ q }), q).toEqual([]);
      expect(await ids({ q: ' ' })).toHaveLength(2);
    });

    it('finds what lies in or reaches into a box', async () => {
      await registry.assets.put(asset('point', { location: { lat: 56.5, lon: 9.5 } }));
      await registry.assets.put(
        asset('pipe', {
          location: {
            type: 'LineString',
            coordinates: [
              [8, 56],
              [9, 57],
            ],
          },
        }),
      );
      await registry.assets.put(asset('placeless'));
      expect(await ids({ bbox: [9, 56, 10, 57] })).toEqual(['pipe', 'point']);
      expect(await ids({ bbox: [9.1, 56, 10, 57] })).toEqual(['point']);
      expect(await ids({ bbox: [9.5, 56.5, 9.5, 56.5] })).toEqual(['point']);
      expect(await ids({ bbox: [10, 56, 11, 57] })).toEqual([]);
    });

    it('refuses a cursor it did not give', async () => {
      for (const cursor of ['', 'x', 'bnVsbA', Buffer.from('[1,2]').toString('base64url')]) {
        const listed = registry.assets.list({ visible: ALL }, { limit: 1, cursor });
        await expect(listed, cursor).rejects.toMatchObject({ code: 'invalid-cursor' });
      }
    });
  });

  describe(`${engine}: semantics: Secrets`, () => {
    const week = 7 * DAY;
    const secrets = async (): Promise<[string, number | undefined][]> =>
      (await cacheOf(registry)).credentials('d1').map((c) => [c.hash, c.expiresAt]);
    const make = (hash: string, createdAt: number, formerFor = week) =>
      registry.devices.addCredential({ device: 'd1', hash, createdAt }, createdAt + formerFor);

    beforeEach(() => registry.devices.put(device('d1')));

    it('keeps the former secret until the new one is first used, at most 7 days', async () => {
      await make('one', 1000);
      expect(await secrets()).toEqual([['one', undefined]]);
      await make('two', 2000);
      expect(await secrets()).toEqual([
        ['two', undefined],
        ['one', 2000 + week],
      ]);
      await registry.devices.credentialUsed('d1', 'two', 3000);
      expect(await secrets()).toEqual([['two', undefined]]);
    });

    it('does not end the new secret when the former one is used', async () => {
      await make('one', 1000);
      await make('two', 2000);
      await registry.devices.credentialUsed('d1', 'one', 3000);
      expect(await secrets()).toEqual([
        ['two', undefined],
        ['one', 2000 + week],
      ]);
    });

    it('ends the former one at once when asked', async () => {
      await make('one', 1000);
      await make('two', 2000, 0);
      expect(await secrets()).toEqual([['two', undefined]]);
    });

    it('keeps the secret the device is known to use when a new one was lost on the way', async () => {
      await make('one', 1000);
      await registry.devices.credentialUsed('d1', 'one', 1500);
      await make('lost', 2000);
      await make('three', 2000 + DAY);
      // And no longer than the first change gave it.
      expect(await secrets()).toEqual([
        ['three', undefined],
        ['one', 2000 + week],
      ]);
    });

    it('does not bring back a former one that has ended', async () => {
      await make('one', 1000);
      await registry.devices.credentialUsed('d1', 'one', 1500);
      await make('two', 2000);
      await make('three', 2000 + 8 * DAY);
      expect(await secrets()).toEqual([
        ['three', undefined],
        ['two', 2000 + 15 * DAY],
      ]);
    });

    it('notes the first use only, and tells nobody of the others', async () => {
      await make('one', 1000);
      await registry.devices.credentialUsed('d1', 'one', 1500);
      const { version } = await registry.directory.changes(0);
      await registry.devices.credentialUsed('d1', 'one', 1600);
      await registry.devices.credentialUsed('d1', 'unknown', 1600);
      expect((await registry.directory.changes(version)).version).toBe(version);
      expect((await cacheOf(registry)).credentials('d1')[0]?.usedAt).toBe(1500);
    });

    it('leads to its device, as long as it is kept', async () => {
      await make('s1', 0);
      await registry.devices.put(device('d2'));
      await registry.devices.addCredential({ device: 'd2', hash: 's1', createdAt: 5 }, 5);
      await make('s2', 10);
      expect(await registry.devices.ofSecret('s2')).toBe('d1');
      // A present secret goes before a former one.
      expect(await registry.devices.ofSecret('s1')).toBe('d2');
      await registry.devices.delete('d2');
      expect(await registry.devices.ofSecret('s1')).toBe('d1');
      expect(await registry.devices.ofSecret('s3')).toBeUndefined();
    });

    it('ends with its device', async () => {
      await make('one', 1000);
      const cache = await cacheOf(registry);
      await registry.devices.delete('d1');
      await cache.refresh();
      expect(cache.credentials('d1')).toEqual([]);
      await registry.devices.put(device('d1'));
      expect(await secrets()).toEqual([]);
    });

    it('gives the secret of a target back to whoever sends, and nobody else’s', async () => {
      await registry.targets.put({ ...target('t1'), secret: 'hush' });
      await registry.targets.put(target('t2', 'o2'));
      expect(await (await under.reopen()).targets.get('t1')).toEqual({ ...target('t1'), secret: 'hush' });
    });
  });

  describe(`${engine}: the directory`, () => {
    it('gives everything at first, then what changed', async () => {
      await registry.organisations.put({ id: 'o1', name: 'O', kind: 'region' });
      await registry.assets.put(asset('a1'));
      const first = await registry.directory.changes(0);
      expect(first).toMatchObject({ full: true, changed: { organisations: [{ id: 'o1' }], assets: [{ id: 'a1' }] } });
      expect(await registry.directory.changes(first.version)).toEqual({
        version: first.version,
        changed: {
          organisations: [],
          assets: [],
          devices: [],
          credentials: [],
          rules: [],
          networkServers: [],
          codecs: [],
          deviceModels: [],
        },
        deleted: [],
      });
      await registry.assets.put(asset('a1', { name: 'Other' }));
      await registry.assets.put(asset('a1', { name: 'Newest' }));
      await registry.rules.put(rule('r1'));
      const second = await registry.directory.changes(first.version);
      expect(second.full).toBeUndefined();
      expect(second.changed).toMatchObject({ organisations: [], assets: [{ name: 'Newest' }], rules: [{ id: 'r1' }] });
      expect(second.version).toBe(first.version + 3);
    });

    it('tells of what is gone, and of what came back', async () => {
      await registry.assets.put(asset('a1'));
      await registry.devices.put(device('d1'));
      const { version } = await registry.directory.changes(0);
      await registry.assets.delete('a1');
      await registry.devices.delete('d1');
      const gone = await registry.directory.changes(version);
      expect(gone.deleted).toEqual([
        { kind: 'assets', id: 'a1' },
        { kind: 'devices', id: 'd1' },
      ]);
      await registry.assets.put(asset('a1'));
      const back = await registry.directory.changes(version);
      expect(back.deleted).toEqual([{ kind: 'devices', id: 'd1' }]);
      expect(back.changed.assets).toHaveLength(1);
    });

    it('goes on counting after a restart', async () => {
      await registry.assets.put(asset('a1'));
      const { version } = await registry.directory.changes(0);
      const again = await under.reopen();
      expect((await again.directory.changes(version)).version).toBe(version);
      await again.assets.put(asset('a2'));
      expect((await again.directory.changes(version)).changed.assets.map((a) => a.id)).toEqual(['a2']);
    });

    it('gives everything to a reader that knows more than there is: a backup was put back', async () => {
      await registry.assets.put(asset('a1'));
      expect(await registry.directory.changes(1_000_000)).toMatchObject({
        full: true,
        changed: { assets: [{ id: 'a1' }] },
      });
    });

    it('calls back soon after a change, once for many, and not after stopping', async () => {
      let calls = 0;
      const stop = registry.watch(() => calls++);
      await Promise.all(Array.from({ length: 50 }, (_, i) => registry.assets.put(asset(`a${i}`))));
      await vi.waitFor(() => expect(calls).toBeGreaterThan(0), { interval: 5 });
      expect(calls).toBeLessThan(10);
      stop();
      const cache = await cacheOf(registry);
      expect([...cache.assets()]).toHaveLength(50);
    });
  });

  describe(`${engine}: what OS2iot's data target sends`, () => {
    const sent = (device: string, receivedAt: number, more: { owner?: string; label?: string } = {}) =>
      registry.os2iot.add({
        owner: 'o1',
        device,
        label: device || 'x',
        receivedAt,
        body: `{"a":${receivedAt}}`,
        ...more,
      });

    it('is kept by owner and device, the newest first to be asked for and the oldest first to be read', async () => {
      for (const at of [10, 20, 30]) await sent('d1', at);
      await sent('d1', 20, { owner: 'o2' });
      const filter = { owner: 'o1', device: 'd1', from: 0, to: 31 };
      expect((await registry.os2iot.list(filter, 2)).map((m) => m.body)).toEqual(['{"a":20}', '{"a":30}']);
      expect(await registry.os2iot.list({ ...filter, from: 10, to: 20 }, 9)).toEqual([
        { owner: 'o1', device: 'd1', label: 'd1', receivedAt: 10, body: '{"a":10}' },
      ]);
    });

    it('is counted by sender, those that are no device of ours by what they are called', async () => {
      for (const at of [10, 20]) await sent('d1', at);
      for (const label of ['b', 'a', 'b']) await sent('', 15, { label });
      await sent('d2', 40);
      expect(await registry.os2iot.senders({ owner: 'o1', from: 10, to: 40 })).toEqual([
        { device: 'd1', label: 'd1', messages: 2, lastAt: 20 },
        { device: '', label: 'a', messages: 1, lastAt: 15 },
        { device: '', label: 'b', messages: 2, lastAt: 15 },
      ]);
      expect(await registry.os2iot.senders({ owner: 'o2', from: 0, to: 99 })).toEqual([]);
    });
  });

  describe(`${engine}: tokens`, () => {
    const token = { id: 'k1', organisation: 'o1', name: 'Grafana', role: 'reader' as const, hash: 'h1', createdAt: 5 };

    it('is found by its hash until it is revoked', async () => {
      await registry.tokens.put(token);
      await registry.tokens.put({ ...token, id: 'k2', hash: 'h2', organisation: 'o2', expiresAt: 9 });
      expect(await registry.tokens.byHash('h1')).toEqual(token);
      expect(await registry.tokens.byHash('H1')).toBeUndefined();
      expect((await registry.tokens.list('o1')).map((t) => t.id)).toEqual(['k1']);
      expect((await registry.tokens.list(undefined)).map((t) => t.expiresAt)).toEqual([undefined, 9]);
      expect(await registry.tokens.revoke('k1')).toBe(true);
      expect(await registry.tokens.revoke('k1')).toBe(false);
      expect(await registry.tokens.byHash('h1')).toBeUndefined();
    });

    it('notes when it was last used, to the minute', async () => {
      await registry.tokens.put(token);
      await registry.tokens.used('k1', 1_000_000);
      await registry.tokens.used('k1', 1_000_500);
      expect((await registry.tokens.byHash('h1'))?.lastUsedAt).toBe(1_000_000);
      await registry.tokens.used('k1', 1_060_000);
      expect((await registry.tokens.byHash('h1'))?.lastUsedAt).toBe(1_060_000);
      await registry.tokens.used('nobody', 1);
    });
  });

  describe(`${engine}: alerts`, () => {
    it('never goes back to an older revision', async () => {
      await registry.alerts.put([alert('e1', { revision: 2, state: 'acknowledged' })]);
      await registry.alerts.put([alert('e1', { revision: 1 }), alert('e1', { revision: 2 })]);
      expect(await registry.alerts.get('e1')).toEqual(alert('e1', { revision: 2, state: 'acknowledged' }));
      await registry.alerts.put([alert('e1', { revision: 3, state: 'resolved' })]);
      expect((await registry.alerts.get('e1'))?.state).toBe('resolved');
      await registry.alerts.put([]);
    });

    it('lists the newest first, by page and filter', async () => {
      await registry.alerts.put([
        alert('e1', { raisedAt: 1, severity: 'critical' }),
        alert('e2', { raisedAt: 2, state: 'resolved' }),
        alert('e3', { raisedAt: 2, asset: 'a2', type: 't2', owner: 'o2', operator: 'o2' }),
      ]);
      const ids = async (filter: object) =>
        (await everyPage((page) => registry.alerts.list({ visible: ALL, ...filter }, page), 1)).map((a) => a.id);
      expect(await ids({})).toEqual(['e3', 'e2', 'e1']);
      expect(await ids({ state: 'open' })).toEqual(['e3', 'e1']);
      expect(await ids({ severity: 'critical' })).toEqual(['e1']);
      expect(await ids({ owner: 'o1', state: 'resolved' })).toEqual(['e2']);
      expect(await ids({ asset: 'a2', type: 't2' })).toEqual(['e3']);
    });

    it('shows what is visible, by the sharing the asset has today', async () => {
      await registry.assets.put(asset('a1', { owner: 'o1', sharing: 'open' }));
      await registry.alerts.put([alert('e1', {}), alert('e2', { asset: 'gone', state: 'resolved' })]);
      const seen = async (visible: AssetFilter['visible']) => [
        (await registry.alerts.list({ visible }, { limit: 10 })).items.length,
        await registry.alerts.counts(visible),
      ];
      const none = { open: 0, acknowledged: 0, resolved: 0 };
      expect(await seen(ALL)).toEqual([2, { ...none, open: 1, resolved: 1 }]);
      expect(await seen({ organisation: 'op', sharings: [] })).toEqual([2, { ...none, open: 1, resolved: 1 }]);
      expect(await seen({ sharings: ['open'] })).toEqual([1, { ...none, open: 1 }]);
      await registry.assets.put(asset('a1', { owner: 'o1', sharing: 'internal' }));
      expect(await seen({ sharings: ['open'] })).toEqual([0, none]);
      expect(await seen({ organisation: 'o9', sharings: [] })).toEqual([0, none]);
    });

    it('finds what is open of many assets', async () => {
      await registry.alerts.put([
        alert('e1', {}),
        alert('e2', { state: 'acknowledged' }),
        alert('e3', { state: 'resolved' }),
      ]);
      const many = Array.from({ length: 1200 }, (_, i) => `b${i}`);
      expect((await registry.alerts.openOf([...many, 'a1'])).map((a) => a.id).toSorted()).toEqual(['e1', 'e2']);
      expect(await registry.alerts.openOf([])).toEqual([]);
    });
  });

  describe(`${engine}: rejects`, () => {
    const open = async (filter: Parameters<Registry['rejects']['list']>[0] = {}) =>
      (await everyPage((page) => registry.rejects.list(filter, page), 2)).map((r) => [r.uplink, r.revision]);

    it('keeps what a replay needs, and changes nothing when the same batch comes twice', async () => {
      const batch = [1, 2, 3].map((uplink) => ({ kind: 'rejected' as const, reject: reject(uplink) }));
      await registry.rejects.apply(batch);
      await registry.rejects.apply([{ kind: 'rejected', reject: reject(2, { revision: 1, partial: true }) }]);
      await registry.rejects.apply(batch);
      expect(await open()).toEqual([
        [3, 0],
        [2, 1],
        [1, 0],
      ]);
      expect(await registry.rejects.get(2)).toEqual(reject(2, { revision: 1, partial: true }));
    });

    it('shows a settled one no more, nor when its rejection is repeated, but again when it fails anew', async () => {
      await registry.rejects.apply([
        { kind: 'rejected', reject: reject(1) },
        { kind: 'settled', uplink: 1, at: 5 },
      ]);
      await registry.rejects.apply([{ kind: 'rejected', reject: reject(1) }]);
      await registry.rejects.apply([{ kind: 'settled', uplink: 99, at: 5 }]);
      expect(await open()).toEqual([]);
      expect(await registry.rejects.get(1)).toBeUndefined();
      await registry.rejects.apply([{ kind: 'rejected', reject: reject(1, { revision: 1 }) }]);
      expect(await open()).toEqual([[1, 1]]);
    });

    it('lists by owner, device, reason and time, and forgets by age', async () => {
      await registry.rejects.apply([
        { kind: 'rejected', reject: reject(1, { owner: 'o2', receivedAt: 10 }) },
        { kind: 'rejected', reject: reject(2, { device: 'd2', receivedAt: 20 }) },
        { kind: 'rejected', reject: reject(3, { reason: 'too-deep', receivedAt: 30 }) },
      ]);
      expect(await open({ owners: ['o1'] })).toEqual([
        [3, 0],
        [2, 0],
      ]);
      expect(await open({ owners: [] })).toEqual([]);
      expect(await open({ device: 'd2' })).toEqual([[2, 0]]);
      expect(await open({ reason: 'too-deep' })).toEqual([[3, 0]]);
      expect(await open({ from: 10, to: 30 })).toEqual([
        [2, 0],
        [1, 0],
      ]);
      expect(await registry.rejects.deleteBefore(20)).toBe(1);
      expect(await open()).toEqual([
        [3, 0],
        [2, 0],
      ]);
    });
  });

  describe(`${engine}: audit and outbox`, () => {
    it('adds to the trail once, and reads it newest first', async () => {
      const entry = (id: string, at: number, organisation = 'o1') =>
        ({ id, at, actor: 'k1', organisation, action: 'edit', object: 'a1', outcome: 'ok', detail: '' }) as const;
      await registry.audit.add([entry('1', 10), entry('2', 20), entry('3', 20, 'o2')]);
      await registry.audit.add([entry('2', 20)]);
      const ids = async (filter: object) =>
        (await everyPage((page) => registry.audit.list(filter, page), 1)).map((e) => e.id);
      expect(await ids({})).toEqual(['3', '2', '1']);
      expect(await ids({ organisation: 'o1' })).toEqual(['2', '1']);
      expect(await ids({ from: 10, to: 20, actor: 'k1' })).toEqual(['1']);
      expect((await registry.audit.list({}, { limit: 1 })).items).toEqual([entry('3', 20, 'o2')]);
      expect(await registry.audit.deleteBefore(20)).toBe(1);
    });

    it('gives out what is due, oldest first, until it is sent or dead', async () => {
      await registry.outbox.add([
        message('m1', { dueAt: 30 }),
        message('m2', { dueAt: 10 }),
        message('m3', { dueAt: 20 }),
      ]);
      await registry.outbox.add([message('m2', { body: 'other', dueAt: 1 })]);
      const due = async (now: number, limit = 9) => (await registry.outbox.due(now, limit)).map((m) => m.id);
      expect(await due(9)).toEqual([]);
      expect(await due(20)).toEqual(['m2', 'm3']);
      expect(await due(99, 2)).toEqual(['m2', 'm3']);
      const later = message('m2', { attempts: 1, dueAt: 50, lastError: 'HTTP 500' });
      await registry.outbox.update(later);
      await registry.outbox.update(message('m3', { attempts: 1, state: 'sent' }));
      await registry.outbox.update(message('m1', { attempts: 9, state: 'dead' }));
      expect(await due(40)).toEqual([]);
      expect(await registry.outbox.due(50, 9)).toEqual([later]);
      const listed = async (filter: object) =>
        (await everyPage((page) => registry.outbox.list(filter, page), 2)).map((m) => m.id);
      expect(await listed({})).toEqual(['m3', 'm2', 'm1']);
      expect(await listed({ state: 'dead', alert: 'e1' })).toEqual(['m1']);
      // What still waits is kept, however old.
      expect(await registry.outbox.deleteBefore(1000)).toBe(2);
      expect(await listed({})).toEqual(['m2']);
    });

    it('keeps targets by organisation', async () => {
      expect(await registry.targets.put(target('t1'))).toBe('created');
      expect(await registry.targets.put({ ...target('t1'), address: 'https://example.org/new' })).toBe('replaced');
      await registry.targets.put(target('t2', 'o2'));
      expect((await registry.targets.list('o1')).map((t) => t.address)).toEqual(['https://example.org/new']);
      expect(await registry.targets.list(undefined)).toHaveLength(2);
      expect(await registry.targets.delete('t1')).toBe(true);
      expect(await registry.targets.get('t1')).toBeUndefined();
    });
  });

  describe(`${engine}: after it is closed`, () => {
    it('answers no more, and keeps everything that was answered', async () => {
      await Promise.all(Array.from({ length: 100 }, (_, i) => registry.assets.put(asset(`a${i}`))));
      const again = await under.reopen();
      expect([...(await cacheOf(again)).assets()]).toHaveLength(100);
      await expect(registry.assets.put(asset('late'))).rejects.toBeInstanceOf(Unavailable);
      await expect(registry.assets.get('a1')).rejects.toBeInstanceOf(Unavailable);
      await expect(registry.directory.changes(0)).rejects.toBeInstanceOf(Unavailable);
      expect(await again.assets.get('late')).toBeUndefined();
    });
  });
}

async function cacheOf(registry: Registry): Promise<DirectoryCache> {
  const cache = new DirectoryCache(registry.directory);
  await cache.refresh();
  return cache;
}

async function everyPage<T>(list: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return items;
}

function asset(id: string, over: Partial<Asset> = {}): Asset {
  const owner = over.owner ?? 'o1';
  return {
    id,
    owner,
    operator: owner,
    type: 't1',
    name: `Asset ${id}`,
    attributes: {},
    externalIds: {},
    sharing: 'internal',
    tags: [],
    createdAt: 1,
    ...over,
  };
}

function device(id: string, over: Partial<Device> = {}): Device {
  const connection = { kind: 'mqtt' as const };
  return { id, owner: 'o1', model: 'generic-json', connection, assignments: [], registeredAt: 1, ...over };
}

function rule(id: string): Rule {
  return {
    id,
    owner: 'o1',
    version: 1,
    name: { da: 'Høj', en: 'High' },
    appliesTo: { type: 't1' },
    condition: { kind: 'threshold', quantity: 'waterLevel', raise: { op: '>', limit: 2 } },
    severity: 'high',
    outcome: 'alarm',
    to: ['duty'],
    sentence: { da: '{name}', en: '{name}' },
    enabled: true,
  };
}

function alert(id: string, over: Partial<Alert>): Alert {
  return {
    id,
    rule: 'r1',
    ruleVersion: 1,
    asset: 'a1',
    owner: 'o1',
    operator: 'op',
    type: 't1',
    state: 'open',
    severity: 'high',
    outcome: 'alarm',
    recipients: ['duty'],
    name: { da: 'Høj', en: 'High' },
    sentence: { da: 'Høj', en: 'High' },
    evidence: { value: 2 },
    raisedAt: 1,
    timeline: [],
    revision: 1,
    ...over,
  };
}

function reject(uplink: number, over: Partial<Reject> = {}): Reject {
  return {
    uplink,
    device: 'd1',
    owner: 'o1',
    receivedAt: 1,
    reason: 'malformed-json',
    detail: 'at 3',
    partial: false,
    revision: 0,
    record: 'AAAA',
    ...over,
  };
}

function message(id: string, over: Partial<OutboxMessage>): OutboxMessage {
  const times = { createdAt: 5, dueAt: 10 };
  return { id, target: 't1', alert: 'e1', body: '{}', ...times, attempts: 0, state: 'waiting', ...over };
}

function target(id: string, organisation = 'o1'): NotifyTarget {
  return { id, organisation, kind: 'webhook', address: 'https://example.org/', minimumSeverity: 'low', enabled: true };
}
