/** Generated from the route table: every route × every role × things of somebody else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCodecRunner } from '../../engines/codecs/codec-runner.ts';
import { MAY } from '../../knowledge/access/roles.ts';
import { ROLES, type Role } from '../../model/token.ts';
import { ROUTES, type Route } from './routes.ts';
import { ADMIN, openWorld, soon, tokenOf, type World } from './testing/api-world.ts';

let world: World;
const codecs = createCodecRunner();

// What egeby has; bogeby asks for it.
const FOREIGN: Record<string, string> = {
  organisations: 'egeby',
  assets: 'egeby-secret-asset',
  devices: 'egeby-device',
  rules: 'egeby-rule',
  alerts: 'egeby-alert',
  'notify-targets': 'egeby-target',
  'device-models': 'egeby-model',
  'network-servers': 'egeby-chirp',
  sources: 'egeby-source',
  gateways: 'egeby-gateway',
  codecs: 'egeby-codec',
  tokens: 'egeby-reader',
};

const RULE = {
  name: { da: 'Regel', en: 'Rule' },
  appliesTo: { owner: 'egeby' },
  condition: { kind: 'threshold', quantity: 'waterLevel', raise: { op: '>', limit: 2 } },
  severity: 'high',
  outcome: 'alarm',
  to: ['duty'],
  sentence: { da: 'Høj', en: 'High' },
  enabled: true,
};

/** A body the route would take, so that a refusal is about rights and not about the body. */
function bodyFor(path: string, owner: string): unknown {
  if (path.includes('/assets/')) return { owner, type: 'water-level', name: 'x', attributes: {} };
  if (path.endsWith('/os2iot-key')) return { key: 'x'.repeat(32) };
  if (path.endsWith('/commands')) return { bytesHex: '01' };
  if (path.endsWith('/redecode')) return { from: '1', to: '2' };
  if (path.endsWith('/claim')) return { id: 'egeby-device', owner, model: 'generic-json' };
  if (path.includes('/gateways/')) return { owner, name: 'Hemmelig' };
  if (/codecs.*\/test$/.test(path)) return { bytesHex: '01', fPort: 1 };
  if (path.includes('/codecs/'))
    return { owner, name: 'x', script: 'function decodeUplink() { return { data: {} }; }' };
  if (path.includes('/devices/')) return { owner, model: 'generic-json', connection: { kind: 'mqtt' } };
  if (path.includes('/rules/')) return { ...RULE, appliesTo: { owner } };
  if (path.includes('/notify-targets/'))
    return { organisation: owner, kind: 'email', address: 'vagt@example.dk', minimumSeverity: 'high', enabled: true };
  if (/\/sources\/[^/]+$/.test(path)) return { owner, name: 'Hemmelig', kind: 'http-push', settings: { records: '$' } };
  if (path.includes('/device-models/'))
    return { owner, vendor: 'Hemmelig', product: 'x', format: 'json', mapping: { d: { quantity: 'waterLevel' } } };
  if (/\/network-servers\/[^/]+$/.test(path))
    return { owner, name: 'Hemmelig', kind: 'chirpstack', transport: 'mqtt', url: 'mqtt://lora.example.dk:1883' };
  if (path.includes('/organisations/')) return { name: 'x', kind: 'municipality' };
  if (path.endsWith('/assign')) return { assignee: 'me' };
  if (path.endsWith('/comment')) return { note: 'x' };
  if (path.endsWith('/tokens')) return { organisation: 'egeby', name: 'x', role: 'reader' };
  return {};
}

beforeAll(async () => {
  world = await openWorld({ codecs });
  const put = async (path: string, body: unknown) => {
    const { status, text } = await world.request('PUT', `/api/v1/${path}`, body, ADMIN);
    if (status !== 201) throw new Error(`${path}: ${status} ${text}`);
  };
  const asset = { owner: 'egeby', type: 'water-level', name: 'Hemmelig', sharing: 'internal' };
  await put('assets/egeby-secret-asset', asset);
  await put('assets/egeby-partner-asset', { ...asset, sharing: 'partners' });
  await put('assets/egeby-open-asset', { ...asset, sharing: 'open' });
  await put('devices/egeby-device', {
    owner: 'egeby',
    asset: 'egeby-secret-asset',
    model: 'generic-json',
    connection: { kind: 'mqtt' },
  });
  await put('rules/egeby-rule', RULE);
  await put('notify-targets/egeby-target', bodyFor('/notify-targets/x', 'egeby'));
  await put('gateways/egeby-gateway', bodyFor('/gateways/x', 'egeby'));
  await put('sources/egeby-source', bodyFor('/sources/x', 'egeby'));
  await put('device-models/egeby-model', bodyFor('/device-models/x', 'egeby'));
  await put('codecs/egeby-codec', bodyFor('/codecs/x', 'egeby'));
  await put('network-servers/egeby-chirp', bodyFor('/network-servers/x', 'egeby'));
  await world.registry.alerts.put([
    {
      id: 'egeby-alert',
      rule: 'egeby-rule',
      ruleVersion: 1,
      asset: 'egeby-secret-asset',
      owner: 'egeby',
      operator: 'egeby',
      type: 'water-level',
      state: 'open',
      severity: 'high',
      outcome: 'alarm',
      recipients: ['duty'],
      name: { da: 'a', en: 'a' },
      sentence: { da: 'a', en: 'a' },
      evidence: {},
      raisedAt: 1,
      timeline: [],
      revision: 1,
    },
  ]);
});
afterAll(async () => {
  await world.close();
  await codecs.close();
});

const fillIn = (path: string): string => path.replace(':id', FOREIGN[path.split('/')[3] ?? ''] ?? 'x');
// What a route needs beside its id.
const query = (path: string): string => (path.endsWith('/assets/:id/readings') ? '?quantity=waterLevel' : '');
const withId = ROUTES.filter(([, path, needs]) => path.includes(':id') && needs !== 'device');
const everybody: (Role | 'public')[] = ['public', ...ROLES.filter((r) => r !== 'platform')];
// Names and kinds of organisations are for every member: an asset says whose it is. Codecs are a library for all.
const isOpen = ([method, path, needs]: Route): boolean =>
  needs === 'read-codecs' || (method === 'GET' && path.endsWith('/organisations/:id'));

describe('semantics: Ids and the wall', () => {
  describe.each(everybody)('as %s of another organisation', (role) => {
    const token = role === 'public' ? undefined : tokenOf('bogeby', role);

    it.each(withId.map((r): [string, Route] => [`${r[0]} ${r[1]}`, r]))('%s shows nothing', async (_name, route) => {
      const [method, path, needs] = route;
      const body = method === 'PUT' || method === 'POST' ? bodyFor(path, 'egeby') : undefined;
      const { status, text } = await world.request(method, fillIn(path) + query(path), body, token);
      const has = needs === 'anyone' || needs === 'device' || MAY[role].has(needs);
      if (!has) expect(status).toBe(role === 'public' ? 401 : 403);
      else if (isOpen(route)) expect(status).toBe(200);
      else if (path.endsWith('/organisations/:id')) expect([403, 404]).toContain(status);
      else expect(status).toBe(404);
      expect(text).not.toContain('Hemmelig');
    });
  });

  it('answers 409 id-taken, and not whose it is, to who would create what is there', async () => {
    for (const path of [
      'assets/egeby-secret-asset',
      'devices/egeby-device',
      'rules/egeby-rule',
      'notify-targets/egeby-target',
      'device-models/egeby-model',
      'network-servers/egeby-chirp',
      'sources/egeby-source',
      'gateways/egeby-gateway',
    ]) {
      const body = bodyFor(`/${path}`, 'bogeby');
      const {
        status,
        body: problem,
        text,
      } = await world.request('PUT', `/api/v1/${path}`, body, tokenOf('bogeby', 'administrator'));
      expect([path, status, problem.code]).toEqual([path, 409, 'id-taken']);
      expect(text.replaceAll(path, '').replaceAll(path.split('/')[1] ?? '', '')).not.toContain('egeby');
    }
  });

  it('answers the same for what is foreign and what is not there', async () => {
    const token = tokenOf('bogeby', 'manager');
    const foreign = await world.request('GET', '/api/v1/assets/egeby-secret-asset', undefined, token);
    const missing = await world.request('GET', '/api/v1/assets/no-such-asset-is', undefined, token);
    expect({ ...foreign.body, instance: '' }).toEqual({ ...missing.body, instance: '' });
  });

  it('lists only what sharing allows', async () => {
    const ids = async (token: string | undefined) => {
      const { body } = await world.request('GET', '/api/v1/assets', undefined, token);
      return body.items.map((a: { id: string }) => a.id).sort();
    };
    expect(await ids(undefined)).toEqual(['egeby-open-asset']);
    expect(await ids(tokenOf('bogeby', 'reader'))).toEqual(['egeby-open-asset', 'egeby-partner-asset']);
    expect(await ids(tokenOf('egeby', 'reader'))).toHaveLength(3);
    for (const path of [
      'devices',
      'device-models',
      'network-servers',
      'sources',
      'alerts',
      'notify-targets',
      'tokens',
      'rejects',
    ]) {
      const { body, text } = await world.request(
        'GET',
        `/api/v1/${path}`,
        undefined,
        tokenOf('bogeby', 'administrator'),
      );
      expect(body.items).toBeInstanceOf(Array);
      expect(text).not.toContain('egeby-');
    }
    const audit = await world.request('GET', '/api/v1/audit', undefined, tokenOf('bogeby', 'administrator'));
    expect(audit.body.items.every((e: { organisation: string }) => e.organisation === 'bogeby')).toBe(true);
    const rules = await world.request('GET', '/api/v1/rules', undefined, tokenOf('bogeby', 'administrator'));
    expect(rules.text).not.toContain('egeby-rule');
  });

  it('gives readings, latest values and exports of visible assets only', async () => {
    await world.publish(
      ['egeby-secret-asset', 'egeby-partner-asset', 'egeby-open-asset'].map((asset) => ({ asset, value: 1.5 })),
    );
    const paths = ['/api/v1/latest', '/api/v1/readings?quantity=waterLevel&window=1h', '/api/v1/export/readings.csv'];
    for (const path of paths) {
      const open = await world.request('GET', path);
      expect(open.status).toBe(200);
      expect(open.text).toContain('egeby-open-asset');
      expect(open.text).not.toMatch(/partner|secret/);
      const partner = await world.request('GET', path, undefined, tokenOf('bogeby', 'reader'));
      expect(partner.text).toContain('egeby-partner-asset');
      expect(partner.text).not.toContain('secret');
      expect((await world.request('GET', path, undefined, tokenOf('egeby', 'reader'))).text).toContain('secret');
    }
  });

  it('audits foreign attempts and stops them after 60 an hour', async () => {
    // What was denied above comes in floods, and of a flood not every line is kept: first it must have passed.
    await soon(
      async () => {
        await world.request('GET', '/api/v1/devices/egeby-device', undefined, tokenOf('vandvaerk', 'technician'));
        const seen = await world.request('GET', '/api/v1/audit?actor=vandvaerk-technician', undefined, ADMIN);
        return seen.body.items.length;
      },
      { interval: 500 },
    ).toBeGreaterThan(0);
    const token = tokenOf('vandvaerk', 'manager');
    const statuses: number[] = [];
    for (let i = 0; i < 62; i++)
      statuses.push((await world.request('GET', '/api/v1/devices/egeby-device', undefined, token)).status);
    expect(statuses.slice(0, 60).every((s) => s === 404)).toBe(true);
    expect(statuses.slice(60)).toEqual([429, 429]);
    // Nor does it tell the foreign from the missing.
    expect((await world.request('GET', '/api/v1/devices/no-such', undefined, token)).status).toBe(429);
    await soon(
      async () =>
        (await world.request('GET', '/api/v1/audit?actor=vandvaerk-manager', undefined, ADMIN)).body.items.length,
    ).toBeGreaterThan(50);
  });

  it('takes no token that is not known, and no role beyond its rights', async () => {
    const unknown = await world.request('GET', '/api/v1/assets', undefined, 'no-such-token');
    expect([unknown.status, unknown.body.code]).toEqual([401, 'unauthenticated']);
    const { status } = await world.request(
      'POST',
      '/api/v1/tokens',
      { name: 'x', role: 'platform' },
      tokenOf('egeby', 'administrator'),
    );
    expect(status).toBe(403);
  });

  it('ends a revoked token within 60 s: here at once', async () => {
    const made = await world.request(
      'POST',
      '/api/v1/tokens',
      { name: 'x', role: 'reader' },
      tokenOf('egeby', 'administrator'),
    );
    expect(made.status).toBe(201);
    const { token, id } = made.body;
    expect((await world.request('GET', '/api/v1/devices', undefined, token)).status).toBe(200);
    expect(
      (await world.request('DELETE', `/api/v1/tokens/${id}`, undefined, tokenOf('egeby', 'administrator'))).status,
    ).toBe(204);
    expect((await world.request('GET', '/api/v1/devices', undefined, token)).status).toBe(401);
  });
});
