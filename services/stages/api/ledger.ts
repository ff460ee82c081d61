/**
 * The ledger: what came in and what became of it, each count measured on its own, adding up at every moment.
 *
 *   ingest ──accepted──▶ uplinks ──decode──▶ readings ──store──▶ series
 *
 * A snapshot is taken against the stream, store first: what a stage has handled can only have grown when the stage
 * before it is looked at, so nothing pending is ever negative. Each stage's counts and cursor change in one commit, so
 * reading cursor, counts, cursor and finding the cursor where it was gives a pair that belongs together.
 */
import Type from 'typebox';
import type { Block } from '../../model/block.ts';
import { Unavailable } from '../../model/errors.ts';
import {
  type DecodeCounts,
  type Ledger,
  NO_DECODE_COUNTS,
  NO_STORE_COUNTS,
  type StoreCounts,
} from '../../model/ledger.ts';
import type { Log, Position } from '../../model/log.ts';
import { decodeReadings } from '../../model/readings.ts';
import { formatTime } from '../../model/time.ts';
import { readUplinks } from '../../model/uplink.ts';
import type { ApiDependencies } from './dependencies.ts';
import { endpoint } from './endpoint.ts';
import { notFound, Problem } from './problems.ts';

/** Between two commits of a busy stage there is time for many reads; this many in vain means something else is wrong. */
const MOST_TRIES = 200;

type LedgerSources = Pick<ApiDependencies, 'log' | 'series' | 'readDecodeCounts' | 'readAccepted'>;

export async function readLedger(sources: LedgerSources, now: number, owner?: string): Promise<Ledger> {
  const { log, series, readDecodeCounts, readAccepted } = sources;
  const store = await series.counts();
  const decode = await settled(
    async () => ({
      uplinks: await log.position('decode', 0, 'uplinks'),
      orders: await log.position('decode', 0, 'orders'),
      readings: await log.end('readings'),
    }),
    async () => readDecodeCounts(await log.state('decode', 0, 'ledger/')),
  );
  const ingest = await settled(
    async () => ({ uplinks: await log.end('uplinks') }),
    async () => readAccepted(await log.state('ingest', 0, 'accepted/')),
  );
  const decoded = sum<DecodeCounts>(decode.value, NO_DECODE_COUNTS, owner);
  const stored = sum<StoreCounts>(store.byOwner, NO_STORE_COUNTS, owner);
  const waiting = {
    uplinks: { from: decode.at.uplinks, to: ingest.at.uplinks },
    readings: { from: store.position, to: decode.at.readings },
  };
  return {
    accepted: sum({ ...each(ingest.value) }, { count: 0 }, owner).count,
    ...decoded,
    pending: await pending(log, 'uplinks', waiting.uplinks, owner),
    ...stored,
    storePending: await pending(log, 'readings', waiting.readings, owner),
    offsets: {
      uplinks: ingest.at.uplinks.offset,
      decoded: decode.at.uplinks.offset,
      readings: decode.at.readings.offset,
      stored: store.position.offset,
    },
    asOf: formatTime(now),
  };
}

/** Reads `value` until the positions are the same before and after: then the two belong to one commit. */
async function settled<P extends Record<string, Position>, V>(
  positions: () => Promise<P>,
  value: () => Promise<V>,
): Promise<{ at: P; value: V }> {
  let before = await positions();
  for (let i = 0; i < MOST_TRIES; i++) {
    const read = await value();
    const after = await positions();
    if (Object.keys(after).every((name) => after[name]?.offset === before[name]?.offset))
      return { at: after, value: read };
    before = after;
  }
  throw new Unavailable('ledger: the counts changed at every look');
}

function each(counts: Readonly<Record<string, number>>): Record<string, { count: number }> {
  return Object.fromEntries(Object.entries(counts).map(([owner, count]) => [owner, { count }]));
}

function sum<T extends { [K in keyof T]: number }>(byOwner: Readonly<Record<string, T>>, zero: T, owner?: string): T {
  if (owner !== undefined) return { ...zero, ...byOwner[owner] };
  const total = { ...zero };
  for (const counts of Object.values(byOwner)) {
    for (const key of Object.keys(zero) as (keyof T)[]) total[key] = (total[key] + counts[key]) as T[keyof T]; // both numbers
  }
  return total;
}

/** A backlog of one owner is counted record by record; beyond this it would take too long. */
const MOST_COUNTED_BYTES = 64 * 1024 * 1024;
const COUNT_STEP_BYTES = 1024 * 1024;

/** Records between two positions; those of one owner by looking at them. */
async function pending(
  log: Log,
  stream: 'uplinks' | 'readings',
  { from, to }: { from: Position; to: Position },
  owner?: string,
): Promise<number> {
  if (owner === undefined || from.offset >= to.offset) return Math.max(0, to.offset - from.offset);
  let found = 0;
  let bytes = 0;
  let at = from;
  while (at.offset < to.offset) {
    const blocks = await log.read(stream, at, COUNT_STEP_BYTES);
    if (blocks.length === 0) break;
    for (const block of blocks) {
      const first = Math.max(0, at.offset - block.first);
      const end = Math.min(block.count, to.offset - block.first);
      if (end > first) found += countOf(block, stream, first, end, owner);
      bytes += block.body.byteLength;
      at = { seq: block.seq + 1, offset: block.first + block.count };
    }
    if (bytes > MOST_COUNTED_BYTES)
      throw new Problem(
        'unavailable',
        'The backlog is too large to be counted by owner. Ask without owner, or later.',
        {
          retryAfterSeconds: 30,
        },
      );
  }
  return found;
}

function countOf(block: Block, stream: 'uplinks' | 'readings', from: number, to: number, owner: string): number {
  if (stream === 'uplinks') return readUplinks(block.body, from, to).filter((u) => u.owner === owner).length;
  const { series, seriesIndex } = decodeReadings(block.body);
  const owned = series.map((s) => s.owner === owner);
  let found = 0;
  for (let i = from; i < to; i++) if (owned[seriesIndex[i]!]) found++; // i is within the rows, its index within the series
  return found;
}

const Count = Type.Integer({ minimum: 0 });

export const get = endpoint(
  {
    summary: 'What came in and what became of it; of one organisation with owner',
    query: Type.Object({ owner: Type.Optional(Type.String()) }, { additionalProperties: false }),
    answer: Type.Object({
      accepted: Count,
      decoded: Count,
      rejected: Count,
      pending: Count,
      redelivered: Count,
      partialRejects: Count,
      values: Count,
      stored: Count,
      storePending: Count,
      readings: Count,
      corrections: Count,
      duplicates: Count,
      retracted: Count,
      offsets: Type.Object({ uplinks: Count, decoded: Count, readings: Count, stored: Count }),
      asOf: Type.String(),
    }),
  },
  async (call, services) => {
    const platform = call.principal.role === 'platform';
    const owner = call.query.owner ?? (platform ? undefined : call.principal.organisation);
    if (owner !== undefined) {
      const organisation = await services.registry.organisations.get(owner);
      call.must('read-ledger', organisation && { owner }, 'organisation', owner);
      if (!organisation) throw notFound('organisation');
    }
    return await readLedger(services, services.now(), owner);
  },
);
