import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const ASSET = { owner: 'egeby', type: 'water-level', name: 'a' };
const RULE = {
  name: { da: 'Regel', en: 'Rule' },
  appliesTo: { owner: 'egeby', type: 'water-level' },
  condition: { kind: 'threshold', quantity: 'waterLevel', raise: { op: '>', limit: 2 } },
  severity: 'high',
  outcome: 'alarm',
  to: ['duty'],
  sentence: { da: 'Høj', en: 'High' },
};

/** The answer to a request with a header as it is written, which no client of ours would send. */
function raw(line: string, body: object, header: string): Promise<string> {
  const text = JSON.stringify(body);
  const head = [
    `${line} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${ADMIN}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
    header,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () =>
      socket.write(`${head.join('\r\n')}\r\n\r\n${text}`),
    );
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

describe('semantics: Editing', () => {
  it('lets two people edit one thing, and the second one know', async () => {
    const { headers } = await world.request('PUT', '/api/v1/assets/shared', ASSET, ADMIN);
    const etag = headers.get('etag') ?? '';
    const match = { 'if-match': etag };
    const first = await world.request('PUT', '/api/v1/assets/shared', { ...ASSET, name: 'b' }, ADMIN, match);
    expect(first.status).toBe(200);
    const second = await world.request('PUT', '/api/v1/assets/shared', { ...ASSET, name: 'c' }, ADMIN, match);
    expect([second.status, second.body.code]).toEqual([412, 'changed-meanwhile']);
    const { body } = await world.request('GET', '/api/v1/assets/shared', undefined, ADMIN);
    expect(body.name).toBe('b');
  });

  it('creates nothing where If-Match says that it is there', async () => {
    const { status } = await world.request('PUT', '/api/v1/assets/gone', ASSET, ADMIN, { 'if-match': '*' });
    expect(status).toBe(412);
    expect((await world.request('GET', '/api/v1/assets/gone', undefined, ADMIN)).status).toBe(404);
  });

  it('takes an empty If-Match for one that names no state: nothing is changed', async () => {
    await world.request('PUT', '/api/v1/assets/empty', ASSET, ADMIN);
    const answer = await raw('PUT /api/v1/assets/empty', { ...ASSET, name: 'b' }, 'If-Match: ');
    expect(answer).toMatch(/^HTTP\/1.1 412 /);
    expect((await world.request('GET', '/api/v1/assets/empty', undefined, ADMIN)).body.name).toBe('a');
  });

  it('lets one of several at once win', async () => {
    await world.request('PUT', '/api/v1/assets/race', ASSET, ADMIN);
    const names = ['x1', 'x2', 'x3', 'x4'];
    const statuses = await Promise.all(
      names.map(async (name) => (await world.request('PUT', '/api/v1/assets/race', { ...ASSET, name }, ADMIN)).status),
    );
    expect(statuses.every((s) => s === 200 || s === 412)).toBe(true);
    expect(statuses).toContain(200);
  });

  it('notices who was quicker, also where the thing is a target', async () => {
    const target = {
      organisation: 'egeby',
      kind: 'email',
      address: 'a@egeby.example',
      minimumSeverity: 'low',
    } as const;
    const path = '/api/v1/notify-targets/race';
    await world.request('PUT', path, target, ADMIN);
    // Between reading what is stored and writing, somebody else writes.
    const { organisations, targets } = world.registry;
    vi.spyOn(organisations, 'get').mockImplementationOnce(async (id) => {
      await targets.put({ ...target, id: 'race', enabled: true, address: 'quick@egeby.example' });
      return { id, name: id, kind: 'municipality' };
    });
    const late = await world.request('PUT', path, { ...target, address: 'late@egeby.example' }, ADMIN);
    expect([late.status, late.body.code]).toEqual([412, 'changed-meanwhile']);
    expect((await targets.get('race'))?.address).toBe('quick@egeby.example');
  });

  it('changes nothing when the same is put twice: no version, no audit line', async () => {
    const created = await world.request('PUT', '/api/v1/rules/r1', RULE, ADMIN);
    expect([created.status, created.body.version]).toEqual([201, 1]);
    const again = await world.request('PUT', '/api/v1/rules/r1', RULE, ADMIN);
    expect([again.status, again.body.version]).toEqual([200, 1]);
    expect(again.headers.get('etag')).toBe(created.headers.get('etag'));
    const changed = await world.request('PUT', '/api/v1/rules/r1', { ...RULE, severity: 'low' }, ADMIN);
    expect([changed.status, changed.body.version]).toEqual([200, 2]);
    const read = await world.request('GET', '/api/v1/rules/r1', undefined, ADMIN);
    expect(read.headers.get('etag')).toBe(changed.headers.get('etag'));
    const audit = await world.request('GET', '/api/v1/audit?limit=1000', undefined, ADMIN);
    const lines = audit.body.items.filter((e: { object: string }) => e.object === 'rule/r1');
    expect(lines.map((e: { action: string }) => e.action).sort()).toEqual(['change-rule', 'create-rule']);
  });

  it('answers 304 to who has it already', async () => {
    const first = await world.request('GET', '/api/v1/catalogue');
    const etag = { 'if-none-match': first.headers.get('etag') ?? '' };
    const second = await world.request('GET', '/api/v1/catalogue', undefined, undefined, etag);
    expect([second.status, second.text]).toEqual([304, '']);
  });
});

describe('rules', () => {
  it('may speak only of what exists', async () => {
    const put = async (change: object) =>
      (await world.request('PUT', '/api/v1/rules/r2', { ...RULE, ...change }, ADMIN)).body;
    expect((await put({ condition: { ...RULE.condition, quantity: 'depth' } })).errors[0].pointer).toBe(
      '/condition/quantity',
    );
    const limit = { op: '>', limit: { attribute: 'noSuch' } };
    expect((await put({ condition: { ...RULE.condition, raise: limit } })).errors[0].pointer).toBe(
      '/condition/raise/limit',
    );
    const state = { kind: 'state', quantity: 'holderState', is: ['lost'] };
    expect((await put({ condition: state })).errors[0].pointer).toBe('/condition/is');
    expect((await put({ appliesTo: { type: 'submarine' } })).errors[0].pointer).toBe('/appliesTo/type');
  });

  it('may say only what can be filled in', async () => {
    const put = async (sentence: object) =>
      (await world.request('PUT', '/api/v1/rules/r2', { ...RULE, sentence }, ADMIN)).body;
    const wrong = await put({
      da: 'Høj i {name}: {vaerdi}',
      en: 'High {value:cm} {Value} {attribute:noSuch} {attribute}',
    });
    expect(wrong.code).toBe('invalid-input');
    expect(wrong.errors.map((e: { pointer: string }) => e.pointer)).toEqual(['/sentence/da', '/sentence/en']);
    expect(wrong.errors[0].detail).toBe(
      '{vaerdi} is none of {name}, {parent}, {value}, {limit}, {over}, {state}, {unit}, {quantity}, {duration}, {time}, {attribute:NAME}',
    );
    expect(wrong.errors[1].detail).toMatch(/^\{Value\}, \{attribute:noSuch\}, \{attribute\} are none of /);
    expect((await put({ da: '{name} {over:cm} 100 % {', en: '{parent} ({attribute:basin})' })).errors).toMatchObject([
      { pointer: '/sentence/en' },
    ]);
    const right = await put({ da: '{name} {over:cm} 100 % {', en: '{parent} ({attribute:warningLevel})' });
    expect(right.version).toBe(1);
  });

  it('of an organisation reach its own assets only', async () => {
    const manager = tokenOf('bogeby', 'manager');
    const put = (appliesTo: object) => world.request('PUT', '/api/v1/rules/r3', { ...RULE, appliesTo }, manager);
    expect((await put({ owner: 'egeby' })).status).toBe(403);
    expect((await put({ type: 'water-level' })).status).toBe(400);
    expect((await put({ owner: 'bogeby', asset: 'shared' })).status).toBe(400);
    const made = await put({ owner: 'bogeby' });
    expect([made.status, made.body.owner]).toEqual([201, 'bogeby']);
  });

  it('that ship are listed, and are the platform’s to change', async () => {
    const { body } = await world.request('GET', '/api/v1/rules', undefined, tokenOf('egeby', 'reader'));
    const shipped = body.items.find((r: { builtin: boolean }) => r.builtin);
    expect(shipped.id).toMatch(/^builtin\./);
    const path = `/api/v1/rules/${shipped.id}`;
    expect((await world.request('PUT', path, RULE, tokenOf('egeby', 'administrator'))).status).toBe(403);
    expect((await world.request('PUT', '/api/v1/rules/builtin.no.such', RULE, ADMIN)).status).toBe(404);
    const off = await world.request('PUT', path, { ...RULE, appliesTo: {}, enabled: false }, ADMIN);
    expect([off.status, off.body.owner, off.body.builtin]).toEqual([201, '', true]);
    const list = await world.request('GET', '/api/v1/rules', undefined, tokenOf('egeby', 'reader'));
    expect(list.body.items.filter((r: { id: string }) => r.id === shipped.id)).toMatchObject([{ enabled: false }]);
  });
});
