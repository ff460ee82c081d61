/** One attempt to decode an uplink: rows, or why there are none. What is neither is a bug and goes on as it was thrown. */
import type { Format } from '../../knowledge/codecs/format.ts';
import { Rejected } from '../../model/errors.ts';
import { REJECT_REASONS, type RejectReason } from '../../model/reject.ts';
import type { Uplink } from '../../model/uplink.ts';
import type { DevicePlan } from './device-plan.ts';
import type { Refusal } from './device-plans.ts';
import type { HowToDecode, UplinkDecoder } from './uplink-decoder.ts';

export interface Problem {
  reason: RejectReason;
  detail: string;
}

export interface Result {
  rows: number;
  /** Of the whole when there are no rows, of some items else. */
  problem: Problem | undefined;
  /** There are no rows, and that is right: the uplink said something, but measured nothing. */
  noted?: true;
}

/** Rows go to the writer of `decoder`. `format`: instead of the plan's, where the message needed preparing. */
export function attempt(
  decoder: UplinkDecoder,
  u: Uplink,
  plan: DevicePlan | Refusal,
  how: HowToDecode,
  format?: Format,
): Result {
  if ('reason' in plan) {
    decoder.refuse(u, how);
    return { rows: 0, problem: plan };
  }
  const { device } = plan;
  // Somebody spoke for a device that did not exist then. Whoever took the name later is somebody else.
  if (u.owner !== '' && u.owner !== device.owner && u.kind !== 'lorawan' && device.registeredAt > u.receivedAt) {
    decoder.refuse(u, how);
    return { rows: 0, problem: { reason: 'unknown-device', detail: `no device ${u.device} was registered then` } };
  }
  try {
    const rows = decoder.decode(u, plan, how, format);
    return { rows, problem: decoder.problem() };
  } catch (error) {
    if (!(error instanceof Rejected) || !isReason(error.code)) throw error;
    return { rows: 0, problem: { reason: error.code, detail: error.message } };
  }
}

function isReason(code: string): code is RejectReason {
  return (REJECT_REASONS as readonly string[]).includes(code);
}
