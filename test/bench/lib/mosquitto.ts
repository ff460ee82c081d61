/** Debian's Mosquitto as the peer: in memory, on a free port, with room for what the benchmarks keep in flight. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = '/usr/sbin/mosquitto';
/** What the JSON says of the peer. */
export const MOSQUITTO_SETTINGS =
  'persistence false, no login, max_inflight_messages 0, max_queued_messages 0, set_tcp_nodelay true';

export interface Peer {
  port: number;
  stop(): Promise<void>;
}

export async function startMosquitto(port: number): Promise<Peer> {
  if (!existsSync(BINARY)) throw new Error('mosquitto is not installed; it is the peer of these benchmarks');
  const dir = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  const config = join(dir, 'mosquitto.conf');
  writeFileSync(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_inflight_messages 0\nmax_queued_messages 0\nset_tcp_nodelay true\nlog_type error\n`,
  );
  const child = spawn(BINARY, ['-c', config], { stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  await reachable(port);
  return {
    port,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function reachable(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const open = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        done(true);
      });
      socket.once('error', () => done(false));
    });
    if (open) return;
    await new Promise((later) => setTimeout(later, 25));
  }
  throw new Error('mosquitto did not open its port');
}
