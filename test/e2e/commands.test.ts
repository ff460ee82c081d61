/** Commands end to end: who may, what keeps them off, and a device that is told over its own connection. */
import { type EventEmitter, once } from 'node:events';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type Platform, startPlatform } from '../lib/platform.ts';

interface Command {
  id: string;
  state: string;
  detail?: string;
}

describe('commands to devices', () => {
  let platform: Platform;
  let password = '';
  const path = '/devices/lamp-1/commands';
  const states = async () => (await platform.api<{ items: Command[] }>('GET', path)).items.map((c) => c.state);

  beforeAll(async () => {
    platform = await startPlatform();
    const { api } = platform;
    await api('PUT', '/organisations/testby', { name: 'Testby', kind: 'municipality' });
    await api('PUT', '/assets/lamp-1', { owner: 'testby', type: 'street-light', name: 'Lampe 1' });
    const connection = { kind: 'mqtt' };
    await api('PUT', '/devices/lamp-1', { owner: 'testby', model: 'generic-json', asset: 'lamp-1', connection });
    ({ password } = await api<{ password: string }>('POST', '/devices/lamp-1/credentials'));
  });
  afterAll(() => platform.stop());

  it('are off for a type until whoever operates it switches them on', async () => {
    const refused = await platform.api('POST', path, { bytesHex: '01' }, { expect: [403] });
    expect(refused.detail).toContain('Commands to street-light are off');
    const on = { name: 'Testby', kind: 'municipality', commandTypes: ['street-light'] };
    await platform.api('PUT', '/organisations/testby', on);
  });

  it('wait for a device that is away, and reach it when it comes', async () => {
    const { id } = await platform.api<Command>('POST', path, { name: 'dim', bytesHex: '0a32' }, { expect: [202] });
    await eventually(states, (s) => s[0] === 'queued', 5000);
    const shown = await eventually(
      () => platform.api<{ items: Command[] }>('GET', path),
      ({ items }) => items[0]?.detail !== undefined,
      10_000,
    );
    expect(shown.items[0]).toMatchObject({ id, detail: 'lamp-1 is not connected' });

    const client = mqtt.connect({
      host: '127.0.0.1',
      port: platform.mqttPort,
      username: 'lamp-1',
      password,
      clientId: 'l',
    });
    const events = client as unknown as EventEmitter; // its own types name fewer
    if (!client.connected) await once(events, 'connect');
    // Connected is not yet listening: what were sent now would be lost.
    await eventually(
      () => platform.api<{ items: Command[] }>('GET', path),
      ({ items }) => items[0]?.detail?.startsWith('lamp-1 is connected, but has not subscribed') ?? false,
      10_000,
    );
    const message = once(events, 'message');
    await client.subscribeAsync('devices/lamp-1/commands', { qos: 1 });
    const [topic, payload] = (await message) as [string, Buffer];
    expect([topic, payload.toString('hex')]).toEqual(['devices/lamp-1/commands', '0a32']);
    await eventually(states, (s) => s[0] === 'sent', 10_000);
    await client.endAsync();
  });

  it('survive a restart, and every one is in the audit log', async () => {
    await platform.api('POST', path, { bytesHex: 'ff' }, { expect: [202] });
    const { items } = await platform.api<{ items: { action: string; detail: string }[] }>('GET', '/audit');
    expect(items.filter((i) => i.action === 'command').map((i) => i.detail)).toEqual(
      expect.arrayContaining([expect.stringContaining('ff port 1'), expect.stringContaining('dim 0a32 port 1')]),
    );
  });

  it('need a right of their own, and say what is wrong with them', async () => {
    const { token } = await platform.api<{ token: string }>('POST', '/tokens', {
      organisation: 'testby',
      name: 'reader',
      role: 'reader',
    });
    await platform.api('POST', path, { bytesHex: '01' }, { token, expect: [403] });
    const neither = await platform.api('POST', path, {}, { expect: [400] });
    expect(JSON.stringify(neither)).toContain('give either bytesHex or data');
    const noCodec = await platform.api('POST', path, { data: { dim: 50 } }, { expect: [400] });
    expect(JSON.stringify(noCodec)).toContain('no codec of yours that encodes');
  });
});
