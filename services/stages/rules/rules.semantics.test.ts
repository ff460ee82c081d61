/** What the rules stage owes to semantics.md, paragraph by paragraph. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Transition } from '../../model/alert.ts';
import { MARK } from '../../model/readings.ts';
import { EditableDirectory, type Input, RulesRun, stateNumber } from './testing/rules-world.ts';

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const T0 = Date.UTC(2026, 10, 23, 12);
const REMOVED = stateNumber('holderState', 'removed');
const PRESENT = stateNumber('holderState', 'present');

let directory: EditableDirectory;
let run: RulesRun;

beforeEach(async () => {
  directory = new EditableDirectory();
  directory.putAsset({ id: 'bin', type: 'waste-container', createdAt: T0 });
  directory.putAsset({ id: 'ring', type: 'rescue-ring', name: 'Havnen', createdAt: T0 });
  run = new RulesRun(directory);
  await run.start();
});

const bin = (value: number, time: number, more: Partial<Input> = {}): Input => ({
  asset: 'bin',
  quantity: 'temperature',
  value,
  time,
  ...more,
});
const ring = (value: number, time: number, more: Partial<Input> = {}): Input => ({
  asset: 'ring',
  quantity: 'holderState',
  value,
  time,
  ...more,
});
const brief = (transitions: Transition[]): string[] =>
  transitions.map((t) => `${t.to} ${t.rule} ${(t.time - T0) / S}${t.cause ? ` ${t.cause}` : ''}`);
/** Ticks every 10 s: proof that we listened. */
const listening = (from: number, to: number): Input[] =>
  Array.from({ length: Math.floor((to - from) / (10 * S)) }, (_, i) => ({ tick: from + (i + 1) * 10 * S }));

const FIRE = 'builtin.waste-container.fire';
const TAKEN = 'builtin.rescue-ring.taken';

describe('semantics: What rules use', () => {
  it('uses a value that is newer than the last one used of its series, and no older or equal one', async () => {
    expect(brief(await run.feed(bin(20, T0 + 10)))).toEqual([]);
    expect(brief(await run.feed(bin(80, T0, { received: T0 + 20 }), bin(80, T0 + 10, { received: T0 + 21 })))).toEqual(
      [],
    );
    expect(brief(await run.feed(bin(80, T0 + 2 * S)))).toEqual([`raised ${FIRE} 2`]);
  });

  it('does not use suspect values; three in a row are a condition of their own, cleared by three good ones', async () => {
    const suspect = { marks: MARK.suspect };
    const made = await run.feed(bin(900, T0, suspect), bin(900, T0 + S, suspect), bin(20, T0 + 2 * S));
    expect(brief(made)).toEqual([]);
    const three = [3, 4, 5].map((s) => bin(900, T0 + s * S, suspect));
    const [raised] = await run.feed(...three);
    expect(brief([raised!])).toEqual(['raised builtin.common.implausible 5']);
    expect(raised!.sentence.da).toBe('Sensoren på bin sender usandsynlige værdier (temperatur: 900,0).');
    const good = [6, 7, 8].map((s) => bin(20, T0 + s * S));
    expect(brief(await run.feed(...good))).toEqual(['cleared builtin.common.implausible 8']);
  });

  it('does not count the same suspect value again when it is sent again', async () => {
    const again = [0, 1, 2, 3].map((s) => bin(900, T0, { received: T0 + s * S, marks: MARK.suspect }));
    expect(await run.feed(...again)).toEqual([]);
  });

  it('leaves a late gauge to history', async () => {
    expect(await run.feed(bin(80, T0, { received: T0 + 25 * H, marks: MARK.late }))).toEqual([]);
    // And it does not become the last one used: an older value that is in time still counts.
    expect(brief(await run.feed(bin(80, T0 - S, { received: T0 + 26 * H })))).toEqual([`raised ${FIRE} -1`]);
  });

  it('takes a late state that is the newest known for the truth, and says when it was measured and received', async () => {
    const received = T0 + 26 * H + 38 * MIN;
    const [raised] = await run.feed(ring(REMOVED, T0 + 2 * MIN, { received, marks: MARK.late }));
    expect(brief([raised!])).toEqual([`raised ${TAKEN} 120`]);
    expect(raised!.sentence.da).toBe(
      'Redningskrans Havnen er taget kl. 13.02. Er en person i vandet: ring 112.' +
        ' (målt 23. november kl. 13.02, modtaget kl. 15.38)',
    );
    expect(raised!.sentence.en).toContain('(measured 23 November 13:02, received 15:38)');
    expect(await run.feed(ring(PRESENT, T0, { received: received + S, marks: MARK.late }))).toEqual([]);
  });

  it('never uses what an operator imported or was derived anew', async () => {
    expect(await run.feed(bin(80, T0, { marks: MARK.history }))).toEqual([]);
  });

  it('is not silenced by a device clock ahead of ours: decode gives the receipt time, marked, and it is evaluated', async () => {
    expect(brief(await run.feed(ring(REMOVED, T0, { marks: MARK.clock })))).toEqual([`raised ${TAKEN} 0`]);
  });

  it('keeps the channels of a quantity apart', async () => {
    const second: Input = { asset: 'bin', quantity: 'temperature.2', value: 90, time: T0 };
    const [a, b] = await run.feed(bin(90, T0), second);
    expect(a!.alert).not.toBe(b!.alert);
    expect(b!.evidence.quantity).toBe('temperature.2');
  });
});

describe('semantics: The rule clock', () => {
  beforeEach(() => {
    directory.putRule('warm', {
      condition: { kind: 'threshold', quantity: 'temperature', raise: { op: '>', limit: 30 }, forSeconds: 300 },
    });
    directory.putRule('builtin.common.silent', { owner: '', enabled: false, condition: { kind: 'absence' } });
    directory.putRule('quiet', { appliesTo: { asset: 'ring' }, condition: { kind: 'absence', seconds: 600 } });
    directory.putDevice('ring', 'sensor', T0);
  });

  const silence = (transitions: Transition[]) => brief(transitions.filter((t) => t.rule === 'quiet'));

  it('fires a timer by the receipt times of the log, not by the wall clock', async () => {
    await run.feed(...listening(T0 - MIN, T0), bin(35, T0));
    expect(brief(await run.feed(...listening(T0, T0 + 290 * S)))).toEqual([]);
    const [raised] = await run.feed({ tick: T0 + 300 * S });
    expect(brief([raised!])).toEqual(['raised warm 300']);
    expect(raised!.evidence).toMatchObject({ value: 35, limit: 30, heldFor: 300 * S, time: T0 });
  });

  it('fires it only after everything received before its due time is handled', async () => {
    await run.feed(...listening(T0 - MIN, T0), bin(35, T0));
    // One batch holds a value that was received in time and the tick that would have fired the timer.
    expect(brief(await run.feed(bin(20, T0 + 299 * S), { tick: T0 + 300 * S }))).toEqual([]);
  });

  it('fires it before a value that was received later', async () => {
    await run.feed(...listening(T0 - MIN, T0), bin(35, T0), ...listening(T0, T0 + 290 * S));
    expect(brief(await run.feed(bin(20, T0 + 301 * S)))).toEqual(['raised warm 300', 'cleared warm 301']);
  });

  it('lets a later value prove by its own time that the earlier ones held', async () => {
    const received = T0 + H;
    const sent = [0, 100, 200, 300].map((s) => bin(35, T0 + s * S, { received }));
    expect(brief(await run.feed(...sent))).toEqual(['raised warm 300']);
  });

  it('does not take one value of a buffered hour for all of it', async () => {
    const received = T0 + H;
    expect(brief(await run.feed(bin(35, T0, { received }), bin(20, T0 + MIN, { received })))).toEqual([]);
  });

  it('raises silence after it has lasted too long, never-seen included, and clears it with any message', async () => {
    expect(silence(await run.feed(...listening(T0 - MIN, T0 + 590 * S)))).toEqual([]);
    const [raised] = await run.feed({ tick: T0 + 600 * S });
    expect(silence([raised!])).toEqual(['raised quiet 600']);
    expect(silence(await run.feed(ring(PRESENT, T0 + 605 * S)))).toEqual(['cleared quiet 605']);
  });

  it('counts silence from what was received, whatever time it claims', async () => {
    await run.feed(...listening(T0 - MIN, T0 + 100 * S), ring(PRESENT, T0 - 5 * H, { received: T0 + 105 * S }));
    expect(silence(await run.feed(...listening(T0 + 105 * S, T0 + 700 * S)))).toEqual([]);
    expect(silence(await run.feed({ tick: T0 + 706 * S }))).toEqual(['raised quiet 705']);
  });

  it('blames no device for a time in which we were blind', async () => {
    await run.feed(...listening(T0 - MIN, T0 + 100 * S));
    // Three hours without a tick: when we come back, nobody is silent yet.
    const back = T0 + 100 * S + 3 * H;
    expect(silence(await run.feed({ tick: back }))).toEqual([]);
    expect(silence(await run.feed(...listening(back, back + 490 * S)))).toEqual([]);
    expect(silence(await run.feed(...listening(back + 490 * S, back + 510 * S)))).toEqual([
      `raised quiet ${600 + (3 * H) / S}`,
    ]);
  });

  it('takes a gap of two ticks for a hiccup, not for blindness', async () => {
    await run.feed(...listening(T0 - MIN, T0));
    for (let t = 20; t <= 580; t += 20) await run.feed({ tick: T0 + t * S });
    expect(silence(await run.feed({ tick: T0 + 600 * S }))).toEqual(['raised quiet 600']);
  });

  it('never goes backwards: a reject replayed with its old receipt time fires nothing twice', async () => {
    await run.feed(...listening(T0 - MIN, T0 + 600 * S));
    expect(run.transitions).toHaveLength(1);
    expect(silence(await run.feed(ring(PRESENT, T0 + 50 * S)))).toEqual(['cleared quiet 50']);
    expect(brief(await run.feed({ tick: T0 + 610 * S }))).toEqual([]);
  });

  it('carries the time to alerts in blocks without records', async () => {
    const empty = run.block([{ tick: T0 + 10 * S }]);
    expect(empty.count).toBe(0);
    expect(await run.handle([{ block: empty, from: 0, to: 0 }])).toEqual([]);
  });

  it('waits longer for an asset whose sensor says so, and less where safety depends on it', async () => {
    directory.putRule('builtin.common.silent', { owner: '', enabled: true, condition: { kind: 'absence' } });
    directory.deleteRule('quiet');
    directory.putDevice('bin', 'bin-sensor', T0);
    await run.feed({ tick: T0 });
    await run.feed(...listening(T0, T0 + 24 * H));
    // 3 × 6 h for a container, 2 × 12 h for a ring, from its own, louder rule.
    expect(brief(run.transitions)).toEqual([
      `raised builtin.common.silent ${18 * 3600}`,
      `raised builtin.rescue-ring.silent-safety ${24 * 3600}`,
    ]);
    expect(run.transitions[1]).toMatchObject({ severity: 'high', evidence: { heldFor: 24 * H } });
    expect(run.transitions[1]!.sentence.da).toBe(
      'Ingen data fra Havnen siden 23. november kl. 13.00. Vi ved ikke, om alt er i orden.',
    );
  });

  it('goes by the heartbeat of a model that an operator added, and by a new one as soon as it is edited', async () => {
    directory.putRule('builtin.common.silent', { owner: '', enabled: true, condition: { kind: 'absence' } });
    directory.deleteRule('quiet');
    directory.putModel('own', 3600);
    directory.putDevice('bin', 'bin-sensor', T0, 'own');
    await run.feed({ tick: T0 });
    await run.feed(...listening(T0, T0 + 2 * H));
    directory.putModel('own', 2 * 3600);
    await run.feed(...listening(T0 + 2 * H, T0 + 7 * H));
    expect(brief(run.transitions)).toEqual([`raised builtin.common.silent ${6 * 3600}`]);
  });
});

describe('semantics: Episodes', () => {
  const hot = { kind: 'threshold', quantity: 'temperature', raise: { op: '>=', limit: 30 } } as const;

  it('names an episode by rule, asset and raising time, the same after a restart', async () => {
    const other = new RulesRun(directory);
    await other.start();
    const [a] = await run.feed(bin(80, T0));
    const [b] = await other.feed(bin(20, T0 - S), bin(80, T0));
    expect(a!.alert).toBe(b!.alert);
    expect(a!.alert).toMatch(/^[a-z0-9][a-z0-9._-]{0,63}$/);
    await run.restart();
    expect(await run.feed(bin(81, T0 + S))).toEqual([]);
    const [cleared] = await run.feed(bin(20, T0 + 2 * S), { tick: T0 + 2 * S + 30 * MIN });
    expect(cleared).toMatchObject({ to: 'cleared', alert: a!.alert, time: T0 + 2 * S + 30 * MIN });
  });

  it('keeps an open episode when the edited rule still holds, and ends it as rule-changed when it does not', async () => {
    directory.putRule('hot', { condition: hot });
    const [raised] = await run.feed(bin(40, T0));
    directory.putRule('hot', { version: 2, condition: { ...hot, raise: { op: '>=', limit: 35 } } });
    expect(await run.feed({ tick: T0 + S })).toEqual([]);
    directory.putRule('hot', { version: 3, condition: { ...hot, raise: { op: '>=', limit: 50 } } });
    const [ended] = await run.feed({ tick: T0 + 2 * S });
    expect(ended).toMatchObject({ to: 'cleared', alert: raised!.alert, cause: 'rule-changed', ruleVersion: 1 });
    expect(brief(await run.feed(bin(55, T0 + 3 * S)))).toEqual(['raised hot 3']);
  });

  it('ends it as rule-deleted, also when the rule went while the stage stood still', async () => {
    directory.putRule('hot', { condition: hot });
    directory.putRule('hot2', { condition: hot });
    await run.feed(bin(40, T0));
    directory.deleteRule('hot');
    expect(brief(await run.feed({ tick: T0 + S }))).toEqual(
      ['cleared hot 1 rule-deleted'].map((s) => s.replace(' 1 ', ' 0 ')),
    );
    directory.deleteRule('hot2');
    await run.restart();
    expect(brief(await run.feed({ tick: T0 + 2 * S }))).toEqual(['cleared hot2 1 rule-deleted']);
    expect([...run.state.keys()].filter((key) => key.startsWith('w/'))).toEqual([]);
  });

  it('ends it when the rule is turned off or the asset is gone', async () => {
    directory.putRule('hot', { condition: hot });
    await run.feed(bin(80, T0));
    directory.putRule('hot', { version: 2, enabled: false, condition: hot });
    expect(brief(await run.feed({ tick: T0 + S }))).toEqual(['cleared hot 0 rule-changed']);
    directory.deleteAsset('bin');
    expect(brief(await run.feed({ tick: T0 + 2 * S }))).toEqual([`cleared ${FIRE} 1 asset-changed`]);
  });

  it('ends it when the limit of the asset moves beyond the value, and keeps it when it does not', async () => {
    directory.putAsset({ id: 'pst', type: 'pumping-station', createdAt: T0 }, { highLevel: 2, category: 'A' });
    const depth = (value: number, time: number): Input => ({ asset: 'pst', quantity: 'waterDepth', value, time });
    await run.feed(depth(2.4, T0), depth(2.4, T0 + 5 * MIN));
    expect(brief(run.transitions)).toEqual(['raised builtin.pumping-station.high-level-ab 300']);
    directory.putAsset({ id: 'pst', type: 'pumping-station', createdAt: T0 }, { highLevel: 2.3, category: 'A' });
    expect(await run.feed({ tick: T0 + 6 * MIN })).toEqual([]);
    directory.putAsset({ id: 'pst', type: 'pumping-station', createdAt: T0 }, { highLevel: 2.5, category: 'A' });
    expect(brief(await run.feed({ tick: T0 + 7 * MIN }))).toEqual([
      'cleared builtin.pumping-station.high-level-ab 360 asset-changed',
    ]);
  });

  it('ends it when the limit moved while the stage stood still', async () => {
    directory.putAsset({ id: 'pst', type: 'pumping-station', createdAt: T0 }, { overflowLevel: 2 });
    const depth = (time: number): Input => ({ asset: 'pst', quantity: 'waterDepth', value: 2.4, time });
    await run.feed(depth(T0), depth(T0 + MIN));
    await run.restart();
    expect(await run.feed({ tick: T0 + 2 * MIN })).toEqual([]);
    directory.putAsset({ id: 'pst', type: 'pumping-station', createdAt: T0 }, { overflowLevel: 3 });
    await run.restart();
    expect(brief(await run.feed({ tick: T0 + 3 * MIN }))).toEqual([
      'cleared builtin.pumping-station.overflow 120 asset-changed',
    ]);
  });

  it('judges each value by the limit that was valid when it was measured', async () => {
    directory.putAsset({
      id: 'vand',
      type: 'water-level',
      createdAt: T0,
      attributes: {
        warningLevel: [
          { from: 0, value: 1 },
          { from: T0 + H, value: 2 },
        ],
      },
    });
    const level = (time: number): Input => ({ asset: 'vand', quantity: 'waterLevel', value: 1.5, time });
    await run.feed(level(T0), level(T0 + 10 * MIN));
    expect(run.transitions[0]!.evidence.limit).toBe(1);
    expect(brief(await run.feed(level(T0 + H), { tick: T0 + 90 * MIN }))).toEqual([
      'cleared builtin.water-level.warning 5400',
    ]);
  });

  it('needs a reading received after a manual resolve for a new episode', async () => {
    const [raised] = await run.feed(ring(REMOVED, T0));
    const acted = await run.act({ kind: 'resolve', alert: raised!.alert, at: T0 + 10 * S });
    expect(acted).toEqual([]);
    await run.restart();
    // Received before the act, handled after it.
    expect(await run.feed(ring(REMOVED, T0 + 5 * S, { received: T0 + 9 * S }))).toEqual([]);
    const [again] = await run.feed(ring(REMOVED, T0 + 11 * S));
    expect(again).toMatchObject({ to: 'raised', rule: TAKEN, time: T0 + 11 * S });
    expect(again!.alert).not.toBe(raised!.alert);
  });

  it('does not call an asset silent again after a manual resolve before it was heard', async () => {
    directory.putRule('quiet', { appliesTo: { asset: 'bin' }, condition: { kind: 'absence', seconds: 60 } });
    directory.putDevice('bin', 'sensor', T0);
    await run.feed({ tick: T0 }, ...listening(T0, T0 + 70 * S));
    await run.act({ kind: 'resolve', alert: run.transitions[0]!.alert, at: T0 + 75 * S });
    await run.restart();
    expect(await run.feed(...listening(T0 + 70 * S, T0 + 300 * S))).toEqual([]);
    await run.feed(bin(20, T0 + 301 * S));
    expect(brief(await run.feed(...listening(T0 + 301 * S, T0 + 370 * S)))).toEqual(['raised quiet 361']);
  });

  it('lets an organisation replace a built-in rule for its own assets, and turn it off', async () => {
    directory.putAsset({ id: 'theirs', type: 'waste-container', owner: 'anden', operator: 'anden', createdAt: T0 });
    directory.putRule(FIRE, { enabled: false, condition: hot });
    const made = await run.feed(bin(90, T0), { asset: 'theirs', quantity: 'temperature', value: 90, time: T0 });
    expect(made.map((t) => `${t.asset} ${t.rule}`)).toEqual([`theirs ${FIRE}`]);
  });

  it("does not let an organisation's rule reach another organisation's assets", async () => {
    directory.putAsset({ id: 'theirs', type: 'waste-container', owner: 'anden', operator: 'anden', createdAt: T0 });
    directory.putRule('hot', { appliesTo: {}, condition: hot });
    expect(await run.feed({ asset: 'theirs', quantity: 'temperature', value: 40, time: T0 })).toEqual([]);
  });
});
