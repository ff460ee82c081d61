/**
 * Sends what waits in the outbox: at least once, each with its idempotency key, until it is sent or given up.
 *
 *   due ──▶ one at a time for each target, four targets at once ──▶ sent
 *                        │ failed: that target rests, 5 s doubling to an hour, with jitter
 *                        └─▶ dead after 24 h or when the receiver says never; a platform alert tells
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { NotifyTarget, NotifyTargets, Outbox, OutboxMessage } from '../../model/registry.ts';
import type { Ops } from '../../ops/ops.ts';
import type { Deliver, Delivery } from './delivery.ts';

const AT_ONCE = 4;
const BATCH = 100;
const POLL_MS = 5000;
const FIRST_RETRY_MS = 5000;
const LONGEST_RETRY_MS = 3_600_000;
const GIVE_UP_AFTER_MS = 24 * 3_600_000;

export interface SenderParts {
  registry: {
    outbox: Pick<Outbox, 'due' | 'update'>;
    targets: Pick<NotifyTargets, 'get'>;
  };
  deliver: Readonly<Record<NotifyTarget['kind'], Deliver>>;
  ops: Ops;
  now?: () => number;
  random?: () => number;
  pollMs?: number;
}

export interface Sender {
  /** Something was queued: look at once, not at the next turn. */
  wake(): void;
  /** Resolves when nothing is under way any more; what was interrupted is sent again after the next start. */
  stop(): Promise<void>;
}

export function startSender(parts: SenderParts): Sender {
  const { registry, ops, now = Date.now, pollMs = POLL_MS } = parts;
  const stopping = new AbortController();
  const sent = ops.metrics.counter('notifications_total', 'Notifications by what came of an attempt', ['outcome']);
  /** Targets that failed, and until when they rest: their other messages need not fail one by one. */
  const resting = new Map<string, number>();
  let woken = Promise.withResolvers<void>();

  const sendTo = async (targetId: string, messages: readonly OutboxMessage[]): Promise<void> => {
    const target = await registry.targets.get(targetId);
    for (const message of messages) {
      if (stopping.signal.aborted) return;
      const until = resting.get(targetId) ?? 0;
      if (until > now()) {
        await registry.outbox.update({ ...message, dueAt: until });
        continue;
      }
      const delivery = await attempt(message, target);
      if (stopping.signal.aborted && !delivery.sent) return;
      await registry.outbox.update(afterAttempt(message, delivery));
    }
  };

  const attempt = async (message: OutboxMessage, target: NotifyTarget | undefined): Promise<Delivery> => {
    if (!target?.enabled) return { sent: false, retry: 'never', error: 'the target was removed or turned off' };
    return await parts.deliver[target.kind]({ id: message.id, body: message.body, target }, stopping.signal);
  };

  const afterAttempt = (message: OutboxMessage, delivery: Delivery): OutboxMessage => {
    const attempts = message.attempts + 1;
    if (delivery.sent) {
      sent.inc({ outcome: 'sent' });
      resting.delete(message.target);
      return { ...message, attempts, state: 'sent' };
    }
    const { error: lastError, retry } = delivery;
    if (retry === 'never' || now() - message.createdAt > GIVE_UP_AFTER_MS) {
      sent.inc({ outcome: 'dead' });
      ops.alerts.raise('notify-dead', `gave up on a notification to ${message.target}: ${lastError}`);
      return { ...message, attempts, state: 'dead', lastError };
    }
    sent.inc({ outcome: 'failed' });
    ops.logger.warn({ target: message.target, alert: message.alert, attempts }, `notification failed: ${lastError}`);
    const dueAt = now() + Math.max(delivery.afterMs ?? 0, backoff(attempts, parts.random ?? Math.random));
    resting.set(message.target, dueAt);
    return { ...message, attempts, dueAt, lastError };
  };

  /** Whether there may be more to do at once. */
  const round = async (): Promise<boolean> => {
    const due = await registry.outbox.due(now(), BATCH);
    const byTarget = [...Map.groupBy(due, (message) => message.target)];
    const lane = async (): Promise<void> => {
      for (let next = byTarget.shift(); next; next = byTarget.shift()) await sendTo(...next);
    };
    // All of them end before the next round begins, or two of them could send one message.
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, lane));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    for (const [target, until] of resting) if (until <= now() - LONGEST_RETRY_MS) resting.delete(target);
    return due.length === BATCH;
  };

  const pause = async (): Promise<void> => {
    const over = new AbortController();
    const signal = AbortSignal.any([stopping.signal, over.signal]);
    await Promise.race([woken.promise, delay(pollMs, undefined, { signal }).catch(() => {})]);
    over.abort();
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let more = false;
      try {
        woken = Promise.withResolvers();
        more = await round();
        ops.alerts.clear('notify-sender');
      } catch (error) {
        ops.alerts.raise(
          'notify-sender',
          `the outbox cannot be worked off: ${error instanceof Error ? error.message : error}`,
        );
      }
      if (!more) await pause();
    }
  };
  const running = loop();

  return {
    wake: () => woken.resolve(),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** 5 s, 10 s, 20 s, … at most an hour, each half of it at random so that many do not come back at once. */
export function backoff(attempts: number, random: () => number): number {
  const longest = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
  return longest / 2 + (longest / 2) * random();
}
