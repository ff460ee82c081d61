/** How fast messages are acknowledged, ours and Mosquitto's in turns: what B1 and B3 share. */

import { cpuSeconds } from './cpu.ts';
import { LoadedPlatform } from './loaded-platform.ts';
import { describeMosquitto, startMosquitto } from './mosquitto.ts';
import type { LoadResult } from './mqtt-load.ts';
import { type LoadTask, spawnLoad } from './mqtt-load-process.ts';
import { READING_BYTES } from './reading-template.ts';
import { type BenchContext, type Count, judged, type Result, round, spread } from './result.ts';

export type Load = Pick<LoadTask, 'connections' | 'inFlight' | 'messages' | 'seconds'>;

export interface Round {
  /** What of our run is compared. */
  rate: number;
  load: LoadResult;
  /** From the last PUBACK until everything was stored, s. */
  drainSeconds: number;
  /** Of the whole process, start of the load to drained. */
  cpu: number;
  count: Count;
}

interface PeerRound {
  load: LoadResult;
  cpu: number;
}

interface Comparison {
  id: string;
  what: string;
  load: Load;
  rounds: number;
  atLeast: number;
  /** Our rate: that of the acks when absent. */
  rateOf?(load: LoadResult, queryableAt: number): number;
}

/** Each round on a platform of its own, which is gone before the peer's turn. */
export async function comparePubackRates(comparison: Comparison, { say }: BenchContext): Promise<Result> {
  const { id, what, load, rounds, atLeast, rateOf = (l) => l.rate } = comparison;
  const ours: Round[] = [];
  const peers: PeerRound[] = [];
  for (let n = 1; n <= rounds; n++) {
    const round = await ourRound(load, rateOf);
    const peer = await peerRound(load);
    ours.push(round);
    peers.push(peer);
    say(
      `${id} ${n}/${rounds}: ${whole(round.rate)}/s (acks ${whole(round.load.rate)}/s, p99 ${round.load.p99.toFixed(1)} ms, stored ${round.drainSeconds.toFixed(1)} s later) to ${whole(peer.load.rate)}/s`,
    );
  }
  const sum = (part: keyof Count) => ours.reduce((total, { count }) => total + count[part], 0);
  return judged({
    id,
    what,
    unit: 'uplinks/s',
    ours: spread(ours.map((o) => o.rate)),
    peer: { ...describeMosquitto(), ...spread(peers.map((p) => p.load.rate)) },
    ratio: spread(ours.map((o, n) => o.rate / peers[n]!.load.rate)), // as many of both
    count: { acked: sum('acked'), stored: sum('stored'), queryable: sum('queryable') },
    target: { of: 'ratio', atLeast },
    details: {
      payloadBytes: READING_BYTES,
      ...load,
      rounds,
      oursPubackMs: spreadOfAcks(ours.map((o) => o.load)),
      peerPubackMs: spreadOfAcks(peers.map((p) => p.load)),
      oursPubackRate: spread(ours.map((o) => o.load.rate)),
      drainSeconds: spread(ours.map((o) => o.drainSeconds)),
      // Unlike the rates, these are the same on a machine that has other things to do.
      oursCpuMicrosPerUplink: spread(ours.map((o) => (o.cpu * 1e6) / o.load.acked)),
      peerCpuMicrosPerUplink: spread(peers.map((p) => (p.cpu * 1e6) / p.load.acked)),
    },
  });
}

async function ourRound(load: Load, rateOf: NonNullable<Comparison['rateOf']>): Promise<Round> {
  const loaded = await LoadedPlatform.start(load.connections);
  try {
    const before = cpuSeconds(loaded.platform.pid);
    const result = await loaded.load(load);
    await loaded.drained();
    const cpu = cpuSeconds(loaded.platform.pid) - before;
    const count = await loaded.count();
    const queryableAt = performance.timeOrigin + performance.now();
    const drainSeconds = (queryableAt - result.startedAt) / 1000 - result.seconds;
    return { rate: rateOf(result, queryableAt), load: result, drainSeconds, cpu, count };
  } finally {
    await loaded.platform.stop();
  }
}

async function peerRound(load: Load): Promise<PeerRound> {
  const { port, pid, stop } = await startMosquitto();
  try {
    const result = await spawnLoad({ host: '127.0.0.1', port, qos: 1, firstTime: Date.now(), ...load });
    return { load: result, cpu: cpuSeconds(pid) };
  } finally {
    await stop();
  }
}

function spreadOfAcks(loads: readonly LoadResult[]): { p50: number; p99: number; max: number } {
  const median = (of: (l: LoadResult) => number) => spread(loads.map(of)).median;
  return { p50: median((l) => l.p50), p99: median((l) => l.p99), max: round(Math.max(...loads.map((l) => l.max))) };
}

function whole(n: number): string {
  return Math.round(n).toLocaleString('en');
}
