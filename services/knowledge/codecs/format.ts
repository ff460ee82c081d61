/** A payload format: how the bytes of a message say which keys had which values when. One file a format, in formats/. */
import type { RejectReason } from '../../model/reject.ts';

/** Most readings of one uplink; see contract: limits. */
export const MAX_READINGS = 1000;

/**
 * Whoever takes what a format finds. A format calls, nothing is collected: a hundred thousand messages a second would
 * otherwise be as many arrays. It knows keys, not quantities; what a key means is the sink's to decide.
 */
export interface RecordSink {
  /**
   * The next record begins: values measured at one instant.
   * @param time epoch ms; `undefined` where the payload states none: the receipt time counts.
   * @param relative `time` was worked out from the receipt time, so it does not identify the measurement.
   */
  record(time: number | undefined, relative?: boolean): void;
  /** A value of the record, as the payload has it: not yet known to be a number. `unit` only where the payload names one. */
  value(key: string, value: unknown, unit?: string): void;
  /** An item that cannot be used, beside others that can. The record in hand goes on. */
  bad(reason: RejectReason, detail: string): void;
}

export interface Format {
  name: string;
  /**
   * Calls `sink` for everything in the payload.
   * @param receivedAt epoch ms; what relative times count from.
   * @throws Rejected with a RejectReason as code when nothing of the payload can be used.
   */
  parse(payload: Uint8Array, receivedAt: number, sink: RecordSink): void;
}
