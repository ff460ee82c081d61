/** Episodes: what transitions and people make of them, and who hears of it. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Act, Alert, AlertChange, Transition } from '../../model/alert.ts';
import { Unavailable } from '../../model/errors.ts';
import { jsonBlock, readJsonBlock } from '../../model/json-block.ts';
import { createLogger } from '../../ops/logger.ts';
import { createMetrics } from '../../ops/metrics.ts';
import { PlatformAlerts } from '../../ops/platform-alerts.ts';
import type { Slice, Stage } from '../../pipeline/stage.ts';
import { createAlerts } from './alerts.ts';

const S = 1000;
const T0 = Date.UTC(2026, 10, 23, 12);

const logger = createLogger('silent');
const metrics = createMetrics();
const ops = { logger, metrics, alerts: new PlatformAlerts(logger, metrics) };

/** As the registry keeps alerts: a revision it has, or an older one, changes nothing. */
class Projection {
  alerts = new Map<string, Alert>();
  down = false;
  puts = 0;

  async get(id: string): Promise<Alert | undefined> {
    return this.alerts.get(id);
  }

  async put(alerts: readonly Alert[]): Promise<void> {
    if (this.down) throw new Unavailable('registry: no answer');
    this.puts++;
    for (const alert of alerts) {
      if ((this.alerts.get(alert.id)?.revision ?? 0) < alert.revision) this.alerts.set(alert.id, alert);
    }
  }
}

function transition(alert: string, to: Transition['to'], time: number, more: Partial<Transition> = {}): Transition {
  return {
    alert,
    to,
    time,
    at: time,
    rule: 'rule',
    ruleVersion: 1,
    asset: 'asset',
    owner: 'owner',
    operator: 'operator',
    type: 'pump',
    severity: 'high',
    outcome: 'alarm',
    recipients: ['operations'],
    name: { da: 'Navn', en: 'Name' },
    sentence: { da: 'Sætning.', en: 'Sentence.' },
    evidence: { value: 1 },
    notifyPast: false,
    ...more,
  };
}

const transitions = (at: number, ...records: Transition[]): Slice => slice('transitions', at, records);
const act = (kind: Act['kind'], alert: string, at: number, more: Partial<Act> = {}): Slice =>
  slice('acts', at, [{ id: `${kind}-${alert}-${at}`, alert, kind, by: 'vagt', at, ...more }]);

function slice(stream: 'transitions' | 'acts', at: number, records: readonly unknown[]): Slice {
  const block = { ...jsonBlock(stream, at, records), seq: 1, first: 0 };
  return { block, from: 0, to: block.count };
}

let projection: Projection;
let now: number;
let stage: Stage;
let state: Map<string, Uint8Array>;

function create(): Stage {
  return createAlerts({ registry: { alerts: projection }, ops, now: () => now });
}

async function handle(...batch: Slice[]): Promise<AlertChange[]> {
  const outcome = await stage.handle(batch);
  for (const [key, value] of outcome.state) {
    if (value) state.set(key, value);
    else state.delete(key);
  }
  return outcome.outputs.flatMap((o) => readJsonBlock<AlertChange>({ ...o, seq: 1, first: 0 }));
}

async function restart(): Promise<void> {
  stage = create();
  await stage.restore(new Map(state));
}

const brief = (changes: AlertChange[]): string[] =>
  changes.map((c) => `${c.change} ${c.alert.id} ${c.alert.state} r${c.alert.revision}${c.notify ? ' !' : ''}`);

beforeEach(async () => {
  projection = new Projection();
  state = new Map();
  now = T0;
  await restart();
});

describe('semantics: Episodes', () => {
  it('raises once: an id that exists, or existed, changes nothing', async () => {
    expect(brief(await handle(transitions(T0, transition('a', 'raised', T0))))).toEqual(['raised a open r1 !']);
    expect(await handle(transitions(T0, transition('a', 'raised', T0)))).toEqual([]);
    await restart();
    expect(await handle(transitions(T0, transition('a', 'raised', T0)))).toEqual([]);
    expect(brief(await handle(transitions(T0, transition('a', 'cleared', T0))))).toEqual(['cleared a resolved r2 !']);
    await restart();
    expect(await handle(transitions(T0, transition('a', 'raised', T0)))).toEqual([]);
    expect(projection.alerts.get('a')).toMatchObject({ state: 'resolved', clearedAt: T0, resolvedAt: T0, revision: 2 });
  });

  it('goes through acknowledge, assign, comment and the end, and keeps the whole story', async () => {
    await handle(transitions(T0, transition('a', 'raised', T0)));
    const changes = await handle(
      act('acknowledge', 'a', T0 + 1, { note: 'kører nu' }),
      act('acknowledge', 'a', T0 + 2),
      act('assign', 'a', T0 + 3, { assignee: 'drift' }),
      act('comment', 'a', T0 + 4, { note: 'fundet' }),
      transitions(T0 + 5, transition('a', 'cleared', T0 + 5)),
    );
    expect(brief(changes)).toEqual([
      'acknowledge a acknowledged r2',
      'assign a acknowledged r3',
      'comment a acknowledged r4',
      'cleared a resolved r5 !',
    ]);
    const alert = projection.alerts.get('a')!;
    expect(alert).toMatchObject({ acknowledgedBy: 'vagt', acknowledgedAt: T0 + 1, assignee: 'drift' });
    expect(alert.timeline.map((e) => e.kind)).toEqual(['raised', 'acknowledge', 'assign', 'comment', 'cleared']);
  });

  it('ends by hand, and the end by itself that comes later changes nothing', async () => {
    await handle(transitions(T0, transition('a', 'raised', T0)));
    expect(brief(await handle(act('resolve', 'a', T0 + S)))).toEqual(['resolve a resolved r2 !']);
    expect(await handle(transitions(T0 + 2 * S, transition('a', 'cleared', T0 + 2 * S)))).toEqual([]);
    expect(await handle(act('acknowledge', 'a', T0 + 3 * S))).toEqual([]);
    expect(await handle(act('assign', 'a', T0 + 4 * S, { assignee: 'drift' }))).toEqual([]);
    expect(projection.alerts.get('a')).toMatchObject({ resolvedBy: 'vagt', state: 'resolved' });
  });

  it('takes comments on what is over', async () => {
    await handle(transitions(T0, transition('a', 'raised', T0), transition('a', 'cleared', T0 + S)));
    await restart();
    expect(brief(await handle(act('comment', 'a', T0 + 9 * S)))).toEqual(['comment a resolved r3']);
    expect(await handle(act('comment', 'unknown', T0 + 9 * S))).toEqual([]);
  });

  it('handles the same act once', async () => {
    await handle(transitions(T0, transition('a', 'raised', T0)));
    await handle(act('comment', 'a', T0 + S));
    expect(await handle(act('comment', 'a', T0 + S))).toEqual([]);
  });

  it('gives the cause when a rule was changed', async () => {
    await handle(transitions(T0, transition('a', 'raised', T0)));
    const [change] = await handle(transitions(T0, transition('a', 'cleared', T0, { cause: 'rule-changed' })));
    expect(change!.alert.cause).toBe('rule-changed');
  });

  it('rings for no work: a worklist entry notifies nobody, however it ends', async () => {
    const work = { outcome: 'worklist' as const, severity: 'info' as const };
    const changes = await handle(
      transitions(T0, transition('a', 'raised', T0, work), transition('a', 'cleared', T0, work)),
    );
    expect(changes.map((c) => c.notify)).toEqual([false, false]);
  });
});

describe('semantics: What rules use (an episode within one backlog)', () => {
  const LONG_AGO = T0 - 3600 * S;
  const tick = (at: number) => transitions(at);

  it('is recorded and notifies nobody, however the backlog is cut into batches', async () => {
    const changes = [
      ...(await handle(transitions(LONG_AGO, transition('a', 'raised', LONG_AGO)))),
      ...(await handle(tick(LONG_AGO + 60 * S))),
      ...(await handle(transitions(LONG_AGO + 90 * S, transition('a', 'cleared', LONG_AGO + 90 * S)))),
      ...(await handle(tick(T0))),
    ];
    expect(brief(changes)).toEqual(['raised a open r1', 'cleared a resolved r2']);
    expect(projection.alerts.get('a')!.state).toBe('resolved');
  });

  it('notifies when the backlog is worked off and it still stands, also after a restart', async () => {
    await handle(transitions(LONG_AGO, transition('a', 'raised', LONG_AGO)));
    await restart();
    expect(await handle(tick(LONG_AGO + 600 * S))).toEqual([]);
    expect(brief(await handle(tick(T0 - 5 * S)))).toEqual(['raised a open r1 !']);
    expect(await handle(tick(T0))).toEqual([]);
    expect(brief(await handle(transitions(T0, transition('a', 'cleared', T0))))).toEqual(['cleared a resolved r2 !']);
  });

  it("waits as well for the rest of a device's own backlog", async () => {
    await handle(transitions(T0, transition('a', 'raised', LONG_AGO, { at: T0 })));
    expect(await handle(tick(T0 + 10 * S))).toEqual([]);
    expect(brief(await handle(tick(T0 + 20 * S)))).toEqual(['raised a open r1 !']);
  });

  it('notifies at once when its rule says notifyPast', async () => {
    const past = transition('a', 'raised', LONG_AGO, { notifyPast: true });
    expect(brief(await handle(transitions(LONG_AGO, past)))).toEqual(['raised a open r1 !']);
  });

  it('calls nobody about what somebody has already acknowledged', async () => {
    await handle(transitions(LONG_AGO, transition('a', 'raised', LONG_AGO)));
    await handle(act('acknowledge', 'a', T0));
    expect(await handle(tick(T0))).toEqual([]);
  });
});

describe('semantics: Exactly once', () => {
  it('changes nothing when the registry does not answer, and does it all when it does', async () => {
    const batch = [transitions(T0, transition('a', 'raised', T0)), act('acknowledge', 'a', T0 + 1)];
    projection.down = true;
    await expect(handle(...batch)).rejects.toThrow(Unavailable);
    projection.down = false;
    expect(brief(await handle(...batch))).toEqual(['raised a open r1 !', 'acknowledge a acknowledged r2']);
  });

  it('gives the same when a crash came after the registry was written and before the commit', async () => {
    const batch = [transitions(T0, transition('a', 'raised', T0), transition('a', 'cleared', T0 + S))];
    await stage.handle(batch); // and its outcome is lost
    const before = structuredClone(projection.alerts);
    await restart();
    expect(brief(await handle(...batch))).toEqual(['raised a open r1 !', 'cleared a resolved r2 !']);
    expect(projection.alerts).toEqual(before);
  });

  it('tells a comment on what is over, also when a crash lost the commit', async () => {
    await handle(transitions(T0, transition('a', 'raised', T0), transition('a', 'cleared', T0)));
    const comment = act('comment', 'a', T0 + S);
    await stage.handle([comment]);
    await restart();
    expect(brief(await handle(comment))).toEqual(['comment a resolved r3']);
    expect(projection.alerts.get('a')!.timeline).toHaveLength(3);
  });

  it('gives the registry what stands after a start: it may come from a backup', async () => {
    await handle(transitions(T0, transition('a', 'raised', T0)));
    projection.alerts.clear();
    await restart();
    await handle(transitions(T0 + S));
    expect(projection.alerts.get('a')?.state).toBe('open');
  });

  it('forgets ended ids only long after the log has', async () => {
    const day = 86_400 * S;
    for (const [i, id] of ['a', 'b', 'c'].entries()) {
      const time = T0 + i * 31 * day;
      now = time;
      await handle(transitions(time, transition(id, 'raised', time), transition(id, 'cleared', time)));
    }
    expect([...state.keys()].sort()).toEqual(['clock', 'e/b', 'e/c']);
  });
});
