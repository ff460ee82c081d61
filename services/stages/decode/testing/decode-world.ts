/** A registry, a log and a store as small as tests of decode need them; state survives `restart` as it does on disk. */
import { Buffer } from 'node:buffer';
import type { Asset, DatedValue } from '../../../model/asset.ts';
import type { Block, NewBlock } from '../../../model/block.ts';
import type { Codec } from '../../../model/codec.ts';
import type { Device } from '../../../model/device.ts';
import type { StoredModel } from '../../../model/device-model.ts';
import type { DirectoryChanges } from '../../../model/directory.ts';
import { jsonBlock, readJsonBlock } from '../../../model/json-block.ts';
import type { DecodeCounts } from '../../../model/ledger.ts';
import type { NetworkServer } from '../../../model/network-server.ts';
import type { Order } from '../../../model/order.ts';
import { decodeReadings, MARK, type MarkName, markNames, type Retraction } from '../../../model/readings.ts';
import type { Reject, RejectEvent } from '../../../model/reject.ts';
import type { Stream } from '../../../model/streams.ts';
import { type Uplink, UplinkWriter } from '../../../model/uplink.ts';
import { createLogger } from '../../../ops/logger.ts';
import { createMetrics } from '../../../ops/metrics.ts';
import { PlatformAlerts } from '../../../ops/platform-alerts.ts';
import { DirectoryCache } from '../../../pipeline/directory-cache.ts';
import type { Outcome, Slice } from '../../../pipeline/stage.ts';
import { createDecode, type Decode, type DecodeOptions } from '../decode.ts';
import { readDecodeCounts } from '../ledger-counts.ts';

export const NOW = Date.UTC(2026, 10, 23, 12);
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export interface Row {
  asset: string;
  quantity: string;
  owner: string;
  time: number;
  value: number;
  received: number;
  uplink: number;
  revision: number;
  marks: (MarkName | 'history')[];
}

export interface Given {
  readings: Row[];
  retractions: Retraction[];
  rejects: Reject[];
  settled: number[];
  ticks: number[];
  outputs: readonly NewBlock[];
}

type Sent = Partial<Omit<Uplink, 'payload'>> & { payload?: unknown };

export class DecodeWorld {
  readonly alerts: PlatformAlerts;
  readonly directory: DirectoryCache;
  /** Fails as long as it is set. */
  registryFailure: Error | undefined;
  registryAsked = 0;
  /** What the store gives: rows by series, and how far it has come. */
  stored: Row[] = [];
  storedTo = Number.POSITIVE_INFINITY;
  decode!: Decode;
  state = new Map<string, Uint8Array>();
  now = NOW;
  offset = 0;
  #seq = 1;
  /** The stream of uplinks, for jobs that read it again. */
  readonly blocks: Block[] = [];
  /** Every version of every codec, the newest first. */
  readonly versions: Codec[] = [];
  #version = 0;
  #assets = new Map<string, { version: number; asset: Asset }>();
  #devices = new Map<string, { version: number; device: Device }>();
  #networkServers: NetworkServer[] = [];
  #codecs: Codec[] = [];
  #models: StoredModel[] = [];
  #options: Partial<DecodeOptions>;
  #ops: DecodeOptions['ops'];

  constructor(options: Partial<DecodeOptions> = {}) {
    this.#options = options;
    const logger = createLogger('silent');
    const metrics = createMetrics();
    this.alerts = new PlatformAlerts(logger, metrics);
    this.#ops = { logger, metrics, alerts: this.alerts };
    this.directory = new DirectoryCache({ changes: (since) => this.#changes(since) });
    this.#create();
    void this.decode.restore(new Map()); // synchronous in decode
  }

  get metrics(): DecodeOptions['ops']['metrics'] {
    return this.#ops.metrics;
  }

  /** The process ends and begins again: only the state is kept. */
  async restart(): Promise<void> {
    this.#ops = { ...this.#ops, metrics: createMetrics() };
    this.#create();
    await this.decode.restore(this.state);
  }

  asset(asset: Partial<Asset> & { id: string }): void {
    const full: Asset = {
      owner: 'skovby',
      operator: asset.owner ?? 'skovby',
      type: 'waste-container',
      name: asset.id,
      attributes: {},
      externalIds: {},
      sharing: 'open',
      tags: [],
      createdAt: 0,
      ...asset,
    };
    this.#assets.set(asset.id, { version: ++this.#version, asset: full });
  }

  /** Bound to `asset` since its registration, yesterday unless said otherwise. */
  device(device: Partial<Device> & { id: string; asset?: string }): void {
    const { asset, ...given } = device;
    const registeredAt = device.registeredAt ?? NOW - DAY;
    const full: Device = {
      owner: 'skovby',
      model: 'generic-json',
      connection: { kind: 'mqtt' },
      assignments: asset === undefined ? [] : [{ asset, from: registeredAt }],
      registeredAt,
      ...given,
    };
    this.#devices.set(device.id, { version: ++this.#version, device: full });
  }

  networkServer(server: Partial<NetworkServer> & { id: string }): void {
    this.#version++;
    this.#networkServers.push({
      owner: 'skovby',
      name: server.id,
      kind: 'chirpstack',
      transport: 'mqtt',
      enabled: true,
      ...server,
    });
  }

  codec(codec: Pick<Codec, 'id' | 'script'> & Partial<Codec>): void {
    this.#version++;
    const rest = {
      owner: 'skovby',
      name: codec.id,
      examples: [],
      signature: 'ts013' as const,
      version: 1,
      createdAt: 0,
    };
    this.#codecs = [...this.#codecs.filter((c) => c.id !== codec.id), { ...rest, ...codec }];
    this.versions.unshift({ ...rest, ...codec });
  }

  model(model: Pick<StoredModel, 'id'> & Partial<StoredModel>): void {
    this.#version++;
    this.#models.push({ owner: 'skovby', vendor: 'V', product: 'P', format: 'frame', ...model });
  }

  /** An asset `a` with a device `d`, attributes valid since ever. */
  simple(type = 'waste-container', attributes: Record<string, number> = {}): void {
    const dated = Object.entries(attributes).map(([k, value]): [string, DatedValue[]] => [k, [{ from: 0, value }]]);
    this.asset({ id: 'a', type, attributes: Object.fromEntries(dated) });
    this.device({ id: 'd', asset: 'a' });
  }

  uplink(sent: Sent = {}): Uplink {
    const { payload = {}, ...more } = sent;
    const bytes =
      payload instanceof Uint8Array
        ? payload
        : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
    return {
      device: 'd',
      owner: 'skovby',
      kind: 'readings',
      door: 'mqtt',
      receivedAt: this.now,
      qos: 1,
      dup: false,
      packetId: 0,
      session: '',
      connection: 1,
      identity: '',
      ...more,
      payload: bytes,
    };
  }

  /** Uplinks in one block, handled as one batch. */
  async send(...sent: Sent[]): Promise<Given> {
    return await this.handle([whole(this.block(sent.map((s) => this.uplink(s))))]);
  }

  async tick(at = this.now): Promise<Given> {
    this.now = at;
    return await this.handle([whole(this.block([]))]);
  }

  async order(...orders: Order[]): Promise<Given> {
    return await this.handle([whole(this.orders(...orders))]);
  }

  orders(...orders: Order[]): Block {
    const { at, count, body } = jsonBlock('orders', this.now, orders);
    return { stream: 'orders', at, count, body, seq: this.#seq++, first: 0 };
  }

  block(uplinks: readonly Uplink[]): Block {
    const writer = new UplinkWriter();
    for (const u of uplinks) writer.push(u);
    const at = uplinks.at(-1)?.receivedAt ?? this.now;
    const first = this.offset;
    this.offset += uplinks.length;
    const block: Block = { stream: 'uplinks', seq: this.#seq++, first, at, count: uplinks.length, body: writer.take() };
    this.blocks.push(block);
    return block;
  }

  async handle(batch: readonly Slice[]): Promise<Given> {
    return this.commit(await this.decode.handle(batch));
  }

  commit({ outputs, state }: Outcome): Given {
    for (const [key, value] of state) {
      if (value) this.state.set(key, new Uint8Array(value));
      else this.state.delete(key);
    }
    return read(outputs);
  }

  /** Works until there is nothing left to do beside the inputs; what each step gave. */
  async workAll(): Promise<Given[]> {
    const given: Given[] = [];
    for (let outcome = await this.decode.work?.(); outcome; outcome = await this.decode.work?.())
      given.push(this.commit(outcome));
    return given;
  }

  counts(owner = 'skovby'): DecodeCounts | undefined {
    return readDecodeCounts(this.state)[owner];
  }

  #create(): void {
    this.decode = createDecode({
      directory: this.directory,
      ops: this.#ops,
      log: {
        begin: () => Promise.resolve({ seq: this.blocks[0]?.seq ?? 1, offset: this.blocks[0]?.first ?? 0 }),
        read: (_stream, from) => Promise.resolve(this.blocks.filter((b) => b.seq >= from.seq).slice(0, 2)),
      },
      versions: (id) => Promise.resolve(this.versions.filter((c) => c.id === id)),
      series: {
        position: () => Promise.resolve({ seq: 1, offset: this.storedTo }),
        latest: (assets) => {
          const names = new Set(this.stored.filter((r) => assets?.includes(r.asset)).map((r) => r.quantity));
          const latest = [...names].map((quantity) => ({
            quantity,
            asset: 'a',
            time: 0,
            value: 0,
            received: 0,
            marks: 0,
          }));
          return Promise.resolve(latest);
        },
        points: ({ asset, quantity, from, to, limit }) => {
          const rows = this.stored
            .filter((r) => r.asset === asset && r.quantity === quantity && r.time >= from && r.time < to)
            .sort((a, b) => a.time - b.time);
          const page = rows.slice(0, limit);
          const next = rows[limit]?.time;
          return Promise.resolve({
            time: Float64Array.from(page, (r) => r.time),
            value: Float64Array.from(page, (r) => r.value),
            marks: Uint8Array.from(page, (r) => r.marks.reduce((bits, m) => bits | MARK[m], 0)),
            ...(next !== undefined && { next }),
          });
        },
      },
      ...this.#options,
    });
  }

  #changes(since: number): Promise<DirectoryChanges> {
    this.registryAsked++;
    if (this.registryFailure) return Promise.reject(this.registryFailure);
    const assets = [...this.#assets.values()].filter((e) => e.version > since).map((e) => e.asset);
    const devices = [...this.#devices.values()].filter((e) => e.version > since).map((e) => e.device);
    const changed = {
      organisations: [],
      assets,
      devices,
      credentials: [],
      rules: [],
      networkServers: this.#networkServers,
      codecs: this.#codecs,
      deviceModels: this.#models,
    };
    return Promise.resolve({ version: this.#version, changed, deleted: [] });
  }
}

export function whole(block: Block): Slice {
  return { block, from: 0, to: block.count };
}

export function read(outputs: readonly NewBlock[]): Given {
  const given: Given = { readings: [], retractions: [], rejects: [], settled: [], ticks: [], outputs };
  for (const output of outputs) {
    if (output.stream === 'readings') readRows(output, given);
    else if (output.stream === ('rejects' satisfies Stream)) {
      for (const event of readJsonBlock<RejectEvent>({ ...output, seq: 1, first: 0 })) {
        if (event.kind === 'rejected') given.rejects.push(event.reject);
        else given.settled.push(event.uplink);
      }
    }
  }
  return given;
}

function readRows(output: NewBlock, given: Given): void {
  const c = decodeReadings(output.body);
  given.ticks.push(...c.ticks);
  given.retractions.push(...c.retractions);
  for (let i = 0; i < c.count; i++) {
    const { asset, quantity, owner } = c.series[c.seriesIndex[i]!]!; // rows name series of the block
    const bits = c.marks[i]!; // columns of one length, as below
    const marks = [...markNames(bits), ...(bits & MARK.history ? (['history'] as const) : [])];
    given.readings.push({
      asset,
      quantity,
      owner,
      time: c.time[i]!,
      value: c.value[i]!,
      received: c.received[i]!,
      uplink: c.uplink[i]!,
      revision: c.revision[i]!,
      marks,
    });
  }
}

/** `fillingLevel 73.5 late` a row: what most tests compare. */
export function lines(rows: readonly Row[]): string[] {
  return rows.map((r) => [r.quantity, Math.round(r.value * 1e6) / 1e6, ...r.marks].join(' '));
}
