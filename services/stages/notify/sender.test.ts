/** The sender: at least once, patient with one target without the others waiting, and loud when it gives up. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NotifyTarget, OutboxMessage } from '../../model/registry.ts';
import { createLogger } from '../../ops/logger.ts';
import { createMetrics } from '../../ops/metrics.ts';
import { PlatformAlerts } from '../../ops/platform-alerts.ts';
import type { Deliver, Delivery } from './delivery.ts';
import { backoff, type Sender, startSender } from './sender.ts';

const HOUR = 3_600_000;

class Outbox {
  messages = new Map<string, OutboxMessage>();
  #waiters: (() => void)[] = [];
  failing = false;

  add(...messages: { id: string; target: string; createdAt?: number }[]): void {
    for (const { createdAt = 0, ...m } of messages) {
      const waiting = { alert: 'a', body: '{}', dueAt: createdAt, attempts: 0, state: 'waiting' as const };
      this.messages.set(m.id, { ...waiting, createdAt, ...m });
    }
  }

  async due(now: number, limit: number): Promise<OutboxMessage[]> {
    if (this.failing) throw new Error('registry: no answer');
    const due = [...this.messages.values()].filter((m) => m.state === 'waiting' && m.dueAt <= now);
    return due.sort((a, b) => a.dueAt - b.dueAt).slice(0, limit);
  }

  async update(message: OutboxMessage): Promise<void> {
    this.messages.set(message.id, message);
    for (const check of this.#waiters.splice(0)) check();
  }

  /** Resolves once it is so. */
  async until(so: () => boolean): Promise<void> {
    while (!so()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  state(id: string): string | undefined {
    return this.messages.get(id)?.state;
  }
}

const targetOf = (id: string): NotifyTarget => ({
  id,
  organisation: 'o',
  kind: 'webhook',
  address: 'https://example.org',
  minimumSeverity: 'low',
  enabled: id !== 'off',
});

let outbox: Outbox;
let now: number;
let sender: Sender | undefined;
let alerts: PlatformAlerts;

beforeEach(() => {
  outbox = new Outbox();
  now = 0;
  sender = undefined;
});
afterEach(async () => await sender?.stop());

function start(deliver: Deliver): Sender {
  const logger = createLogger('silent');
  const metrics = createMetrics();
  alerts = new PlatformAlerts(logger, metrics);
  sender = startSender({
    registry: { outbox, targets: { get: async (id) => (id === 'gone' ? undefined : targetOf(id)) } },
    deliver: { webhook: deliver, email: deliver },
    ops: { logger, metrics, alerts },
    now: () => now,
    random: () => 0,
    pollMs: 60_000,
  });
  return sender;
}

const failed: Delivery = { sent: false, retry: 'again', error: 'answered 500' };

describe('sender', () => {
  it('sends what waits, with its idempotency key', async () => {
    const ids: string[] = [];
    outbox.add({ id: 'a.1.t', target: 't' }, { id: 'b.1.t', target: 't' });
    start(async ({ id }) => {
      ids.push(id);
      return { sent: true };
    });
    await outbox.until(() => outbox.state('b.1.t') === 'sent');
    expect(ids).toEqual(['a.1.t', 'b.1.t']);
  });

  it('sends what comes later as soon as it is woken', async () => {
    const s = start(async () => ({ sent: true }));
    outbox.add({ id: 'a', target: 't' });
    s.wake();
    await outbox.until(() => outbox.state('a') === 'sent');
  });

  it('lets a target rest after a failure: its other messages wait without an attempt', async () => {
    let attempts = 0;
    outbox.add({ id: 'a', target: 't' }, { id: 'b', target: 't' });
    start(async () => {
      attempts++;
      return failed;
    });
    await outbox.until(() => (outbox.messages.get('b')?.dueAt ?? 0) > 0);
    expect(attempts).toBe(1);
    expect(outbox.messages.get('a')).toMatchObject({ attempts: 1, dueAt: 2500, lastError: 'answered 500' });
    expect(outbox.messages.get('b')).toMatchObject({ attempts: 0, dueAt: 2500 });
  });

  it('tries again when it has rested, with the same key, and then sends the others', async () => {
    const ids: string[] = [];
    outbox.add({ id: 'a', target: 't' }, { id: 'b', target: 't' });
    const s = start(async ({ id }) => {
      ids.push(id);
      return ids.length === 1 ? failed : { sent: true };
    });
    await outbox.until(() => (outbox.messages.get('b')?.dueAt ?? 0) > 0);
    now = 2500;
    s.wake();
    await outbox.until(() => outbox.state('a') === 'sent' && outbox.state('b') === 'sent');
    expect(ids).toEqual(['a', 'a', 'b']);
  });

  it('waits as long as the receiver asked for', async () => {
    outbox.add({ id: 'a', target: 't' });
    start(async () => ({ ...failed, afterMs: 120_000 }));
    await outbox.until(() => outbox.messages.get('a')?.attempts === 1);
    expect(outbox.messages.get('a')!.dueAt).toBe(120_000);
  });

  it('does not let one that never answers hold up the others', async () => {
    outbox.add({ id: 'slow', target: 'slow' }, { id: 'a', target: 't' });
    start(async ({ target }, signal) => {
      if (target.id === 'slow') await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { sent: true };
    });
    await outbox.until(() => outbox.state('a') === 'sent');
    expect(outbox.state('slow')).toBe('waiting');
  });

  it('gives up after 24 hours, and says so', async () => {
    outbox.add({ id: 'a', target: 't', createdAt: 0 });
    now = 24 * HOUR + 1;
    start(async () => failed);
    await outbox.until(() => outbox.state('a') === 'dead');
    expect(alerts.list()).toMatchObject([{ name: 'notify-dead' }]);
  });

  it('gives up at once on a target that was removed or turned off', async () => {
    outbox.add({ id: 'a', target: 'gone' }, { id: 'b', target: 'off' });
    start(async () => ({ sent: true }));
    await outbox.until(() => outbox.state('a') === 'dead' && outbox.state('b') === 'dead');
    expect(outbox.messages.get('b')!.lastError).toContain('turned off');
  });

  it('leaves what was interrupted by a stop to the next start', async () => {
    outbox.add({ id: 'a', target: 't' });
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const s = start(async (_, signal) => {
      ask();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return failed;
    });
    await asked;
    await s.stop();
    expect(outbox.messages.get('a')).toMatchObject({ state: 'waiting', attempts: 0 });
  });

  it('says so when the outbox cannot be read, and goes on when it can', async () => {
    outbox.failing = true;
    outbox.add({ id: 'a', target: 't' });
    const s = start(async () => ({ sent: true }));
    await expect.poll(() => alerts.list().map((a) => a.name)).toEqual(['notify-sender']);
    outbox.failing = false;
    s.wake();
    await outbox.until(() => outbox.state('a') === 'sent');
    await expect.poll(() => alerts.list()).toEqual([]);
  });

  it('backs off from seconds to an hour, half of it at random', () => {
    expect([1, 2, 3, 20].map((n) => backoff(n, () => 1))).toEqual([5000, 10_000, 20_000, HOUR]);
    expect(backoff(1, () => 0)).toBe(2500);
  });
});
