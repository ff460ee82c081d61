/** MQTT over TLS, with and without client certificates. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Harness } from './testing/harness.ts';

const pem = (name: string) => readFileSync(join(import.meta.dirname, 'testing/certs', name), 'utf8');
const ca = pem('ca.pem');
const server = { cert: pem('server.pem'), key: pem('server.key') };
const device = { ca, cert: pem('device.pem'), key: pem('device.key') };
const stranger = { ca, cert: pem('stranger.pem'), key: pem('stranger.key') };

const start = (clientCa?: string, limits = {}) =>
  Harness.start({ config: { mqttsPort: 0, tls: { ...server, ...(clientCa && { clientCa }) } }, limits });

describe('MQTT over TLS', () => {
  test('takes a secret like the plain port', async () => {
    await using h = await start();
    const client = h.client({ port: h.tlsPort, tls: { ca } });
    expect(await client.connect()).toMatchObject({ returnCode: 0 });
    await client.publish('devices/d1/readings', 'x'.repeat(60_000));
    expect(await h.uplinks()).toHaveLength(1);
    expect(h.ingest.connections()).toMatchObject({ open: 1, halfOpen: 0 });
  });

  test('with client certificates, the name in the certificate is the device', async () => {
    await using h = await start(ca);
    const client = h.client({ port: h.tlsPort, tls: device });
    expect(await client.connect({ username: undefined, password: undefined } as object)).toMatchObject({
      returnCode: 0,
    });
    await client.publish('devices/d1/readings', 'x');
    expect(await h.uplinks()).toMatchObject([{ device: 'd1' }]);
  });

  test('a user name does not change it', async () => {
    await using h = await start(ca);
    const client = h.client({ port: h.tlsPort, tls: device });
    const other = { username: 'd2', password: Buffer.from('secret-d2') };
    expect(await client.connect(other)).toMatchObject({ returnCode: 4 });
    expect(await h.refused('certificate')).toBe(1);
  });

  test('a certificate nobody we trust has signed is refused', async () => {
    await using h = await start(ca);
    const client = h.client({ port: h.tlsPort, tls: stranger });
    expect(await client.connect()).toMatchObject({ returnCode: 4 });
    expect(await h.refused('certificate')).toBe(1);
  });

  test('the certificate of a device that is not registered is refused', async () => {
    await using h = await start(ca);
    h.registry.remove('d1');
    const client = h.client({ port: h.tlsPort, tls: device });
    expect(await client.connect()).toMatchObject({ returnCode: 4 });
    expect(await h.refused('unknown-device')).toBe(1);
  });

  test('without a certificate the secret still counts', async () => {
    await using h = await start(ca);
    expect(await h.client({ port: h.tlsPort, tls: { ca } }).connect()).toMatchObject({ returnCode: 0 });
  });

  test('a handshake that does not end is closed, and counts as half open until then', async () => {
    await using h = await start(undefined, { connectMs: 100 });
    const silent = connect({ host: '127.0.0.1', port: h.tlsPort });
    const closed = new Promise((resolve) => silent.once('close', resolve));
    silent.on('error', () => {});
    await expect.poll(() => h.ingest.connections().halfOpen).toBe(1);
    await closed;
    await expect.poll(() => h.ingest.connections().halfOpen).toBe(0);
    expect(await h.refused('tls-handshake')).toBe(1);
  });

  test('bytes that are no TLS are counted', async () => {
    await using h = await start();
    const client = h.client({ port: h.tlsPort });
    client.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await client.closed;
    expect(await h.refused('tls-handshake')).toBe(1);
  });
});
