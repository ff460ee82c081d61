import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, openWorld, soon, tokenOf, type World } from './testing/api-world.ts';

let world: World;
const T = Date.UTC(2026, 10, 23, 12);
const at = (minutes: number) => new Date(T + minutes * 60_000).toISOString();
const PERIOD = `from=${at(0)}&to=${at(120)}`;

beforeAll(async () => {
  world = await openWorld();
  for (const [id, owner, name] of [
    ['w1', 'egeby', 'Åen'],
    ['w2', 'bogeby', '=cmd()'],
  ] as const) {
    await world.request('PUT', `/api/v1/assets/${id}`, { owner, type: 'water-level', name }, ADMIN);
  }
  await world.request('PUT', '/api/v1/assets/ring', { owner: 'egeby', type: 'rescue-ring', name: 'Ring' }, ADMIN);
  await world.publish([
    ...[0, 15, 30, 60].map((m, i) => ({ asset: 'w1', value: i + 0.5, time: T + m * 60_000, marks: m === 30 ? 5 : 0 })),
    { asset: 'w2', owner: 'bogeby', value: 10, time: T },
    { asset: 'ring', type: 'rescue-ring', quantity: 'holderState', value: 1, time: T },
  ]);
});
afterAll(() => world.close());

const get = (path: string, token?: string) => world.request('GET', `/api/v1/${path}`, undefined, token);

describe('readings of one asset', () => {
  it('are points with their marks, paged', async () => {
    const { body } = await get(`assets/w1/readings?quantity=waterLevel&${PERIOD}`);
    expect(body).toEqual({
      asset: 'w1',
      quantity: 'waterLevel',
      unit: 'm',
      points: [
        [at(0), 0.5],
        [at(15), 1.5],
        [at(30), 2.5, ['clock', 'suspect']],
        [at(60), 3.5],
      ],
    });
    const first = await get(`assets/w1/readings?quantity=waterLevel&${PERIOD}&limit=3`);
    expect([first.body.points.length, first.body.next]).toEqual([3, at(60)]);
    const second = await get(`assets/w1/readings?quantity=waterLevel&${PERIOD}&limit=3&cursor=${first.body.next}`);
    expect(second.body.points).toEqual([[at(60), 3.5]]);
    expect(second.body.next).toBeUndefined();
  });

  it('are windows with the aggregates asked for', async () => {
    const { body } = await get(`assets/w1/readings?quantity=waterLevel&${PERIOD}&window=1h&aggregate=avg,min,max`);
    expect(body.points).toEqual([
      [at(0), 1.5, 0.5, 2.5],
      [at(60), 3.5, 3.5, 3.5],
    ]);
  });

  it('name their states', async () => {
    const { body } = await get(`assets/ring/readings?quantity=holderState&${PERIOD}`);
    expect(body.states).toEqual(['present', 'removed']);
    expect((await get('assets/ring', ADMIN)).body.latest).toMatchObject([
      { quantity: 'holderState', value: 1, state: 'removed' },
    ]);
  });

  it.each([
    ['quantity=depth', '/quantity'],
    [`quantity=waterLevel&from=${at(1)}&to=${at(0)}`, '/from'],
    ['quantity=waterLevel&from=2026-02-30T00:00:00Z', '/from'],
    ['quantity=waterLevel&from=yesterday', '/from'],
    ['quantity=waterLevel&window=1w', '/window'],
    ['quantity=waterLevel&window=1m&from=2000-01-01T00:00:00Z', '/window'],
    ['quantity=waterLevel&window=1h&aggregate=median', '/aggregate'],
    ['quantity=waterLevel&aggregate=avg', '/aggregate'],
    ['quantity=waterLevel&limit=1000000', '/limit'],
    ['quantity=waterLevel&colour=red', '/colour'],
    ['', '/quantity'],
  ])('say what is wrong with ?%s', async (query, pointer) => {
    const { status, body } = await get(`assets/w1/readings?${query}`);
    expect([status, body.errors?.[0].pointer]).toEqual([400, pointer]);
  });

  it('take a time with an offset whose plus nobody escaped', async () => {
    const { body } = await get(
      'assets/w1/readings?quantity=waterLevel&from=2026-11-23T13:00:00+01:00&to=2026-11-23T13:01:00%2B01:00',
    );
    expect(body.points).toEqual([[at(0), 0.5]]);
  });
});

describe('readings of many assets', () => {
  it.each([
    [
      'by=asset',
      [
        ['w1', 2],
        ['w2', 1],
      ],
    ],
    [
      'by=owner',
      [
        ['bogeby', 1],
        ['egeby', 2],
      ],
    ],
    ['by=type', [['water-level', 2]]],
    ['by=asset&owner=egeby', [['w1', 2]]],
    ['by=asset&asset=w2', [['w2', 1]]],
    ['by=asset&type=rescue-ring', []],
  ])('%s', async (query, expected) => {
    const { body } = await get(`readings?quantity=waterLevel&${PERIOD}&window=1h&aggregate=avg&${query}`);
    expect(body.groups.map((g: { group: string; points: unknown[] }) => [g.group, g.points.length])).toEqual(expected);
  });

  it('are refused where there would be too many', async () => {
    const { status, body } = await get('readings?quantity=waterLevel&window=1m&from=2020-01-01T00:00:00Z');
    expect([status, body.errors[0].pointer]).toEqual([400, '/window']);
  });
});

describe('assets with what is known of them now', () => {
  it('are listed with latest values and state', async () => {
    const { body } = await get('assets?latest=true&type=water-level');
    expect(body.items.map((a: { id: string; state: string }) => [a.id, a.state]).sort()).toEqual([
      ['w1', 'ok'],
      ['w2', 'ok'],
    ]);
    expect(body.items.find((a: { id: string }) => a.id === 'w1').latest).toMatchObject([
      { quantity: 'waterLevel', value: 3.5, unit: 'm' },
    ]);
    expect((await get('assets?state=never-seen')).body.items).toEqual([]);
    expect((await get('assets?q=Åen')).body.items).toHaveLength(1);
    expect((await get('assets?bbox=1,2,3')).status).toBe(400);
  });

  it('page by page', async () => {
    const first = await get('assets?limit=2');
    const second = await get(`assets?limit=2&cursor=${encodeURIComponent(first.body.next)}`);
    const ids = [...first.body.items, ...second.body.items].map((a: { id: string }) => a.id);
    expect(ids.sort()).toEqual(['ring', 'w1', 'w2']);
    expect(second.body.next).toBeUndefined();
  });
});

describe('export', () => {
  it('is CSV for programs', async () => {
    const { text, headers } = await get(`export/readings.csv?type=water-level&quantity=waterLevel&${PERIOD}`);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = text.split('\r\n');
    expect(lines[0]).toBe('asset,name,owner,quantity,unit,time,value,marks');
    expect(lines[1]).toBe(`w1,Åen,egeby,waterLevel,m,${at(0)},0.5,`);
    expect(lines[3]).toBe(`w1,Åen,egeby,waterLevel,m,${at(30)},2.5,clock suspect`);
    expect(lines[5]).toBe(`w2,'=cmd(),bogeby,waterLevel,m,${at(0)},10,`);
    expect(lines).toHaveLength(7);
  });

  it('is what Danish Excel opens with a double click', async () => {
    const response = await fetch(
      `${world.url}/api/v1/export/readings.csv?asset=w1&${PERIOD}&window=1h&aggregate=avg&locale=da`,
    );
    const text = Buffer.from(await response.arrayBuffer()).toString();
    expect(text).toBe(
      [
        '\ufeffobjekt;navn;ejer;måling;måleenhed;tid (UTC);dansk tid;gennemsnit',
        `w1;Åen;egeby;waterLevel;m;${at(0)};2026-11-23 13:00:00;1,5`,
        `w1;Åen;egeby;waterLevel;m;${at(60)};2026-11-23 14:00:00;3,5`,
        '',
      ].join('\r\n'),
    );
  });
});

describe('alerts', () => {
  const alert = {
    id: 'al1',
    rule: 'r',
    ruleVersion: 1,
    asset: 'w1',
    owner: 'egeby',
    operator: 'vandvaerk',
    type: 'water-level',
    state: 'open',
    severity: 'high',
    outcome: 'alarm',
    recipients: [],
    name: { da: 'a', en: 'a' },
    sentence: { da: 'a', en: 'a' },
    evidence: {},
    raisedAt: T,
    timeline: [],
    revision: 1,
  } as const;

  it('are handled by acts in the log, and answered 202 where they do not show in time', async () => {
    await world.registry.alerts.put([{ ...alert, recipients: [], timeline: [] }]);
    const path = '/api/v1/alerts/al1/acknowledge';
    const answer = world.request('POST', path, { note: 'kører ud' }, tokenOf('vandvaerk', 'duty'));
    const acts = async () =>
      (await world.log.read('acts', { seq: 1, offset: 0 }, 1e6)).flatMap((b) =>
        JSON.parse(Buffer.from(b.body).toString()),
      );
    await soon(acts).toMatchObject([{ alert: 'al1', kind: 'acknowledge', by: 'vandvaerk-duty', note: 'kører ud' }]);
    // As the stage alerts would.
    const [act] = await acts();
    const event = { at: act.at, kind: 'acknowledge', by: act.by, id: act.id } as const;
    await world.registry.alerts.put([
      { ...alert, recipients: [], state: 'acknowledged', acknowledgedAt: act.at, timeline: [event], revision: 2 },
    ]);
    const { status, body } = await answer;
    expect([status, body.state, body.timeline.length]).toEqual([200, 'acknowledged', 1]);
    expect((await world.request('POST', path, {}, tokenOf('egeby', 'reader'))).status).toBe(403);
    const late = await world.request('POST', '/api/v1/alerts/al1/comment', { note: 'x' }, tokenOf('egeby', 'duty'));
    expect(late.status).toBe(202);
    expect(
      (await world.request('POST', '/api/v1/alerts/al1/comment', {}, tokenOf('egeby', 'duty'))).body.errors[0].pointer,
    ).toBe('/note');
    expect((await get('alerts?state=acknowledged', tokenOf('egeby', 'reader'))).body.items).toMatchObject([
      { id: 'al1', raisedAt: at(0) },
    ]);
    expect((await get('alerts/counts', tokenOf('egeby', 'reader'))).body).toMatchObject({ open: 0, acknowledged: 1 });
  });

  const acts = async (of: string) =>
    (await world.log.read('acts', { seq: 1, offset: 0 }, 1e6))
      .flatMap((b) => JSON.parse(Buffer.from(b.body).toString()))
      .filter((a) => a.alert === of);
  const duty = tokenOf('egeby', 'duty');
  const post = async (id: string, kind: string, body: object = {}) => {
    const began = performance.now();
    const { status, body: answer } = await world.request('POST', `/api/v1/alerts/${id}/${kind}`, body, duty);
    return { status, body: answer, ms: performance.now() - began };
  };

  it('that somebody else has taken on or resolved are answered as they are, at once, and nothing is written', async () => {
    const taken = { state: 'acknowledged', acknowledgedAt: T, acknowledgedBy: 'vagt-2' } as const;
    const over = { state: 'resolved', resolvedAt: T, resolvedBy: 'vagt-2' } as const;
    await world.registry.alerts.put([
      { ...alert, id: 'al2', recipients: [], timeline: [], ...taken },
      { ...alert, id: 'al3', recipients: [], timeline: [], ...over },
    ]);
    const again = await post('al2', 'acknowledge');
    expect([again.status, again.body]).toMatchObject([200, { state: 'acknowledged', acknowledgedBy: 'vagt-2' }]);
    expect(again.ms).toBeLessThan(1500);
    const resolved = await post('al3', 'resolve');
    expect([resolved.status, resolved.body]).toMatchObject([200, { state: 'resolved', resolvedBy: 'vagt-2' }]);
    for (const [kind, body] of [
      ['acknowledge', {}],
      ['assign', { assignee: 'vagt-1' }],
    ] as const) {
      const late = await post('al3', kind, body);
      expect([late.status, late.body.code]).toEqual([409, 'alert-resolved']);
    }
    expect([...(await acts('al2')), ...(await acts('al3'))]).toEqual([]);
  });

  it('that change while the answer is awaited are answered as soon as the act has come too late', async () => {
    const put = (id: string, more: object) =>
      world.registry.alerts.put([{ ...alert, id, recipients: [], timeline: [], ...more }]);
    await put('al4', {});
    await put('al5', {});
    const answers = [post('al4', 'acknowledge'), post('al5', 'assign', { assignee: 'vagt-1' })];
    await soon(() => acts('al4')).toHaveLength(1);
    await soon(() => acts('al5')).toHaveLength(1);
    await put('al4', { state: 'acknowledged', acknowledgedBy: 'vagt-2', revision: 2 });
    await put('al5', { state: 'resolved', resolvedAt: T, revision: 2 });
    const [taken, late] = await Promise.all(answers);
    expect([taken?.status, taken?.body.acknowledgedBy]).toEqual([200, 'vagt-2']);
    expect([late?.status, late?.body.code]).toEqual([409, 'alert-resolved']);
  });

  it('that are over may be commented, and the answer shows the comment', async () => {
    const over = { ...alert, id: 'al6', recipients: [], timeline: [], state: 'resolved', resolvedAt: T } as const;
    await world.registry.alerts.put([{ ...over, recipients: [], timeline: [] }]);
    const answer = post('al6', 'comment', { note: 'pumpen er skiftet' });
    await soon(() => acts('al6')).toHaveLength(1);
    const [{ id, at: when, by }] = await acts('al6');
    const event = { id, at: when, by, kind: 'comment' } as const;
    await world.registry.alerts.put([{ ...over, recipients: [], timeline: [event], revision: 2 }]);
    const { status, body } = await answer;
    expect([status, body.timeline.length]).toEqual([200, 1]);
  });
});
