/**
 * InfluxDB away under load: devices notice nothing, and what piled up is stored in a third of the time it took to come,
 * while as much as before keeps coming (issue 3: PUBACK p99 ≤ 1.5 × before, backlog drained at ≥ 3 × real time).
 */
import { rmSync } from 'node:fs';
import { LoadedPlatform } from '../bench/lib/loaded-platform.ts';
import { READING_VALUES } from '../bench/lib/reading-template.ts';
import { quantile } from '../bench/lib/result.ts';
import { eventually, temporaryFolder } from '../lib/platform.ts';
import { startInfluxdb } from '../lib/servers/influxdb.ts';
import { imbalance, type LedgerCounts } from './books.ts';

const DEVICES = 20;
/** Messages a second of all devices together; each has READING_VALUES values. */
const RATE = 5000;
/** p99 is taken of slices so long, and medians are compared: one slice in which the machine did something else says nothing. */
const SLICE_S = 5;
const SETTLE_S = 5;
/**
 * The server goes and comes back so often, a slice each: a machine that is slow for a minute is slow in both halves. A bad
 * answer is asked for again, at most ROUNDS times; what is really slower stays slower.
 */
const TURNS = 4;
const ROUNDS = 3;
const PUBACK_RATIO = 1.5;
/** Under this the machine decides, not we. */
const NOISE_MS = 50;
/** From here on the minutes at a stretch are judged as well: no machine is slow for just so long. */
const LONG_S = 300;
const DRAIN_RATIO = 3;

export async function influxdbDown(seconds: number): Promise<{ ok: boolean; text: string }> {
  const dir = temporaryFolder();
  const server = await startInfluxdb();
  const loaded = await LoadedPlatform.start(DEVICES, {
    dir,
    env: { SANSEVAERK_SERIES_URL: `influxdb://127.0.0.1:${server.port}/sansevaerk` },
  });
  const { platform } = loaded;
  const load = (s: number) => loaded.load({ connections: DEVICES, inFlight: 1000, seconds: s, rate: RATE });
  const ledger = (): Promise<LedgerCounts> => platform.api<LedgerCounts>('GET', '/ledger');
  const problems: string[] = [];

  const slice = async (s = SLICE_S): Promise<number> => (await load(s)).p99;
  const caughtUp = () => eventually(ledger, (l) => l.storePending / READING_VALUES < RATE, 60_000);
  const slower = (away: number, there: number) => away > PUBACK_RATIO * there && away > NOISE_MS;

  await load(SETTLE_S);
  const there: number[] = [];
  const away: number[] = [];
  let turns = { there: 0, away: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < TURNS; turn++) {
      there.push(await slice());
      await server.kill();
      away.push(await slice());
      await server.restart();
      await caughtUp();
    }
    turns = { there: quantile(there, 0.5), away: quantile(away, 0.5) };
    if (!slower(turns.away, turns.there)) break;
  }
  const ratio = turns.away / turns.there;
  if (slower(turns.away, turns.there)) problems.push(`PUBACK p99 ${ratio.toFixed(2)} × before`);

  await server.kill();
  const slices: number[] = [];
  for (let left = seconds; left > 0; left -= SLICE_S) slices.push(await slice(Math.min(left, SLICE_S)));
  const during = quantile(slices, 0.5);
  if (seconds >= LONG_S && slower(during, turns.there))
    problems.push(`PUBACK p99 ${(during / turns.there).toFixed(2)} × before over ${seconds} s`);
  const atRestart = await ledger();
  const backlog = atRestart.storePending / READING_VALUES;
  if (backlog < RATE * seconds * 0.9) problems.push(`only ${backlog} messages waited for the store`);

  await server.restart();
  const began = performance.now();
  // Longer than it may take, so that it never ends before.
  const meanwhile = load(Math.ceil(seconds / (DRAIN_RATIO - 1)) + SETTLE_S);
  // Drained: what waits is less than a second's worth.
  await eventually(ledger, (l) => l.storePending / READING_VALUES < RATE, 10 * seconds * 1000);
  const took = (performance.now() - began) / 1000;
  const stored = ((await ledger()).stored - atRestart.stored) / READING_VALUES;
  const pace = stored / took / RATE;
  if (pace < DRAIN_RATIO) problems.push(`drained at ${pace.toFixed(2)} × real time`);
  await meanwhile;
  await loaded.drained();
  const end = await ledger();
  const wrong = imbalance(end);
  if (wrong) problems.push(wrong);
  const { acked, stored: readings, queryable } = await loaded.count();
  if (readings !== acked || queryable !== acked)
    problems.push(`${acked} acknowledged, ${readings} stored, ${queryable} queryable`);
  await platform.stop();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
  const text = [
    `${seconds} s away at ${RATE} messages/s`,
    `PUBACK p99 ${turns.there.toFixed(1)} ms with it, ${turns.away.toFixed(1)} ms without in ${away.length} turns (${ratio.toFixed(2)} ×), ${during.toFixed(1)} ms over the ${seconds} s`,
    `${Math.round(backlog)} messages drained in ${took.toFixed(1)} s while as many came (${pace.toFixed(2)} × real time)`,
    `${acked} acknowledged, ${queryable} queryable`,
  ].join('; ');
  return { ok: problems.length === 0, text: [text, ...problems].join('\n  ') };
}
