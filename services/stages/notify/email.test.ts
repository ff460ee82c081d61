/** E-mail against a real SMTP server on this machine. */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import type { NotifyTarget } from '../../model/registry.ts';
import { createEmail, type EmailOptions } from './email.ts';

const servers: SMTPServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((s) => new Promise<void>((done) => s.close(done))));
});

async function relay(options: SMTPServerOptions = {}): Promise<{ port: number; mails: string[] }> {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString());
        done();
      });
    },
    ...options,
  });
  servers.push(server);
  server.on('error', () => {}); // a client that goes away
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

const target: NotifyTarget = {
  id: 'post',
  organisation: 'o',
  kind: 'email',
  address: 'vagt@kommune.example',
  minimumSeverity: 'low',
  enabled: true,
};

const body = JSON.stringify({
  type: 'alert.raised',
  timestamp: '2026-11-23T01:14:00.000Z',
  data: {
    severity: 'critical',
    name: { da: 'Høj vandstand', en: 'High water level' },
    sentence: { da: 'Høj vandstand i Pst. Åvej.', en: 'High water level in Pst. Åvej.' },
    assetName: 'Pst. Åvej',
    link: 'https://sansevaerk.example/alerts/a',
  },
});

function send(options: Partial<EmailOptions>, signal = new AbortController().signal) {
  const from = 'Sanseværk <alarm@sansevaerk.example>';
  const email = createEmail({ smtpUrl: undefined, from, now: () => Date.parse('2026-11-23T02:00:00Z'), ...options });
  return email({ id: 'a.1.post', body, target }, signal);
}

describe('e-mail', () => {
  it('goes through a relay without login', async () => {
    const { port, mails } = await relay();
    expect(await send({ smtpUrl: `smtp://127.0.0.1:${port}` })).toEqual({ sent: true });
    const [mail] = mails;
    expect(mail).toContain('To: vagt@kommune.example');
    expect(mail).toContain('Message-ID: <a.1.post@sansevaerk.example>');
    expect(mail).toContain('Auto-Submitted: auto-generated');
    expect(mail).toMatch(/^Subject: =\?UTF-8\?/m);
  });

  it('logs in where the address says so', async () => {
    const seen: unknown[] = [];
    const { port } = await relay({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth(auth, _session, done) {
        seen.push(auth.username, auth.password);
        done(null, { user: 'u' });
      },
    });
    expect(await send({ smtpUrl: `smtp://bruger:k%40de@127.0.0.1:${port}` })).toEqual({ sent: true });
    expect(seen).toEqual(['bruger', 'k@de']);
  });

  it('gives up on an address the relay will never take, and tries again what it may take later', async () => {
    const refuse = (responseCode: number) =>
      relay({ onRcptTo: (_address, _session, done) => done(Object.assign(new Error('nej'), { responseCode })) });
    expect(await send({ smtpUrl: `smtp://127.0.0.1:${(await refuse(550)).port}` })).toMatchObject({ retry: 'never' });
    expect(await send({ smtpUrl: `smtp://127.0.0.1:${(await refuse(451)).port}` })).toMatchObject({ retry: 'again' });
  });

  it('does not wait longer than its deadline', async () => {
    const { port } = await relay({ onConnect: () => {} }); // greets nobody
    const failed = await send({ smtpUrl: `smtp://127.0.0.1:${port}`, deadlineMs: 100 });
    expect(failed).toMatchObject({ sent: false, retry: 'again' });
  });

  it('waits when no relay is configured, and never shows a password', async () => {
    expect(await send({})).toMatchObject({ retry: 'again', error: 'SANSEVAERK_SMTP_URL is not set' });
    const refused = await send({ smtpUrl: 'smtp://bruger:hemmeligt@127.0.0.1:1' });
    expect(JSON.stringify(refused)).not.toContain('hemmeligt');
  });
});
