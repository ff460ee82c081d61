/**
 * The stage decode: every uplink becomes readings or a reject, and is counted once.
 *
 *   uplinks ─┬─▶ device known? seen before? ──▶ format ──▶ values of series ──▶ readings
 *   orders  ─┘          │            │             │            │
 *                       └────────────┴── rejects ◀─┴────────────┘       counts in the same commit
 */
import { Buffer } from 'node:buffer';
import { type Catalogue, catalogue as shipped } from '../../knowledge/catalogue/catalogue.ts';
import type { NewBlock } from '../../model/block.ts';
import type { Quantity } from '../../model/catalogue.ts';
import type { CodecRunner, CodecScript } from '../../model/codec.ts';
import type { DeviceReport, GatewayReport } from '../../model/device-report.ts';
import type { Directory } from '../../model/directory.ts';
import { Unavailable } from '../../model/errors.ts';
import type { Log } from '../../model/log.ts';
import type { Order } from '../../model/order.ts';
import { encodeReadings, ReadingWriter } from '../../model/readings.ts';
import type { RedecodeReport } from '../../model/redecode-report.ts';
import { readUplinks, type Uplink } from '../../model/uplink.ts';
import type { Ops } from '../../ops/ops.ts';
import type { Outcome, Slice, Stage } from '../../pipeline/stage.ts';
import { attempt } from './attempt.ts';
import { DeriveJobs, type History } from './derive-jobs.ts';
import { DeviceMemories } from './device-memory.ts';
import type { DevicePlan } from './device-plan.ts';
import { DevicePlans, type Refusal } from './device-plans.ts';
import { Frames, type Prepared } from './frames.ts';
import { GatewayMemories } from './gateway-memory.ts';
import { reportGateways } from './gateway-report.ts';
import { LedgerCounts } from './ledger-counts.ts';
import { LorawanUplinks } from './lorawan-uplinks.ts';
import { Orders, readOrders } from './orders.ts';
import { OwnTimes } from './own-times.ts';
import { Progress } from './progress.ts';
import { RedecodeJobs } from './redecode-jobs.ts';
import { Redeliveries } from './redeliveries.ts';
import { RejectList } from './reject-list.ts';
import { Replays } from './replays.ts';
import { scriptFormat } from './script-format.ts';
import { UplinkDecoder } from './uplink-decoder.ts';

export interface DecodeOptions {
  directory: Directory;
  /** Default: the one that ships. */
  catalogue?: Catalogue;
  /** Where stored raw values are read when a period is derived again. */
  series: History;
  /** The sandbox for operators' codecs. Absent: their frames are rejected, to be tried again. */
  codecs?: CodecRunner;
  /** Where stored frames are read again, and every version of a codec, the newest first. Absent: there are no such jobs. */
  log?: Pick<Log, 'begin' | 'read'>;
  versions?: (codec: string) => Promise<readonly CodecScript[]>;
  ops: Ops;
  /** Days raw values are kept; what is older on arrival is rejected. Default: the catalogue's, else 730. */
  rawDays?: (quantity: Quantity) => number;
  /** Messages remembered to recognise redeliveries, at most twice as many; 48 bytes each. Default one million. */
  redeliveryMemory?: number;
}

export interface Decode extends Stage {
  /** When a device was last heard, its status, and keys nobody knows; `undefined` when it never sent anything. */
  report(device: string): DeviceReport | undefined;
  /** Every gateway that was heard of. `now`: epoch ms. */
  gateways(now: number): GatewayReport[];
  /** Jobs that read stored frames again, of one codec, the newest first. */
  redecodes(codec: string): RedecodeReport[];
}

const RAW_DAYS = 730;
/** How long a batch with orders, or with nothing else to do, may work on derivations. */
const DERIVE_MS = 250;
/** And between batches: whatever comes in waits so long at most. */
const WORK_MS = 50;

export function createDecode(options: DecodeOptions): Decode {
  return new DecodeStage(options);
}

class DecodeStage implements Decode {
  readonly name = 'decode';
  readonly reads = ['uplinks', 'orders'] as const;
  #directory: Directory;
  #progress = new Progress();
  #memories = new DeviceMemories();
  #ledger = new LedgerCounts();
  #replays = new Replays();
  #ownTimes = new OwnTimes();
  #decoder = new UplinkDecoder(this.#memories, this.#ownTimes);
  #gateways = new GatewayMemories();
  #lorawan = new LorawanUplinks(this.#decoder, this.#gateways);
  #frames: Frames;
  #redeliveries: Redeliveries;
  #rejects: RejectList;
  #plans: DevicePlans;
  #derive: DeriveJobs;
  #redecode: RedecodeJobs;
  #orders: Orders;
  #writer = new ReadingWriter();
  /** Within the batch in hand: the directory was asked. */
  #asked = false;

  constructor(options: DecodeOptions) {
    const {
      directory,
      catalogue = shipped,
      series,
      ops,
      rawDays,
      redeliveryMemory = 1_000_000,
      codecs,
      log,
      versions,
    } = options;
    this.#directory = directory;
    this.#redeliveries = new Redeliveries(redeliveryMemory);
    this.#rejects = new RejectList(ops.metrics);
    const parts = { directory, catalogue, memories: this.#memories, ledger: this.#ledger };
    this.#plans = new DevicePlans({ ...parts, rawDays: rawDays ?? ((q) => q.rawDays ?? RAW_DAYS) });
    this.#derive = new DeriveJobs({ ...parts, series, ops });
    const askRegistry = async (what: string): Promise<boolean> => {
      if (this.#asked) return false;
      await this.#askRegistry(what);
      return true;
    };
    this.#frames = new Frames({ directory, plans: this.#plans, codecs, askRegistry });
    const again = { frames: this.#frames, decoder: this.#decoder, progress: this.#progress };
    this.#redecode = new RedecodeJobs({ ...again, codecs, log, versions });
    this.#orders = new Orders({
      redecode: this.#redecode,
      frames: this.#frames,
      lorawan: this.#lorawan,
      plans: this.#plans,
      decoder: this.#decoder,
      ledger: this.#ledger,
      rejects: this.#rejects,
      replays: this.#replays,
      derive: this.#derive,
      progress: this.#progress,
      ops,
    });
  }

  report(device: string): DeviceReport | undefined {
    return this.#memories.get(device)?.report();
  }

  gateways(now: number): GatewayReport[] {
    return reportGateways(this.#gateways.list(now), this.#memories.all(), now);
  }

  redecodes(codec: string): RedecodeReport[] {
    return this.#redecode.list(codec);
  }

  /** What is left to do while nothing comes in; derivations and re-decodings are in no hurry. */
  async work(): Promise<Outcome | undefined> {
    if (this.#derive.idle && this.#redecode.idle) return undefined;
    this.#begin();
    if (!this.#derive.idle) await this.#derive.run(this.#writer, () => this.#progress.stamp(), WORK_MS);
    if (!this.#redecode.idle) await this.#redecode.run(this.#writer, WORK_MS);
    const outcome = this.#outcome([]);
    // Only the clock: it waits for the store, and asking again at once would not help.
    return outcome.outputs.length === 0 && outcome.state.size <= 1 ? undefined : outcome;
  }

  restore(state: Map<string, Uint8Array>): void {
    for (const part of [
      this.#gateways,
      this.#redecode,
      this.#progress,
      this.#ownTimes,
      this.#ledger,
      this.#memories,
      this.#redeliveries,
      this.#replays,
      this.#derive,
    ])
      part.restore(state);
    this.#plans.clear();
  }

  async handle(batch: readonly Slice[]): Promise<Outcome> {
    this.#begin();
    let ordered = false;
    let busy = false;
    for (const slice of batch) {
      if (slice.block.stream === 'orders') {
        ordered = true;
        for (const order of readOrders(slice)) await this.#order(order);
      } else {
        busy ||= slice.to > slice.from;
        await this.#uplinks(slice);
      }
    }
    const ms = ordered || !busy ? DERIVE_MS : 0;
    if (!this.#derive.idle) await this.#derive.run(this.#writer, () => this.#progress.stamp(), ms);
    if (!this.#redecode.idle && (ordered || !busy)) await this.#redecode.run(this.#writer, WORK_MS);
    return this.#outcome(batch);
  }

  poison(slice: Slice, error: Error, hash: string): Outcome {
    this.#begin();
    const problem = { reason: 'internal-error' as const, detail: `internal error ${hash} (${error.name})` };
    if (slice.block.stream === 'orders') this.#orders.poison(slice, problem);
    else if (slice.to > slice.from) {
      const u = readOne(slice);
      this.#progress.advance(slice, u);
      this.#ledger.of(u.owner).touch().rejected++;
      this.#rejects.rejected(u, problem, { offset: slice.block.first + slice.from, partial: false, revision: 0 });
    } else this.#progress.advance(slice, undefined);
    return this.#outcome([slice]);
  }

  #begin(): void {
    this.#writer = new ReadingWriter();
    this.#decoder.batch(this.#writer);
    this.#rejects.reset();
    this.#asked = false;
  }

  #outcome(batch: readonly Slice[]): Outcome {
    const { clock } = this.#progress;
    const at = clock || batch.at(-1)?.block.at || 0;
    const outputs: NewBlock[] = [];
    const rejects = this.#rejects.block(at);
    if (rejects) outputs.push(rejects);
    if (!this.#writer.empty) {
      const columns = this.#writer.columns();
      outputs.push({ stream: 'readings', at, count: columns.count, body: encodeReadings(columns) });
    }
    const state = new Map<string, Uint8Array | undefined>();
    this.#ledger.changes(state);
    this.#memories.changes(state);
    this.#gateways.changes(state);
    this.#redecode.changes(state);
    this.#ownTimes.changes(state, clock);
    this.#redeliveries.changes(state, clock);
    this.#replays.changes(state, clock);
    this.#derive.changes(state);
    this.#progress.changes(state);
    return { outputs, state };
  }

  async #uplinks(slice: Slice): Promise<void> {
    const { block, from, to } = slice;
    if (block.count === 0) {
      this.#writer.tick(block.at);
      this.#progress.advance(slice, undefined);
      return;
    }
    const uplinks = readUplinks(block.body, from, to);
    let prepared: ReadonlyMap<number, Prepared> | undefined;
    for (let i = 0; i < uplinks.length; i++) {
      const u = uplinks[i]!; // i is within the list
      const offset = block.first + from + i;
      if (u.kind === 'lorawan') {
        prepared ??= await this.#frames.prepare(uplinks);
        this.#uplink(u, offset, prepared.get(i)!.plan, prepared.get(i)); // each of a network server is prepared
        continue;
      }
      let plan = this.#plans.get(u.device);
      if ('reason' in plan && !this.#asked) {
        await this.#askRegistry(u.device);
        plan = this.#plans.get(u.device);
      }
      const scripted = !('reason' in plan) && plan.codec?.kind === 'script';
      if (scripted) prepared ??= await this.#frames.prepare(uplinks);
      // One that was registered since the others were prepared.
      const own = scripted ? (prepared?.get(i) ?? (await this.#frames.prepare([u])).get(0)) : undefined;
      this.#uplink(u, offset, plan, own);
    }
    this.#progress.advance(slice, uplinks.at(-1));
  }

  #uplink(u: Uplink, offset: number, plan: DevicePlan | Refusal, prepared?: Prepared): void {
    const counts = this.#ledger.of(u.owner).touch();
    const known = 'reason' in plan ? undefined : plan;
    known?.memory.seen(u.receivedAt);
    if (u.kind === 'status') {
      const text = Buffer.from(u.payload.buffer, u.payload.byteOffset, Math.min(u.payload.byteLength, 8)).toString();
      if (text === 'online' || text === 'offline') known?.memory.status(text, u.receivedAt);
      counts.decoded++;
      return;
    }
    const identity = prepared?.message ? `${prepared.networkServer}\0${prepared.message.identity}` : u.identity;
    const told = prepared?.message ? prepared.message.identity !== '' : identity !== '';
    if (told && this.#redeliveries.senderSeen(u, identity)) {
      counts.decoded++;
      counts.redelivered++;
      return;
    }
    const how = { offset, revision: 0, marks: 0, clock: this.#progress.clock };
    const { rows, problem, noted } =
      u.kind === 'lorawan' && prepared
        ? this.#lorawan.take(u, prepared, how, false)
        : attempt(this.#decoder, u, plan, how, prepared && scriptFormat(prepared));
    const resendable = u.kind !== 'lorawan' && u.qos > 0 && (!known || this.#decoder.timeless);
    if (resendable && this.#redeliveries.messageSeen(u)) {
      if (known) this.#decoder.undo();
      counts.decoded++;
      counts.redelivered++;
    } else if (noted) counts.decoded++;
    else if (rows === 0) {
      counts.rejected++;
      this.#rejects.rejected(u, problem, { offset, partial: false, revision: 0, ownTime: this.#decoder.ownTime });
    } else {
      this.#decoder.count();
      counts.decoded++;
      if (!problem) return;
      counts.partialRejects++;
      this.#rejects.rejected(u, problem, { offset, partial: true, revision: 0, ownTime: this.#decoder.ownTime });
    }
  }

  async #order(order: Order): Promise<void> {
    // People mended something just before they gave the order.
    if (!this.#asked) await this.#askRegistry(`an order (${order.kind})`);
    await this.#orders.handle(order);
  }

  /** A miss asks the registry before anything is refused: once a batch, which is fresh enough for all of it. */
  async #askRegistry(what: string): Promise<void> {
    this.#asked = true;
    try {
      await this.#directory.refresh();
    } catch (error) {
      throw new Unavailable(`decode: unable to ask the registry for ${what}`, { cause: error });
    }
  }
}

/** The one record of a slice, for setting it aside; a body that cannot be read stands for nobody's empty message. */
function readOne({ block, from, to }: Slice): Uplink {
  try {
    return readUplinks(block.body, from, to)[0]!; // one record, says the port
  } catch {
    return {
      device: '',
      owner: '',
      kind: 'readings',
      door: 'mqtt',
      receivedAt: block.at,
      qos: 0,
      dup: false,
      packetId: 0,
      session: '',
      connection: 0,
      identity: '',
      payload: new Uint8Array(),
    };
  }
}
