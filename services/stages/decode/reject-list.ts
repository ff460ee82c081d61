/** The rejects of one batch. Each carries its whole uplink, so that it can be tried again when the log has forgotten it. */
import type { NewBlock } from '../../model/block.ts';
import { jsonBlock } from '../../model/json-block.ts';
import type { Reject, RejectEvent } from '../../model/reject.ts';
import { keepOwnTime, type Uplink, UplinkWriter } from '../../model/uplink.ts';
import type { Metrics } from '../../ops/metrics.ts';
import type { Problem } from './attempt.ts';

/** A detail is read by people. */
const MAX_DETAIL = 500;

export class RejectList {
  #writer = new UplinkWriter();
  #events: RejectEvent[] = [];
  #count: ReturnType<Metrics['counter']>;

  constructor(metrics: Metrics) {
    this.#count = metrics.counter('rejects_total', 'Uplinks rejected, wholly or in part', ['reason']);
  }

  reset(): void {
    this.#events = [];
  }

  /** `problem`: absent when the uplink said nothing at all. `ownTime`: see model/uplink.ts. */
  rejected(
    u: Uplink,
    problem: Problem | undefined,
    {
      offset,
      partial,
      revision,
      ownTime,
    }: { offset: number; partial: boolean; revision: number; ownTime?: number | undefined },
  ): void {
    const { reason, detail } = problem ?? { reason: 'no-known-quantity' as const, detail: 'it has no values' };
    this.#count.inc({ reason });
    this.#writer.reset();
    this.#writer.push(u);
    const record = this.#writer.view();
    if (ownTime !== undefined) keepOwnTime(record, ownTime);
    const reject: Reject = {
      uplink: offset,
      device: u.device,
      owner: u.owner,
      receivedAt: u.receivedAt,
      reason,
      // Devices put lone surrogates and control characters into what we quote.
      detail: detail.slice(0, MAX_DETAIL).toWellFormed(),
      partial,
      revision,
      record: record.toString('base64'),
    };
    this.#events.push({ kind: 'rejected', reject });
  }

  settled(uplink: number, at: number): void {
    this.#events.push({ kind: 'settled', uplink, at });
  }

  block(at: number): NewBlock | undefined {
    return this.#events.length === 0 ? undefined : jsonBlock('rejects', at, this.#events);
  }
}
