/** A newcomer's path, as the README tells it: from nothing to an alert that came and went. The same on all engines. */
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Platform, startPlatform } from '../lib/platform.ts';

interface Ledger {
  accepted: number;
  decoded: number;
  rejected: number;
  pending: number;
  storePending: number;
}

export interface Engines {
  /** Configuration that chooses them. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** `engines` starts what the platform needs beside it. */
export function newcomer(name: string, engines: () => Promise<Engines>): void {
  describe(`from a device to a chart and an alert, ${name}`, () => {
    let beside: Engines;
    let platform: Platform;
    let password = '';

    beforeAll(async () => {
      beside = await engines();
      platform = await startPlatform({ env: beside.env });
    });
    afterAll(async () => {
      expect(await platform.stop()).toBe(0);
      await beside.stop();
    });

    test('an organisation, an asset and a device are made; the same call twice changes nothing', async () => {
      const organisation = { name: 'Eksempelby Spildevand', kind: 'utility' };
      await platform.api('PUT', '/organisations/eksempelby', organisation, { expect: [201] });
      await platform.api('PUT', '/organisations/eksempelby', organisation, { expect: [200] });
      await platform.api('PUT', '/assets/pst-aavej', {
        owner: 'eksempelby',
        type: 'pumping-station',
        name: 'Pst. Åvej',
        location: { lat: 56.16, lon: 9.55 },
        attributes: { category: 'A', highLevel: 2.2, overflowLevel: 2.8 },
        tags: [],
      });
      await platform.api('PUT', '/devices/niveau-1', {
        owner: 'eksempelby',
        model: 'generic-json',
        asset: 'pst-aavej',
        connection: { kind: 'mqtt' },
      });
      const credentials = await platform.api<{ username: string; password: string }>(
        'POST',
        '/devices/niveau-1/credentials',
        undefined,
        { expect: [201] },
      );
      expect(credentials.username).toBe('niveau-1');
      password = credentials.password;
    });

    test('what is acknowledged can be read back', async () => {
      await publish({ time: new Date().toISOString(), waterDepth: 1.4 });
      const asset = await eventually(
        () =>
          platform.api<{ latest: { quantity: string; value: number; unit: string }[]; missingLimits: unknown[] }>(
            'GET',
            '/assets/pst-aavej',
          ),
        (a) => a.latest.length > 0,
      );
      expect(asset.latest).toMatchObject([{ quantity: 'waterDepth', value: 1.4, unit: 'm' }]);
      // Everything it needs was given; without highLevel the rule would be off, and the page would say so.
      expect(asset.missingLimits).toEqual([]);
      const poorer = {
        owner: 'eksempelby',
        type: 'pumping-station',
        name: 'Pst. Enghave',
        attributes: { category: 'A' },
      };
      await platform.api('PUT', '/assets/pst-enghave', poorer);
      const other = await platform.api<{ missingLimits: { attribute: string }[] }>('GET', '/assets/pst-enghave');
      expect(other.missingLimits.map((m) => m.attribute)).toContain('highLevel');
      const readings = await platform.api<{ points: unknown[][] }>(
        'GET',
        `/assets/pst-aavej/readings?quantity=waterDepth&from=${ago(3600)}&to=${ago(-60)}`,
      );
      expect(readings.points.map(([, value]) => value)).toEqual([1.4]);
    });

    test('a rule over its limit raises one alert, and back under it the alert resolves', async () => {
      await platform.api('PUT', '/rules/aavej-hoej', {
        name: { da: 'Høj vandstand', en: 'High level' },
        appliesTo: { asset: 'pst-aavej' },
        condition: {
          kind: 'threshold',
          quantity: 'waterDepth',
          raise: { op: '>=', limit: { attribute: 'highLevel' } },
          clear: { op: '<=', limit: { attribute: 'highLevel', plus: -0.1 } },
        },
        severity: 'high',
        outcome: 'alarm',
        to: ['duty'],
        sentence: { da: 'Høj vandstand i {name}: {value} {unit}.', en: 'High level in {name}: {value} {unit}.' },
        enabled: true,
      });
      // The rule is known to the stage within a second; publishing until it answers needs no guess.
      const raised = await eventually(
        async () => {
          await publish({ time: new Date().toISOString(), waterDepth: 2.31 });
          return await alerts('open');
        },
        (open) => open.length > 0,
      );
      expect(raised).toHaveLength(1);
      expect(raised[0]?.sentence).toMatchObject({ da: expect.stringContaining('Høj vandstand i Pst. Åvej: 2,31') });
      await publish({ time: new Date().toISOString(), waterDepth: 1.2 });
      const resolved = await eventually(
        () => alerts('resolved'),
        (list) => list.length > 0,
      );
      expect(resolved.map((a) => a.id)).toEqual(raised.map((a) => a.id));
      expect(await alerts('open')).toEqual([]);
    });

    test.each([
      ['/condition/clear/limit', { raise: { op: '>=', limit: 1 }, clear: { op: '<=', limit: 5 } }],
      ['/condition/clear/op', { raise: { op: '>=', limit: 1 }, clear: { op: '>=', limit: 0 } }],
      ['/condition/kind', { quantity: 'doorState', raise: { op: '>=', limit: 1 } }],
    ])('a rule that could only flap, or never work, is refused with %s', async (pointer, condition) => {
      const answer = await platform.api<{ errors: { pointer: string }[] }>(
        'PUT',
        '/rules/flap',
        {
          name: { da: 'x', en: 'x' },
          appliesTo: { asset: 'pst-aavej' },
          condition: { kind: 'threshold', quantity: 'waterDepth', ...condition },
          severity: 'high',
          outcome: 'alarm',
          to: [],
          sentence: { da: 'x', en: 'x' },
          enabled: true,
        },
        { expect: [400] },
      );
      expect(answer.errors.map((e) => e.pointer)).toEqual([pointer]);
    });

    test('a name with a control character is refused', async () => {
      await platform.api('PUT', '/organisations/nul', { name: 'a\u0000b', kind: 'utility' }, { expect: [400] });
    });

    test('semantics: Ledger — the books balance', async () => {
      await publish('this is not json');
      const ledger = await eventually(
        () => platform.api<Ledger>('GET', '/ledger'),
        (l) => l.pending === 0 && l.storePending === 0 && l.rejected === 1,
      );
      expect(ledger.accepted).toBe(ledger.decoded + ledger.rejected);
      const rejects = await eventually(
        () => platform.api<{ items: { reason: string }[] }>('GET', '/rejects'),
        (r) => r.items.length > 0,
      );
      expect(rejects.items).toMatchObject([{ reason: 'malformed-json' }]);
    });

    test('nobody but the owner sees what is internal', async () => {
      await platform.api('GET', '/assets/pst-aavej', undefined, { token: '', expect: [404] });
      const list = await platform.api<{ items: unknown[] }>('GET', '/assets', undefined, { token: '' });
      expect(list.items).toEqual([]);
    });

    async function publish(payload: object | string): Promise<void> {
      const client = await connectAsync(`mqtt://127.0.0.1:${platform.mqttPort}`, {
        username: 'niveau-1',
        password,
        reconnectPeriod: 0,
      });
      await client.publishAsync(
        'devices/niveau-1/readings',
        typeof payload === 'string' ? payload : JSON.stringify(payload),
        { qos: 1 },
      );
      await client.endAsync();
    }

    async function alerts(state: string): Promise<{ id: string; sentence: Record<string, string> }[]> {
      const { items } = await platform.api<{
        items: { id: string; asset: string; rule: string; sentence: Record<string, string> }[];
      }>('GET', `/alerts?state=${state}`);
      return items.filter((a) => a.rule === 'aavej-hoej');
    }
  });
}

function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString();
}
