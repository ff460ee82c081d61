import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DecodeCounts,
  type Ledger,
  NO_DECODE_COUNTS,
  NO_STORE_COUNTS,
  type StoreCounts,
} from '../../model/ledger.ts';
import { type Log, type Position, START } from '../../model/log.ts';
import { encodeReadings, ReadingWriter } from '../../model/readings.ts';
import { type Uplink, UplinkWriter } from '../../model/uplink.ts';
import { readLedger } from './ledger.ts';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const OWNERS = ['egeby', 'bogeby', ''];

/** The three stages as far as the ledger sees them, each at its own pace. */
class Stages {
  accepted: Record<string, number> = {};
  decode: Record<string, DecodeCounts> = {};
  store: Record<string, StoreCounts> = {};
  decoded: Position = START;
  stored: Position = START;
  #world: World;
  #n = 0;
  #durable: { end: Position; values: Record<string, number> } = { end: START, values: {} };
  constructor(world: World) {
    this.#world = world;
  }

  async ingest(count: number): Promise<void> {
    const writer = new UplinkWriter();
    for (let i = 0; i < count; i++) {
      const owner = OWNERS[this.#n++ % 3] ?? '';
      writer.push({ ...UPLINK, owner });
      this.accepted[owner] = (this.accepted[owner] ?? 0) + 1;
    }
    const block = { stream: 'uplinks', at: Date.now(), count, body: writer.take() } as const;
    const state = stateOf('accepted/', this.accepted);
    await this.#world.log.commit({ stage: 'ingest', partition: 0, upTo: {}, outputs: [block], state });
  }

  /** Of the uplinks waiting: every fifth rejected, the others one value each. */
  async decodeAll(): Promise<void> {
    const end = await this.#world.log.end('uplinks');
    const writer = new ReadingWriter();
    for (let offset = this.decoded.offset; offset < end.offset; offset++) {
      const owner = OWNERS[offset % 3] ?? '';
      this.decode[owner] ??= { ...NO_DECODE_COUNTS };
      const counts = this.decode[owner];
      if (offset % 5 === 0) counts.rejected++;
      else {
        counts.decoded++;
        counts.values++;
        writer.push(
          writer.series({ asset: `a-${owner}`, quantity: 'waterLevel', owner, type: 't' }),
          offset,
          1,
          1,
          offset,
          0,
          0,
        );
      }
    }
    const columns = writer.columns();
    this.decoded = end;
    await this.#world.log.commit({
      stage: 'decode',
      partition: 0,
      upTo: { uplinks: end },
      outputs: columns.count
        ? [{ stream: 'readings', at: Date.now(), count: columns.count, body: encodeReadings(columns) }]
        : [],
      state: stateOf('ledger/', this.decode),
    });
    this.#durable = { end: await this.#world.log.end('readings'), values: mapValues(this.decode) };
  }

  async storeAll(): Promise<void> {
    const { end, values } = this.#durable;
    for (const [owner, count] of Object.entries(values))
      this.store[owner] = { ...NO_STORE_COUNTS, stored: count, readings: count };
    this.stored = end;
  }

  counts = async () => ({ position: this.stored, byOwner: structuredClone(this.store) });
}

const UPLINK: Uplink = {
  device: 'd',
  owner: '',
  kind: 'readings',
  door: 'mqtt',
  receivedAt: 1,
  qos: 1,
  dup: false,
  packetId: 1,
  session: '',
  connection: 1,
  identity: '',
  payload: new Uint8Array(2),
};

function stateOf(prefix: string, counts: object): Map<string, Uint8Array> {
  return new Map(Object.entries(counts).map(([owner, c]) => [prefix + owner, Buffer.from(JSON.stringify(c))]));
}

function mapValues(counts: Record<string, DecodeCounts>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([owner, c]) => [owner, c.values]));
}

function expectBalanced(l: Ledger): void {
  expect(l.accepted).toBe(l.decoded + l.rejected + l.pending);
  expect(l.values).toBe(l.stored + l.storePending);
  expect(l.stored).toBe(l.readings + l.corrections + l.duplicates);
  for (const count of [l.pending, l.storePending]) expect(count).toBeGreaterThanOrEqual(0);
}

describe('semantics: Ledger (snapshot)', () => {
  it('adds up at every moment while all three stages work', async () => {
    const stages = new Stages(world);
    const sources = {
      log: interrupted(world.log),
      series: stages as never, // counts is all the ledger asks of it
      readDecodeCounts: (state: ReadonlyMap<string, Uint8Array>) => parse<DecodeCounts>(state, 'ledger/'),
      readAccepted: (state: ReadonlyMap<string, Uint8Array>) => parse<number>(state, 'accepted/'),
    };
    let working = true;
    const every = async (work: () => Promise<void>, ms: number) => {
      while (working) {
        await work();
        await new Promise((resolve) => setTimeout(resolve, ms));
      }
    };
    const until = performance.now() + 1500;
    const busy = [
      every(() => stages.ingest(7), 0),
      every(() => stages.decodeAll(), 3),
      every(() => stages.storeAll(), 5),
    ];
    let snapshots = 0;
    let pending = 0;
    try {
      while (performance.now() < until) {
        const ledger = await readLedger(sources, Date.now());
        expectBalanced(ledger);
        if (ledger.pending > 0) pending++;
        snapshots++;
        for (const owner of OWNERS) expectBalanced(await readLedger(sources, Date.now(), owner));
      }
    } finally {
      working = false;
      await Promise.all(busy);
    }
    expect(snapshots).toBeGreaterThan(5);
    expect(pending).toBeGreaterThan(0);
    const whole = await readLedger(sources, Date.now());
    expect(whole.accepted).toBe((await world.log.end('uplinks')).offset);
    expect(whole.offsets.uplinks).toBe(whole.accepted);
  });

  it('is for its organisation, and the whole for the platform', async () => {
    expect((await world.request('GET', '/api/v1/ledger')).status).toBe(401);
    expect((await world.request('GET', '/api/v1/ledger', undefined, ADMIN)).body).toMatchObject({
      asOf: expect.any(String),
    });
    const own = await world.request('GET', '/api/v1/ledger', undefined, tokenOf('egeby', 'reader'));
    expect(own.status).toBe(200);
    expect(
      (await world.request('GET', '/api/v1/ledger?owner=egeby', undefined, tokenOf('bogeby', 'reader'))).status,
    ).toBe(404);
    expect((await world.request('GET', '/api/v1/ledger?owner=nobody', undefined, ADMIN)).status).toBe(404);
  });
});

/** The stages get on between any two looks of the snapshot, as other threads do. */
function interrupted(log: Log): Log {
  const pause = () => new Promise((resolve) => setImmediate(resolve));
  return new Proxy(log, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        await pause();
        return await Reflect.apply(member, target, args);
      };
    },
  });
}

function parse<T>(state: ReadonlyMap<string, Uint8Array>, prefix: string): Record<string, T> {
  return Object.fromEntries(
    [...state].map(([key, value]) => [key.slice(prefix.length), JSON.parse(Buffer.from(value).toString())]),
  );
}
