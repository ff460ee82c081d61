/** A network server that is away makes nobody silent; what was silent before it, or is so after it, still is. */
import { beforeEach, expect, it } from 'vitest';
import { EditableDirectory, RulesRun } from './testing/rules-world.ts';

const T = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;

let directory: EditableDirectory;
let run: RulesRun;

beforeEach(async () => {
  directory = new EditableDirectory();
  directory.putRule('builtin.common.silent', { owner: '', enabled: false, condition: { kind: 'absence' } });
  directory.putRule('quiet', { condition: { kind: 'absence', seconds: 600 } });
  for (const [asset, connection] of [
    ['named', { kind: 'lorawan', devEui: '01', networkServer: 'cs' }],
    ['unnamed', { kind: 'lorawan', devEui: '02' }],
    ['other', { kind: 'lorawan', devEui: '03', networkServer: 'tts' }],
    ['wired', { kind: 'mqtt' }],
  ] as const) {
    directory.putAsset({ id: asset, type: 'waste-container' });
    directory.putDevice(asset, `${asset}-sensor`, 0, 'generic-json', connection);
  }
  run = new RulesRun(directory);
  await run.start();
  await run.feed({ tick: T });
  for (const asset of ['named', 'unnamed', 'other', 'wired'])
    await run.feed({ asset, quantity: 'batteryVoltage', time: T, value: 3.6 });
});

/** Ticks every 10 s; who was found silent until then, and when. */
async function until(from: number, to: number): Promise<[string, number][]> {
  const before = run.transitions.length;
  for (let at = from + 10_000; at <= to; at += 10_000) await run.feed({ tick: at });
  return run.transitions.slice(before).map((t) => [t.asset, (t.time - T) / MINUTE]);
}

it('who is behind it is not silent while it is away, nor for as long after as it was', async () => {
  await until(T, T + 5 * MINUTE);
  await run.outage('away', T + 5 * MINUTE);
  expect(await until(T + 5 * MINUTE, T + 65 * MINUTE)).toEqual([
    ['other', 10],
    ['wired', 10],
  ]);
  await run.outage('back', T + 65 * MINUTE);
  expect(await until(T + 65 * MINUTE, T + 69 * MINUTE)).toEqual([]);
  // Five minutes of silence before it, five after: then it is too long.
  const found = await until(T + 69 * MINUTE, T + 71 * MINUTE);
  expect(found.toSorted()).toEqual([
    ['named', 70],
    ['unnamed', 70],
  ]);
});

it('a device that is heard after it begins anew', async () => {
  await run.outage('away', T + MINUTE);
  await until(T, T + 60 * MINUTE);
  await run.outage('back', T + 60 * MINUTE);
  for (const asset of ['named', 'unnamed'])
    await run.feed({ asset, quantity: 'batteryVoltage', time: T + 61 * MINUTE, value: 3.6 });
  const found = await until(T + 61 * MINUTE, T + 72 * MINUTE);
  expect(found.toSorted()).toEqual([
    ['named', 71],
    ['unnamed', 71],
  ]);
});

it('is remembered over a restart, and told twice it counts once', async () => {
  await until(T, T + 5 * MINUTE);
  await run.outage('away', T + 5 * MINUTE);
  await run.outage('away', T + 6 * MINUTE);
  await run.restart();
  expect((await until(T + 5 * MINUTE, T + 30 * MINUTE)).map(([asset]) => asset)).toEqual(['other', 'wired']);
  await run.outage('back', T + 30 * MINUTE);
  await run.outage('back', T + 31 * MINUTE);
  await run.restart();
  expect((await until(T + 30 * MINUTE, T + 34 * MINUTE)).length).toBe(0);
  expect((await until(T + 34 * MINUTE, T + 36 * MINUTE)).map(([, at]) => at)).toEqual([35, 35]);
});
