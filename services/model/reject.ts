/** An uplink that could not become readings, wholly or in part, with the reason and everything needed to try again. */

/** The published list: what a reason means and what to do about it stands in docs/rejects.md. */
export const REJECT_REASONS = [
  'unknown-device',
  'device-unassigned',
  'malformed-json',
  'malformed-senml',
  'too-deep',
  'too-many-readings',
  'no-known-quantity',
  'invalid-value',
  'invalid-time',
  'quantity-taken',
  'codec-failed',
  'codec-set-aside',
  'malformed-message',
  'older-than-retention',
  'internal-error',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export interface Reject {
  /** Offset of the uplink; the key of a reject. */
  uplink: number;
  device: string;
  owner: string;
  /** Epoch ms. */
  receivedAt: number;
  reason: RejectReason;
  detail: string;
  /** Some items of the batch became readings; the uplink counts as decoded. */
  partial: boolean;
  /** 0 at first, one more each time it was tried again. */
  revision: number;
  /** The whole uplink as UplinkWriter encodes it, base64, so that a replay outlives the log's retention. */
  record: string;
}

/** What the `rejects` stream carries: a new reject (or the same one tried again in vain), or one that is settled. */
export type RejectEvent = { kind: 'rejected'; reject: Reject } | { kind: 'settled'; uplink: number; at: number };
