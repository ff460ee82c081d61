/** What came of one attempt to deliver a message, and the port both ways of delivery share. */
import type { NotifyTarget } from '../../model/registry.ts';

interface Parcel {
  /** The idempotency key the receiver sees. */
  id: string;
  body: string;
  target: NotifyTarget;
}

/**
 * `again`: try later. `afterMs`: the receiver said when. `never`: trying again cannot help. `error` is kept with the
 * message and shown to the operator, so it must not carry a secret.
 */
export type Delivery = { sent: true } | { sent: false; retry: 'again' | 'never'; error: string; afterMs?: number };

/** Resolves before its deadline, whatever the other side does; never throws for what the other side does. */
export type Deliver = (parcel: Parcel, signal: AbortSignal) => Promise<Delivery>;
