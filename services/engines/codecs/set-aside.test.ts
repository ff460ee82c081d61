/** When a script is not run for a while: by the class that decides, and by the runner that asks it. */
import { afterEach, describe, expect, it } from 'vitest';
import type { CodecRunner, CodecScript, Frame } from '../../model/codec.ts';
import { createCodecRunner } from './codec-runner.ts';
import { SetAside } from './set-aside.ts';

const MINUTE = 60_000;

describe('which scripts are set aside', () => {
  const clock = { now: 1000 };
  const made = () => new SetAside(() => clock.now);

  it('after being stopped 5 times within a minute, for a minute, whatever succeeds in between', () => {
    const aside = made();
    for (let i = 0; i < 4; i++) {
      expect(aside.failed('a', 'stopped')).toBe(false);
      aside.worked('a');
      clock.now += 10_000;
    }
    expect(aside.remaining('a')).toBe(0);
    expect(aside.failed('a', 'stopped')).toBe(true);
    expect(aside.remaining('a')).toBe(MINUTE);
    expect(aside.remaining('b')).toBe(0);
    clock.now += MINUTE;
    expect(aside.remaining('a')).toBe(0);
    expect(aside.worked('a')).toBe(true);
    expect(aside.worked('a')).toBe(false);
  });

  it('not when the failures lie further apart', () => {
    const aside = made();
    for (let i = 0; i < 20; i++) {
      expect(aside.failed('a', 'stopped')).toBe(false);
      clock.now += 15_001;
    }
  });

  it('after throwing 5 times, but only while nothing succeeds: one bad device does not silence the others', () => {
    const aside = made();
    for (let i = 0; i < 20; i++) {
      expect(aside.failed('a', 'threw')).toBe(false);
      if (i % 4 === 3) aside.worked('a');
    }
    for (let i = 0; i < 4; i++) aside.failed('b', 'threw');
    expect(aside.failed('b', 'threw')).toBe(true);
  });

  it('forgets scripts that nobody uses any more', () => {
    const aside = made();
    for (let i = 0; i < 4; i++) aside.failed('first', 'stopped');
    for (let i = 0; i < 1000; i++) aside.failed(`codec-${i}`, 'stopped');
    expect(aside.failed('first', 'stopped')).toBe(false);
  });
});

describe('the runner', () => {
  let runner: CodecRunner;
  afterEach(() => runner.close());
  const script: CodecScript = {
    id: 'hangs',
    version: 3,
    signature: 'ts013',
    script:
      'function decodeUplink(i) { while (i.bytes[0] === 1); if (i.bytes[0] === 2) throw new Error("no"); return { data: { ok: 1 } }; }',
  };
  const frame = (byte: number): Frame => ({ bytes: Uint8Array.of(byte), fPort: 1, recvTime: 0, variables: {} });

  it('sets a script aside, answers at once meanwhile, tells of it, and takes it again', async () => {
    const clock = { now: 0 };
    const told: string[] = [];
    runner = createCodecRunner({
      now: () => clock.now,
      onSetAside: ({ id, version }, reason) => told.push(`${id}@${version}: ${reason}`),
      onWorking: ({ id }) => told.push(`${id} works`),
    });
    const bytes = [0, 1, 1, 1, 1, 1, 0, 1, 0];
    const answers = await runner.decode(bytes.map((b) => ({ script, frame: frame(b) })));
    // In order: what was decoded before the fifth failure was decoded, what comes after it is not run.
    expect(answers.map((a) => a.kind)).toEqual([
      'decoded',
      'failed',
      'failed',
      'failed',
      'failed',
      'failed',
      'set-aside',
      'set-aside',
      'set-aside',
    ]);
    expect(told).toEqual(['hangs@3: it ran longer than 50 ms']);
    const [, , , , , , aside] = answers;
    if (aside?.kind !== 'set-aside') throw new Error('not set aside');
    expect(aside.until - Date.now()).toBeGreaterThan(50_000);
    // Another version is another script.
    expect(await runner.decode([{ script: { ...script, version: 4 }, frame: frame(0) }])).toMatchObject([
      { kind: 'decoded' },
    ]);
    clock.now += MINUTE;
    expect(await runner.decode([{ script, frame: frame(0) }])).toMatchObject([{ kind: 'decoded', data: { ok: 1 } }]);
    expect(told).toEqual(['hangs@3: it ran longer than 50 ms', 'hangs works']);
  });

  it('sets one aside that keeps within its budget and yet takes the time of all others', () => {
    const clock = { now: 0 };
    const aside = new SetAside(() => clock.now);
    const slow = Array.from({ length: 80 }, () => aside.tookTooLong('slow', 45));
    expect(slow.indexOf(true)).toBe(55); // 2.5 s
    expect(aside.remaining('slow')).toBeGreaterThan(50_000);
    // A great many quick ones are work, not a nuisance.
    expect(Array.from({ length: 200_000 }, () => aside.tookTooLong('quick', 0.02))).not.toContain(true);
    // And so is a slow one now and then.
    for (let i = 0; i < 200; i++) {
      clock.now += 1000;
      expect(aside.tookTooLong('seldom', 45)).toBe(false);
    }
  });

  it('does not for frames it throws at while it reads others', async () => {
    runner = createCodecRunner();
    const bytes = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 0 : 2));
    const answers = await runner.decode(bytes.map((b) => ({ script, frame: frame(b) })));
    expect(answers.filter((a) => a.kind === 'decoded')).toHaveLength(20);
    expect(answers.filter((a) => a.kind === 'failed')).toHaveLength(40);
  });

  it('ends what waits when it is closed, and takes nothing more', async () => {
    runner = createCodecRunner();
    const waiting = runner.decode([{ script, frame: frame(0) }]);
    const refused = expect(waiting).rejects.toThrow('closed');
    await runner.close();
    await refused;
    await expect(runner.decode([{ script, frame: frame(0) }])).rejects.toThrow('closed');
  });
});
