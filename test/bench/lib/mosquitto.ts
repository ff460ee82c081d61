/** Debian's Mosquitto: as the peer in memory, with room for what the benchmarks keep in flight; as somebody's broker with its own settings. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = '/usr/sbin/mosquitto';
const SETTINGS = [
  'persistence false',
  'allow_anonymous true',
  'max_inflight_messages 0',
  'max_queued_messages 0',
  'set_tcp_nodelay true',
  'log_type error',
];

export function hasMosquitto(): boolean {
  return existsSync(BINARY);
}

/** What the JSON says of the peer. */
export function describeMosquitto(): { name: string; version: string; settings: string } {
  const { stdout = '' } = spawnSync(BINARY, ['-h'], { encoding: 'utf8' });
  return { name: 'mosquitto', version: /version (\S+)/.exec(stdout)?.[1] ?? 'unknown', settings: SETTINGS.join(', ') };
}

interface MosquittoOptions {
  /** Any free one when absent. */
  port?: number;
  /** Holds its configuration and is its working folder; a fresh one, removed at the end, when absent. */
  dir?: string;
  settings?: readonly string[];
}

export interface RunningMosquitto {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

export async function startMosquitto(options: MosquittoOptions = {}): Promise<RunningMosquitto> {
  if (!hasMosquitto()) throw new Error('mosquitto is not installed; it is the peer of these benchmarks');
  const { settings = SETTINGS, port = await freePort() } = options;
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'mosquitto-'));
  const config = join(dir, 'mosquitto.conf');
  writeFileSync(config, `${[`listener ${port} 127.0.0.1`, ...settings].join('\n')}\n`);
  const child = spawn(BINARY, ['-c', config], { stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  await reachable(port);
  return {
    port,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer().once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo; // it listens on TCP
      server.close(() => found(port));
    });
  });
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
