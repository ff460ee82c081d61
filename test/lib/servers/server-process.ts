/** A database server as a process of its own in a folder of its own: started, killed, started again on the same data, removed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const READY_MS = 30_000;
const STOP_MS = 10_000;
const PORT_ATTEMPTS = 5;

/** What every server starter gives. */
export interface EngineServer {
  /** For clients; the same over restarts. */
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now. */
  readonly pid: number;
  readonly dataDir: string;
  /** SIGKILL unless told otherwise; resolves when the process is gone (at once for SIGSTOP and SIGCONT). */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /**
   * Starts it again on the same data and address, after ending it if it still runs; resolves when it answers. `more`
   * arguments come last and hold until the next restart.
   */
  restart(more?: readonly string[]): Promise<void>;
  /** Ends it in order and removes its folder. */
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  /** Names the folder and the messages. */
  name: string;
  command: string;
  /** Arguments for a run on this port of 127.0.0.1. */
  args: (port: number, dataDir: string) => string[];
  /** Path that answers 2xx once it serves. */
  readyPath: string;
}

/** Path of a program, or undefined where it is not installed. */
export function findOnPath(command: string): string | undefined {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin']) {
    if (folder === '') continue;
    try {
      accessSync(join(folder, command), constants.X_OK);
      return join(folder, command);
    } catch {
      // the next folder
    }
  }
  return undefined;
}

export async function startServerProcess(options: ServerProcessOptions): Promise<EngineServer> {
  const binary = findOnPath(options.command);
  if (binary === undefined) throw new Error(`${options.name}: ${options.command} is not installed`);
  const dataDir = mkdtempSync(join(tmpdir(), `${options.name}-`));
  // A port that was free a moment ago may be taken by now: then with another one.
  for (let attempt = 1; ; attempt++) {
    const server = new ServerProcess(options, binary, dataDir, await freePort());
    try {
      await server.start();
      return server;
    } catch (cause) {
      await server.kill();
      if (attempt < PORT_ATTEMPTS && String(cause).includes('address already in use')) continue;
      rmSync(dataDir, { recursive: true, force: true });
      throw cause;
    }
  }
}

class ServerProcess implements EngineServer {
  readonly port: number;
  readonly dataDir: string;
  #options: ServerProcessOptions;
  #binary: string;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  /** When the test ends without having stopped it. */
  #orphanGuard = (): void => {
    this.#child?.kill('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 3 });
  };

  constructor(options: ServerProcessOptions, binary: string, dataDir: string, port: number) {
    this.#options = options;
    this.#binary = binary;
    this.dataDir = dataDir;
    this.port = port;
    process.once('exit', this.#orphanGuard);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(more: readonly string[] = []): Promise<void> {
    const { name, args, readyPath } = this.#options;
    const logFile = join(this.dataDir, 'server.log');
    const log = openSync(logFile, 'a');
    const child = spawn(this.#binary, [...args(this.port, this.dataDir), ...more], {
      stdio: ['ignore', log, log],
      // Nothing of the caller's environment: both servers read settings from theirs.
      env: { PATH: process.env.PATH, HOME: this.dataDir },
    });
    closeSync(log);
    this.#child = child;
    this.#ended = new Promise((done) => {
      child.once('exit', () => done());
      child.once('error', () => done());
    });
    const deadline = Date.now() + READY_MS;
    const tail = () => readFileSync(logFile, 'utf8').slice(-2000);
    while (!(await answers(this.url + readyPath))) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} ended:\n${tail()}`);
      if (Date.now() > deadline) throw new Error(`${name} did not answer within ${READY_MS} ms:\n${tail()}`);
      await new Promise((again) => setTimeout(again, 20));
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#child?.kill(signal);
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') return;
    await this.#ended;
  }

  async restart(more: readonly string[] = []): Promise<void> {
    await this.#end();
    await this.start(more);
  }

  async stop(): Promise<void> {
    await this.#end();
    process.removeListener('exit', this.#orphanGuard);
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async #end(): Promise<void> {
    this.#child?.kill('SIGCONT'); // a halted one would not hear the next signal
    const late = setTimeout(() => void this.#child?.kill('SIGKILL'), STOP_MS);
    await this.kill('SIGTERM');
    clearTimeout(late);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
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
