/**
 * InfluxDB in each kind of trouble, one after the other, under load: messages are acknowledged, alerts come and go as
 * ever, and once it is well again nothing is lost, nothing is there twice and the books balance. What the server refuses,
 * and only that, is missing; it is in the ledger, in the metrics and an alert.
 */
import { rmSync } from 'node:fs';
import { eventually, startPlatform, temporaryFolder } from '../lib/platform.ts';
import { type Fault, startFaultProxy } from '../lib/servers/fault-proxy.ts';
import { startInfluxdb } from '../lib/servers/influxdb.ts';
import { compare, faultsOf, imbalance, type LedgerCounts } from './books.ts';
import { startFleet } from './fleet.ts';
import { startWatchman } from './watchman.ts';

/** Far from what it can do, so that the numbers a device counts through stay below 20,000, see crash.ts. */
const RATE = 100;
const HOLD_MS = 1500;
/** From a value over its limit until the alert is open, and from one below it until it is resolved. */
const ALERT_MS = 3000;
const CATCH_UP_MS = 60_000;
const HTML = { 'content-type': 'text/html' };

export async function influxdbFaults(): Promise<{ ok: boolean; text: string }> {
  const dir = temporaryFolder();
  const server = await startInfluxdb();
  const proxy = await startFaultProxy({ target: server.url });
  const platform = await startPlatform({
    dir,
    env: {
      SANSEVAERK_SERIES_URL: `influxdb://127.0.0.1:${proxy.port}/sansevaerk`,
      SANSEVAERK_DEVICE_RATE: 'off',
    },
  });
  const watchman = await startWatchman(platform);
  const fleet = await startFleet({ platform, dir, rate: RATE });
  const problems: string[] = [];
  const alertMs: number[] = [];
  const ledger = (): Promise<LedgerCounts> => platform.api<LedgerCounts>('GET', '/ledger');

  /** Lines the server did not take, as "device number". */
  const refused = new Set<string>();
  const refuses = (line: string): boolean => {
    const [, device, value] = /,asset=(chaos-\d+),.*quantity=distance .*value=(\d+)/.exec(line) ?? [];
    if (device === undefined || Number(value) % 50 !== 7) return false;
    refused.add(`${device} ${value}`);
    return true;
  };
  const faults: { name: string; begin: () => Promise<void>; storing?: boolean }[] = [
    { name: 'killed', begin: () => server.kill() },
    ...(
      [
        { kind: 'refuse' },
        { kind: 'hang' },
        { kind: 'status', status: 500 },
        { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
        // Not InfluxDB's words, but a proxy's before it: no reading may be lost for them.
        { kind: 'status', status: 413, body: '<html>Too large</html>', headers: HTML },
        { kind: 'status', status: 200, body: '<html>Back soon</html>', headers: HTML },
        { kind: 'lost-answer' },
        { kind: 'cut' },
      ] satisfies Fault[]
    ).map((fault) => ({
      name: fault.kind === 'status' ? `answers ${fault.status}` : fault.kind,
      begin: () => proxy.inject(fault),
    })),
    {
      name: 'partial write',
      begin: () => proxy.inject({ kind: 'partial-write', refuses }, { only: /write/ }),
      storing: true,
    },
  ];
  for (const { name, begin, storing } of faults) {
    const before = await ledger();
    await begin();
    const ms = await watchman.raiseAndResolve(ALERT_MS);
    if (ms === undefined) problems.push(`${name}: no alert within ${ALERT_MS} ms`);
    else alertMs.push(ms);
    await new Promise((later) => setTimeout(later, HOLD_MS));
    const during = await ledger();
    if (during.accepted - before.accepted < (RATE * HOLD_MS) / 1000) problems.push(`${name}: hardly anything accepted`);
    if (!storing && during.storePending === 0) problems.push(`${name}: the store did not notice`);
    const wrong = imbalance(during);
    if (wrong) problems.push(`${name}: ${wrong}`);
    await proxy.heal();
    if (name === 'killed') await server.restart();
    // As much as there was when it was well again is soon stored; the load goes on.
    await eventually(ledger, (l) => l.stored >= during.values, CATCH_UP_MS);
  }
  await fleet.stop();
  const end = await eventually(ledger, (l) => l.pending === 0 && l.storePending === 0, CATCH_UP_MS);
  const wrong = imbalance(end);
  if (wrong) problems.push(`at the end: ${wrong}`);
  const comparison = await compare(platform, fleet.ids, fleet.record);
  const missing = comparison.lost.filter((key) => refused.has(key));
  problems.push(...faultsOf({ ...comparison, lost: comparison.lost.filter((key) => !refused.has(key)) }));
  if (missing.length === 0) problems.push('the partial write refused nothing');
  if (end.duplicates !== missing.length)
    problems.push(`${missing.length} refused by the server, ${end.duplicates} duplicates in the ledger`);
  const counted = await refusedTotal(platform.http);
  if (counted !== missing.length) problems.push(`${missing.length} refused by the server, ${counted} in the metrics`);
  await watchman.stop();
  await platform.stop();
  await proxy.stop();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
  const text = `${faults.length} faults, ${comparison.acked} acknowledged, ${missing.length} refused and accounted for, slowest alert ${Math.round(Math.max(0, ...alertMs))} ms`;
  return { ok: problems.length === 0, text: [text, ...problems].join('\n  ') };
}

async function refusedTotal(http: string): Promise<number> {
  const metrics = await (await fetch(`${http}/metrics`)).text();
  return Number(/^sansevaerk_series_refused_total\S* (\d+)/m.exec(metrics)?.[1] ?? 0);
}
