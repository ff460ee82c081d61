/** What is kept for sessions, and how much of it. */
import { describe, expect, test } from 'vitest';
import type { Qos2 } from './qos2.ts';
import { SessionStore } from './session-store.ts';

function open({ queuedMessages = 3, queuedBytes = 100, sessions = 10 } = {}) {
  const dropped: string[] = [];
  const qos2 = {} as Qos2; // not asked here
  const store = new SessionStore({
    qos2,
    sessions,
    queuedMessages,
    queuedBytes,
    dropped: (client) => dropped.push(client),
  });
  return { store, dropped };
}

const client = { id: 'd1/c1' };
const topic = 'devices/d1/commands';
const command = (payload: string, brokerCounter = 1) => ({
  cmd: 'publish',
  brokerId: 'b',
  brokerCounter,
  topic,
  payload: Buffer.from(payload),
  qos: 1,
});

async function waiting(store: SessionStore): Promise<unknown[]> {
  return await store.outgoingStream(client).toArray();
}

describe('subscriptions', () => {
  test('only those to its own commands are kept', async () => {
    const { store } = open();
    await store.addSubscriptions(client, [
      { topic, qos: 1 },
      { topic: 'devices/d2/commands', qos: 1 },
      { topic: '#', qos: 1 },
    ]);
    expect(await store.subscriptionsByClient(client)).toEqual([{ topic, qos: 1 }]);
    expect(await store.subscriptionsByTopic(topic)).toEqual([{ clientId: 'd1/c1', topic, qos: 1 }]);
    await store.removeSubscriptions(client, [topic]);
    expect(await store.subscriptionsByTopic(topic)).toEqual([]);
  });

  test('QoS 0 ones get nothing while away', async () => {
    const { store } = open();
    await store.addSubscriptions(client, [{ topic, qos: 0 }]);
    expect(await store.subscriptionsByTopic(topic)).toEqual([]);
  });

  test('sessions are limited; the one longest unused makes room', async () => {
    const { store } = open({ sessions: 2 });
    for (const id of ['d1/a', 'd1/b', 'd1/c']) await store.addSubscriptions({ id }, [{ topic, qos: 1 }]);
    expect((await store.subscriptionsByTopic(topic)).map((s) => s.clientId)).toEqual(['d1/b', 'd1/c']);
  });
});

describe('commands that wait', () => {
  test('are limited by number, and what finds no room is told', async () => {
    const { store, dropped } = open();
    for (const n of [1, 2, 3, 4]) await store.outgoingEnqueueCombi([{ clientId: client.id }], command(`${n}`, n));
    expect(await waiting(store)).toHaveLength(3);
    expect(dropped).toEqual([client.id]);
  });

  test('are limited by bytes', async () => {
    const { store, dropped } = open();
    await store.outgoingEnqueue({ clientId: client.id }, command('x'.repeat(60)));
    await store.outgoingEnqueue({ clientId: client.id }, command('x'.repeat(60), 2));
    expect(await waiting(store)).toHaveLength(1);
    expect(dropped).toEqual([client.id]);
  });

  test('leave when they are acknowledged, and make room', async () => {
    const { store } = open();
    await store.outgoingEnqueue({ clientId: client.id }, command('x'.repeat(60)));
    await store.outgoingUpdate(client, { ...command(''), messageId: 7 });
    expect(await store.outgoingClearMessageId(client, { cmd: 'puback', messageId: 7 })).toMatchObject({ messageId: 7 });
    expect(await store.outgoingClearMessageId(client, { cmd: 'puback', messageId: 7 })).toBeUndefined();
    await store.outgoingEnqueue({ clientId: client.id }, command('x'.repeat(60)));
    expect(await waiting(store)).toHaveLength(1);
  });

  test('of QoS 2 turn into their PUBREL', async () => {
    const { store } = open();
    await store.outgoingEnqueue({ clientId: client.id }, command('x'));
    await store.outgoingUpdate(client, { ...command(''), messageId: 7 });
    await store.outgoingUpdate(client, { cmd: 'pubrel', messageId: 7 });
    expect(await waiting(store)).toEqual([{ cmd: 'pubrel', messageId: 7 }]);
    await expect(store.outgoingUpdate(client, { cmd: 'pubrel', messageId: 8 })).rejects.toThrow('no such packet');
  });

  test('are gone with a clean session', async () => {
    const { store } = open();
    await store.addSubscriptions(client, [{ topic, qos: 1 }]);
    await store.outgoingEnqueue({ clientId: client.id }, command('x'));
    await store.cleanSubscriptions(client);
    expect(await waiting(store)).toEqual([]);
  });
});
