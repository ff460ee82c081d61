/** What people order of decode: to try a reject again, and to derive a period anew. Each moves the ledger once at most. */
import { Buffer } from 'node:buffer';
import { readJsonBlock } from '../../model/json-block.ts';
import type { Order } from '../../model/order.ts';
import { MARK } from '../../model/readings.ts';
import { ownTimeOf, readUplinks, type Uplink } from '../../model/uplink.ts';
import type { Ops } from '../../ops/ops.ts';
import type { Slice } from '../../pipeline/stage.ts';
import { attempt, type Problem } from './attempt.ts';
import type { DeriveJobs } from './derive-jobs.ts';
import type { DevicePlans } from './device-plans.ts';
import type { Frames } from './frames.ts';
import { DAY_MS } from './judge-time.ts';
import type { LedgerCounts } from './ledger-counts.ts';
import type { LorawanUplinks } from './lorawan-uplinks.ts';
import { LAST_REVISION, type Progress } from './progress.ts';
import type { RedecodeJobs } from './redecode-jobs.ts';
import type { RejectList } from './reject-list.ts';
import type { Replays } from './replays.ts';
import { scriptFormat } from './script-format.ts';
import type { UplinkDecoder } from './uplink-decoder.ts';

type Replay = Extract<Order, { kind: 'replay' }>;

export interface OrdersOptions {
  plans: DevicePlans;
  frames: Frames;
  lorawan: LorawanUplinks;
  decoder: UplinkDecoder;
  ledger: LedgerCounts;
  rejects: RejectList;
  replays: Replays;
  derive: DeriveJobs;
  redecode: RedecodeJobs;
  progress: Progress;
  ops: Ops;
}

export class Orders {
  #options: OrdersOptions;
  #lost: ReturnType<Ops['metrics']['counter']>;

  constructor(options: OrdersOptions) {
    this.#options = options;
    this.#lost = options.ops.metrics.counter('orders_lost_total', 'Orders set aside because of a bug', ['kind']);
  }

  /** @throws Unavailable when the sandbox of the codecs is away. */
  async handle(order: Order): Promise<void> {
    if (order.kind === 'derive') this.#options.derive.add(order);
    else if (order.kind === 'replay') await this.#replay(order);
    else if (order.kind === 'redecode') this.#options.redecode.add(order, this.#options.progress.clock);
    else this.#options.redecode.cancel(order.id);
  }

  /**
   * The order that `handle` fails on because of a bug. A replay becomes a reject again; whatever else was ordered is lost,
   * and whoever runs the platform is told, so that it can be ordered anew. Takes for granted nothing that may have failed.
   */
  poison(slice: Slice, problem: Problem): void {
    let order: Order | undefined;
    try {
      order = readOrders(slice)[0]!; // one record, says the port
      if (order.kind === 'replay') {
        this.#replayFailed(order, problem);
        return;
      }
    } catch {
      // The error that brought us here is logged by the loop; the order is lost, its reject stands as it was.
    }
    const { logger, alerts } = this.#options.ops;
    const what = order ? described(order) : `order ${slice.block.first + slice.from}, which cannot be read`;
    this.#lost.inc({ kind: order?.kind ?? 'unreadable' });
    logger.error({ order: what, detail: problem.detail }, 'an order is lost');
    alerts.raise('order-lost', `What was ordered was not done, order it again: ${what} (${problem.detail})`);
  }

  async #replay(order: Replay): Promise<void> {
    const { plans, frames, lorawan, decoder, ledger, rejects, replays, progress } = this.#options;
    const before = replays.get(order.uplink);
    if (before && (before.settled || order.revision <= before.revision)) return;
    const wasPartial = before?.partial ?? order.partial ?? false;
    const { u, ownTime } = readRecord(order.record);
    const { clock } = progress;
    // What is older than a day is history to the rules, as it is when it arrives late.
    const marks = clock - u.receivedAt > DAY_MS ? MARK.history : 0;
    const how = { offset: order.uplink, revision: Math.min(order.revision, LAST_REVISION), marks, clock, ownTime };
    const prepared = (await frames.prepare([u])).get(0);
    const { rows, problem, noted } =
      u.kind === 'lorawan' && prepared
        ? lorawan.take(u, prepared, how, true)
        : attempt(decoder, u, prepared?.plan ?? plans.get(u.device), how, prepared && scriptFormat(prepared));
    if (rows === 0 && !noted) {
      this.#replayFailed(order, problem);
      return;
    }
    decoder.count();
    const counts = ledger.of(u.owner).touch();
    if (!wasPartial) {
      counts.rejected--;
      counts.decoded++;
    }
    counts.partialRejects += (problem ? 1 : 0) - (wasPartial ? 1 : 0);
    const { revision } = order;
    if (problem) rejects.rejected(u, problem, { offset: order.uplink, partial: true, revision, ownTime });
    else rejects.settled(order.uplink, clock);
    replays.put(order.uplink, { revision, settled: !problem, partial: problem !== undefined, at: clock });
  }

  #replayFailed(order: Replay, problem: Problem | undefined): void {
    const { rejects, replays, progress } = this.#options;
    const partial = replays.get(order.uplink)?.partial ?? order.partial ?? false;
    const { revision } = order;
    const { u, ownTime } = readRecord(order.record);
    rejects.rejected(u, problem, { offset: order.uplink, partial, revision, ownTime });
    replays.put(order.uplink, { revision, settled: false, partial, at: progress.clock });
  }
}

function described(order: Order): string {
  if (order.kind === 'replay') return `replay of uplink ${order.uplink}`;
  return order.kind === 'derive' ? `values of ${order.asset} derived anew` : `${order.kind} ${order.id}`;
}

export function readOrders({ block, from, to }: Slice): Order[] {
  return readJsonBlock<Order>(block).slice(from, to);
}

function readRecord(text: string): { u: Uplink; ownTime: number } {
  const record = Buffer.from(text, 'base64');
  return { u: readUplinks(record, 0, 1)[0]!, ownTime: ownTimeOf(record) }; // a record is one uplink
}
