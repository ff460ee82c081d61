/** Device secrets: what is kept, how one replaces another, what a miss does. */
import { describe, expect, test } from 'vitest';
import { hashSecret } from '../../model/secret.ts';
import { Harness } from './testing/harness.ts';

const DAY = 86_400_000;
const login = (secret: string) => ({ clientId: secret, password: Buffer.from(secret) });

/** `d1` has had `old` for long and was just given `new`. */
function rotated(h: Harness, { createdAt = Date.now(), expiresAt = Date.now() + 7 * DAY } = {}): void {
  h.registry
    .remove('d1')
    .device('d1', { secret: 'old' })
    .credential({ device: 'd1', hash: hashSecret('old'), createdAt: 1, usedAt: 2, expiresAt })
    .credential({ device: 'd1', hash: hashSecret('new'), createdAt });
}

describe('semantics: Secrets', () => {
  test('the former secret works until the new one is first used', async () => {
    await using h = await Harness.start();
    rotated(h);
    const before = await h.connected(login('old'));
    await before.publish('devices/d1/readings', '1');
    await h.connected(login('new'));
    expect(h.used).toEqual([['d1', hashSecret('new')]]);
    // At once, before the directory has heard of it.
    expect(await h.client().connect(login('old'))).toMatchObject({ returnCode: 4 });
  });

  test('its first use is told once', async () => {
    await using h = await Harness.start();
    rotated(h);
    await h.connected(login('new'));
    await h.connected(login('new'));
    expect(h.used).toHaveLength(1);
  });

  test('its first use is told again when the registry did not hear it, and the former stays ended', async () => {
    await using h = await Harness.start();
    rotated(h);
    const { credentialUsed } = h;
    h.credentialUsed = () => Promise.reject(new Error('registry is away'));
    await h.connected(login('new'));
    h.credentialUsed = credentialUsed;
    expect(await h.client().connect(login('old'))).toMatchObject({ returnCode: 4 });
    await h.connected(login('new'));
    expect(h.used).toHaveLength(1);
  });

  test('the former works for seven days at most', async () => {
    await using h = await Harness.start();
    rotated(h, { createdAt: Date.now() - 7 * DAY - 1000, expiresAt: Date.now() + DAY });
    expect(await h.client().connect(login('old'))).toMatchObject({ returnCode: 4 });
    await h.connected(login('new'));
  });

  test('revoked, the former ends now, and so does a connection made with it', async () => {
    await using h = await Harness.start();
    rotated(h);
    const client = await h.connected(login('old'));
    rotated(h, { expiresAt: Date.now() - 1 });
    await h.registry.directory.refresh();
    await client.closed;
    expect(await h.refused('credential-ended')).toBe(1);
    expect(await h.client().connect(login('old'))).toMatchObject({ returnCode: 4 });
  });

  test('connections of a device that was removed are closed', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    h.registry.remove('d1');
    await h.registry.directory.refresh();
    await client.closed;
  });

  test('a device that changes owner goes on under the new one', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    await client.publish('devices/d1/readings', '1');
    h.registry.device('d1', { owner: 'randers' });
    await h.registry.directory.refresh();
    await expect
      .poll(async () => {
        await client.publish('devices/d1/readings', '2', 2);
        return (await h.uplinks()).at(-1)?.owner;
      })
      .toBe('randers');
  });

  test('MQTT and HTTP share them', async () => {
    await using h = await Harness.start();
    rotated(h);
    const body = Buffer.from('{}');
    const { door } = h.ingest;
    await door.acceptHttp({ device: 'd1', secret: 'old', body });
    await h.connected(login('new'));
    await expect(door.acceptHttp({ device: 'd1', secret: 'old', body })).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await door.acceptHttp({ device: 'd1', secret: 'new', body });
  });
});

describe('a miss', () => {
  test('asks the registry before anything is refused', async () => {
    await using h = await Harness.start();
    await h.connected();
    h.registry.device('fresh');
    await h.connected({ username: 'fresh', password: Buffer.from('secret-fresh') });
  });

  test('is answered with "unavailable" when the registry does not answer', async () => {
    await using h = await Harness.start();
    h.registry.broken = new Error('down');
    expect(await h.client().connect({ username: 'fresh' })).toMatchObject({ returnCode: 3 });
    await expect(
      h.ingest.door.acceptHttp({ device: 'fresh', secret: 'x', body: Buffer.from('{}') }),
    ).rejects.toMatchObject({ name: 'Unavailable' });
  });

  test.each([
    ['a wrong secret', { password: Buffer.from('wrong') }, 'wrong-secret'],
    ['an unknown device', { username: 'nobody' }, 'unknown-device'],
    ['a name that is no id', { username: 'D1' }, 'unknown-device'],
    ['no credentials', { username: undefined, password: undefined }, 'no-credentials'],
    ['no password', { password: undefined }, 'no-credentials'],
  ])('%s: refused with 4, counted and audited', async (_, options, reason) => {
    await using h = await Harness.start();
    const client = h.client();
    expect(await client.connect(options as Parameters<typeof client.connect>[0])).toMatchObject({ returnCode: 4 });
    await client.closed;
    expect(await h.refused(reason)).toBe(1);
    expect(h.audit).toHaveLength(1);
    expect(JSON.stringify(h.audit)).not.toContain('wrong"');
  });
});
