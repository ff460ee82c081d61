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
import type { Directory } from '../../model/directory.ts';
import { Rejected, Unavailable } from '../../model/errors.ts';
import { readJsonBlock } from '../../model/json-block.ts';
import type { Order } from '../../model/order.ts';
import { encodeReadings, MARK, ReadingWriter } from '../../model/readings.ts';
import { REJECT_REASONS, type RejectReason } from '../../model/reject.ts';
import { readUplinks, type Uplink } from '../../model/uplink.ts';
import type { Ops } from '../../ops/ops.ts';
import type { Outcome, Slice, Stage } from '../../pipeline/stage.ts';
import { DeriveJobs, type History } from './derive-jobs.ts';
import { DeviceMemories, type DeviceReport } from './device-memory.ts';
import type { DevicePlan } from './device-plan.ts';
import { DevicePlans, type Refusal } from './device-plans.ts';
import { IdentityHash } from './identity-hash.ts';
import { IdentityMemory } from './identity-memory.ts';
import { DAY_MS } from './judge-time.ts';
import { LedgerCounts } from './ledger-counts.ts';
import { OwnTimes } from './own-times.ts';
import { RejectList } from './reject-list.ts';
import { Replays } from './replays.ts';
import { UplinkDecoder } from './uplink-decoder.ts';

export interface DecodeOptions {
  directory: Directory;
  /** Default: the one that ships. */
  catalogue?: Catalogue;
  /** Where stored raw values are read when a period is derived again. */
  series: History;
  ops: Ops;
  /** Days raw values are kept; what is older on arrival is rejected. Default: the catalogue's, else 730. */
  rawDays?: (quantity: Quantity) => number;
  /** Messages remembered to recognise redeliveries, at most twice as many; 48 bytes each. Default one million. */
  redeliveryMemory?: number;
}

export interface Decode extends Stage {
  /** When a device was last heard, its status, and keys nobody knows; `undefined` when it never sent anything. */
  report(device: string): DeviceReport | undefined;
}

const RAW_DAYS = 730;
const MINUTE_MS = 60_000;
/** How long a batch with orders, or with nothing else to do, may work on derivations. */
const DERIVE_MS = 250;
const CLOCK = 'clock';

export function createDecode(options: DecodeOptions): Decode {
  return new DecodeStage(options);
}

/** What became of one attempt to decode an uplink. */
interface Result {
  rows: number;
  problem: { reason: RejectReason; detail: string } | undefined;
}

class DecodeStage implements Decode {
  readonly name = 'decode';
  readonly reads = ['uplinks', 'orders'] as const;
  #directory: Directory;
  #memories = new DeviceMemories();
  #ledger = new LedgerCounts();
  #identity = new IdentityHash();
  #messages: IdentityMemory;
  #senders: IdentityMemory;
  #replays = new Replays();
  #rejects = new RejectList();
  #plans: DevicePlans;
  #ownTimes = new OwnTimes();
  #decoder = new UplinkDecoder(this.#memories, this.#ownTimes);
  #derive: DeriveJobs;
  #rejected: ReturnType<Ops['metrics']['counter']>;
  #writer = new ReadingWriter();
  /** Receipt time of the newest uplink or tick handled, and the offset after the newest uplink. */
  #clock = 0;
  #end = 0;
  #revision = 0;
  /** Within the batch in hand: the directory was asked. */
  #asked = false;

  constructor({ directory, catalogue = shipped, series, ops, rawDays, redeliveryMemory = 1_000_000 }: DecodeOptions) {
    this.#directory = directory;
    this.#messages = new IdentityMemory({ prefix: 'seen/m/', windowMs: 10 * MINUTE_MS, capacity: redeliveryMemory });
    this.#senders = new IdentityMemory({ prefix: 'seen/s/', windowMs: DAY_MS, capacity: redeliveryMemory });
    const parts = { directory, catalogue, memories: this.#memories, ledger: this.#ledger };
    this.#plans = new DevicePlans({ ...parts, rawDays: rawDays ?? ((q) => q.rawDays ?? RAW_DAYS) });
    this.#derive = new DeriveJobs({ ...parts, series, ops });
    this.#rejected = ops.metrics.counter('rejects_total', 'Uplinks rejected, wholly or in part', ['reason']);
  }

  report(device: string): DeviceReport | undefined {
    return this.#memories.get(device)?.report();
  }

  restore(state: Map<string, Uint8Array>): void {
    const clock = state.get(CLOCK);
    const b = clock && Buffer.from(clock.buffer, clock.byteOffset, clock.byteLength);
    this.#clock = b?.readDoubleLE(0) ?? 0;
    this.#end = b?.readDoubleLE(8) ?? 0;
    this.#revision = b?.readUInt16LE(16) ?? 0;
    for (const part of [
      this.#ownTimes,
      this.#ledger,
      this.#memories,
      this.#identity,
      this.#messages,
      this.#senders,
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
    if (!this.#derive.idle) await this.#derive.run(this.#writer, () => this.#stamp(), ordered || !busy ? DERIVE_MS : 0);
    return this.#outcome(batch);
  }

  poison(slice: Slice, error: Error, hash: string): Outcome {
    this.#begin();
    const problem = { reason: 'internal-error' as const, detail: `internal error ${hash} (${error.name})` };
    if (slice.block.stream === 'orders') {
      for (const order of readOrders(slice)) if (order.kind === 'replay') this.#replayFailed(order, problem);
    } else if (slice.to > slice.from) {
      const u = readUplinks(slice.block.body, slice.from, slice.to)[0]!; // one record, says the port
      this.#advance(slice, u);
      this.#ledger.of(u.owner).touch().rejected++;
      this.#reject(u, slice.block.first + slice.from, problem, { partial: false, revision: 0 });
    } else this.#advance(slice, undefined);
    return this.#outcome([slice]);
  }

  #begin(): void {
    this.#writer = new ReadingWriter();
    this.#decoder.batch(this.#writer);
    this.#rejects.reset();
    this.#asked = false;
  }

  #outcome(batch: readonly Slice[]): Outcome {
    const at = this.#clock || batch.at(-1)?.block.at || 0;
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
    this.#identity.changes(state);
    this.#ownTimes.changes(state, this.#clock);
    this.#messages.changes(state, this.#clock);
    this.#senders.changes(state, this.#clock);
    this.#replays.changes(state, this.#clock);
    this.#derive.changes(state);
    const clock = Buffer.allocUnsafe(18);
    clock.writeDoubleLE(this.#clock, 0);
    clock.writeDoubleLE(this.#end, 8);
    clock.writeUInt16LE(this.#revision, 16);
    state.set(CLOCK, clock);
    return { outputs, state };
  }

  async #uplinks(slice: Slice): Promise<void> {
    const { block, from, to } = slice;
    if (block.count === 0) {
      this.#writer.tick(block.at);
      this.#advance(slice, undefined);
      return;
    }
    const uplinks = readUplinks(block.body, from, to);
    for (let i = 0; i < uplinks.length; i++) {
      const u = uplinks[i]!; // i is within the list
      let plan = this.#plans.get(u.device);
      if ('reason' in plan && !this.#asked) {
        await this.#askRegistry(u.device);
        plan = this.#plans.get(u.device);
      }
      this.#uplink(u, block.first + from + i, plan);
    }
    this.#advance(slice, uplinks.at(-1));
  }

  /** The clock is that of the newest record handled, also where a block comes in parts. */
  #advance({ block, to }: Slice, last: Uplink | undefined): void {
    this.#clock = Math.max(this.#clock, to === block.count ? block.at : (last?.receivedAt ?? 0));
    if (block.first + to === this.#end) return;
    this.#end = block.first + to;
    this.#revision = 0;
  }

  #uplink(u: Uplink, offset: number, plan: DevicePlan | Refusal): void {
    const counts = this.#ledger.of(u.owner).touch();
    const known = 'reason' in plan ? undefined : plan;
    known?.memory.seen(u.receivedAt);
    if (u.kind === 'status') {
      const text = Buffer.from(u.payload.buffer, u.payload.byteOffset, Math.min(u.payload.byteLength, 8)).toString();
      if (text === 'online' || text === 'offline') known?.memory.status(text, u.receivedAt);
      counts.decoded++;
      return;
    }
    if (u.identity !== '' && this.#senderSeen(u)) {
      counts.decoded++;
      counts.redelivered++;
      return;
    }
    const { rows, problem } = known
      ? this.#decode(u, known, { offset, revision: 0, marks: 0 })
      : refused(plan as Refusal);
    const resendable = u.session !== '' && u.qos > 0 && (!known || this.#decoder.timeless);
    if (resendable && this.#messageSeen(u)) {
      if (known) this.#decoder.undo();
      counts.decoded++;
      counts.redelivered++;
    } else if (rows === 0) {
      counts.rejected++;
      this.#reject(u, offset, problem, { partial: false, revision: 0 });
    } else {
      this.#decoder.count();
      counts.decoded++;
      if (!problem) return;
      counts.partialRejects++;
      this.#reject(u, offset, problem, { partial: true, revision: 0 });
    }
  }

  #decode(u: Uplink, plan: DevicePlan, how: { offset: number; revision: number; marks: number }): Result {
    try {
      const rows = this.#decoder.decode(u, plan, { ...how, clock: this.#clock });
      return { rows, problem: this.#decoder.problem() };
    } catch (error) {
      if (!(error instanceof Rejected) || !isReason(error.code)) throw error;
      return { rows: 0, problem: { reason: error.code, detail: error.message } };
    }
  }

  #reject(
    u: Uplink,
    offset: number,
    problem: Result['problem'],
    { partial, revision }: { partial: boolean; revision: number },
  ): void {
    const { reason, detail } = problem ?? { reason: 'no-known-quantity' as const, detail: 'it has no values' };
    this.#rejected.inc({ reason });
    this.#rejects.rejected(u, { offset, reason, detail, partial, revision });
  }

  /** A sender's own identity was seen within a day. */
  #senderSeen(u: Uplink): boolean {
    this.#identity.ofSender(u);
    if (this.#senders.find(this.#identity, u.receivedAt) !== undefined) return true;
    this.#senders.put(this.#identity, u.connection, u.receivedAt);
    return false;
  }

  /** The same message came lately, and this one says that it comes again, or comes on a later connection of the session. */
  #messageSeen(u: Uplink): boolean {
    this.#identity.ofMessage(u);
    const connection = this.#messages.find(this.#identity, u.receivedAt);
    this.#messages.put(this.#identity, u.connection, u.receivedAt);
    return connection !== undefined && (u.dup || connection < u.connection);
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

  async #order(order: Order): Promise<void> {
    // People mended something just before they gave the order.
    if (!this.#asked) await this.#askRegistry(order.kind === 'derive' ? order.asset : `uplink ${order.uplink}`);
    if (order.kind === 'derive') this.#derive.add(order);
    else this.#replay(order);
  }

  #replay(order: Extract<Order, { kind: 'replay' }>): void {
    const before = this.#replays.get(order.uplink);
    if (before && (before.settled || order.revision <= before.revision)) return;
    const wasPartial = before?.partial ?? order.partial ?? false;
    const u = readRecord(order.record);
    const plan = this.#plans.get(u.device);
    // What is older than a day is history to the rules, as it is when it arrives late.
    const marks = this.#clock - u.receivedAt > DAY_MS ? MARK.history : 0;
    const { rows, problem } =
      'reason' in plan
        ? refused(plan)
        : this.#decode(u, plan, { offset: order.uplink, revision: order.revision, marks });
    if (rows === 0) {
      this.#replayFailed(order, problem);
      return;
    }
    this.#decoder.count();
    const counts = this.#ledger.of(u.owner).touch();
    if (!wasPartial) {
      counts.rejected--;
      counts.decoded++;
    }
    counts.partialRejects += (problem ? 1 : 0) - (wasPartial ? 1 : 0);
    if (problem) this.#reject(u, order.uplink, problem, { partial: true, revision: order.revision });
    else this.#rejects.settled(order.uplink, this.#clock);
    const { revision } = order;
    this.#replays.put(order.uplink, { revision, settled: !problem, partial: problem !== undefined, at: this.#clock });
  }

  #replayFailed(order: Extract<Order, { kind: 'replay' }>, problem: Result['problem']): void {
    const partial = this.#replays.get(order.uplink)?.partial ?? order.partial ?? false;
    const { revision } = order;
    this.#reject(readRecord(order.record), order.uplink, problem, { partial, revision });
    this.#replays.put(order.uplink, { revision, settled: false, partial, at: this.#clock });
  }

  /** Rows derived anew win over all that came before: the newest uplink, and one revision more each time. */
  #stamp(): { uplink: number; revision: number; received: number } {
    this.#revision = Math.min(this.#revision + 1, 0xffff);
    return { uplink: Math.max(0, this.#end - 1), revision: this.#revision, received: this.#clock };
  }
}

function refused(refusal: Refusal): Result {
  return { rows: 0, problem: refusal };
}

function readOrders({ block, from, to }: Slice): Order[] {
  return readJsonBlock<Order>(block).slice(from, to);
}

function readRecord(record: string): Uplink {
  return readUplinks(Buffer.from(record, 'base64'), 0, 1)[0]!; // a record is one uplink
}

function isReason(code: string): code is RejectReason {
  return (REJECT_REASONS as readonly string[]).includes(code);
}
