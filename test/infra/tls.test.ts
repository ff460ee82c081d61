/** MQTT over TLS as an operator turns it on, and renewal: the new certificate counts from the next start, and nothing is lost over it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { eventually, register, startPlatform } from '../lib/platform.ts';
import { makeCertificate } from './certificate.ts';
import { freePort } from './free-port.ts';

const HOST = 'iot.example.dk';

test('a device publishes over TLS, the certificate is renewed, and it goes on after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sansevaerk-tls-'));
  const port = await freePort();
  const env = {
    SANSEVAERK_MQTTS_PORT: String(port),
    SANSEVAERK_TLS_CERT: join(folder, 'cert.pem'),
    SANSEVAERK_TLS_KEY: join(folder, 'key.pem'),
  };
  try {
    const { cert } = makeCertificate(folder, HOST);
    const first = await startPlatform({ dir: folder, env });
    const secret = (await register(first, ['ring-1'])).get('ring-1') ?? '';
    await publish(port, secret, cert, 71);
    const renewed = makeCertificate(folder, HOST).cert;
    expect(await servedBy(port)).toBe(cert);
    expect(await first.stop()).toBe(0);

    const second = await startPlatform({ dir: folder, env });
    expect(await servedBy(port)).toBe(renewed);
    await publish(port, secret, renewed, 72);
    await eventually(
      () => second.api<{ accepted: number; stored: number }>('GET', '/ledger'),
      (ledger) => ledger.accepted === 2 && ledger.stored === 2,
    );
    expect(await second.stop()).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

async function publish(port: number, secret: string, ca: string, fillingLevel: number): Promise<void> {
  const client = await connectAsync({
    protocol: 'mqtts',
    host: '127.0.0.1',
    port,
    servername: HOST,
    ca,
    username: 'ring-1',
    password: secret,
    reconnectPeriod: 0,
  });
  await client.publishAsync('devices/ring-1/readings', JSON.stringify({ fillingLevel }), { qos: 1 });
  await client.endAsync();
}

/** The certificate shown on a port, PEM. */
function servedBy(port: number): Promise<string> {
  return new Promise((done, failed) => {
    const socket = connectTls({ host: '127.0.0.1', port, servername: HOST, rejectUnauthorized: false }, () => {
      const raw = socket.getPeerX509Certificate()?.toString() ?? '';
      socket.destroy();
      done(raw);
    });
    socket.once('error', failed);
  });
}
