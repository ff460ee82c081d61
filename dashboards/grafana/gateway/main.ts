/** The gateway as a process: settings from the environment, signals, exit code. `node dashboards/grafana/gateway/main.ts` */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createGateway } from './gateway.ts';
import { Holders } from './holder.ts';
import { settings } from './settings.ts';

function start(): void {
  const { host, port, platformUrl, overviewToken, engine } = settings(process.env, (path) =>
    readFileSync(path, 'utf8'),
  );
  const log = {
    warn: (line: string) => console.error(JSON.stringify({ time: new Date().toISOString(), level: 'warn', line })),
  };
  const holders = new Holders({ platformUrl, ...(overviewToken ? { overviewToken } : {}) });
  const server = createGateway({ engine, holders, log });
  server.once('error', (error) => {
    console.error(`gateway: cannot listen on ${host}:${port}: ${error.message}`);
    process.exitCode = 1;
  });
  server.listen(port, host, () => {
    console.log(`ready http=http://${host}:${(server.address() as AddressInfo).port}`);
  });
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

try {
  start();
} catch (error) {
  console.error(`gateway: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
