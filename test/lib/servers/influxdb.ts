/**
 * Debian's InfluxDB 1.6.7 on a free port, behind the few lines it lacks: `/api/v2/write` of 1.8 and later becomes `/write`.
 */
import { writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { type RunningProxy, startProxy } from './proxy.ts';
import { type EngineServer, findOnPath, startServerProcess } from './server-process.ts';

const COMMAND = 'influxd';

export function hasInfluxdb(): boolean {
  return findOnPath(COMMAND) !== undefined;
}

/** `url` speaks what InfluxDB 1.8, 2 and 3 share: `/api/v2/write`, `/query`, `/ping`. A bucket is made when first written. */
export async function startInfluxdb(): Promise<EngineServer> {
  const server = await startServerProcess({
    name: COMMAND,
    command: COMMAND,
    args: (port, dataDir) => ['-config', writeConfig(port, dataDir)],
    readyPath: '/ping',
  });
  const proxy = await startProxy({ target: server.url, handle: rewriteWrites(server.url) });
  return new InfluxdbBehindProxy(server, proxy);
}

class InfluxdbBehindProxy implements EngineServer {
  #server: EngineServer;
  #proxy: RunningProxy;

  constructor(server: EngineServer, proxy: RunningProxy) {
    this.#server = server;
    this.#proxy = proxy;
  }

  get url(): string {
    return this.#proxy.url;
  }

  get port(): number {
    return this.#proxy.port;
  }

  get pid(): number {
    return this.#server.pid;
  }

  get dataDir(): string {
    return this.#server.dataDir;
  }

  // A dead server refuses connections, and so does what stands before it.
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.#server.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await this.#proxy.close();
  }

  async restart(more: readonly string[] = []): Promise<void> {
    await this.#proxy.close();
    await this.#server.restart(more);
    await this.#proxy.open();
  }

  async stop(): Promise<void> {
    await this.#proxy.close();
    await this.#server.stop();
  }
}

// https://docs.influxdata.com/influxdb/v1/tools/api/#apiv2write-http-endpoint: bucket is `database` or `database/policy`.
function rewriteWrites(server: string): (incoming: IncomingMessage) => Promise<string> {
  const databases = new Map<string, Promise<void>>();
  return async ({ url = '/' }) => {
    const asked = new URL(url, server);
    if (asked.pathname !== '/api/v2/write') return url;
    const [database = '', policy] = (asked.searchParams.get('bucket') ?? '').split('/');
    let made = databases.get(database);
    if (!made) {
      made = createDatabase(server, database);
      databases.set(database, made);
      made.catch(() => databases.delete(database));
    }
    await made;
    const precision = asked.searchParams.get('precision') ?? 'ns';
    const query = new URLSearchParams({ db: database, precision: { us: 'u', ns: 'n' }[precision] ?? precision });
    if (policy !== undefined && policy !== '') query.set('rp', policy);
    return `/write?${query}`;
  };
}

function createDatabase(server: string, database: string): Promise<void> {
  const quoted = `"${database.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return new Promise((done, failed) => {
    const outgoing = request(
      `${server}/query?${new URLSearchParams({ q: `CREATE DATABASE ${quoted}` })}`,
      { method: 'POST', agent: false },
      (answer) => {
        answer.resume();
        answer.once('end', () => (answer.statusCode === 200 ? done() : failed(new Error(`${answer.statusCode}`))));
      },
    );
    outgoing.once('error', failed).end();
  });
}

/** @see https://docs.influxdata.com/influxdb/v1/administration/config/ */
function writeConfig(port: number, dataDir: string): string {
  const file = join(dataDir, 'influxdb.conf');
  writeFileSync(
    file,
    `reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "${dataDir}/meta"
[data]
  dir = "${dataDir}/data"
  wal-dir = "${dataDir}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
[continuous_queries]
  enabled = false
`,
  );
  return file;
}
