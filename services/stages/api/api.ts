/** The API of the installation: REST, server-sent events, the web app, health and metrics, on one port. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { AttemptLimiter } from '../../knowledge/access/attempt-limiter.ts';
import { RuleSet } from '../../knowledge/conditions/rule-set.ts';
import { Appender } from './appender.ts';
import { Auditor } from './auditor.ts';
import { isOwnOrigin } from './authenticate.ts';
import { Calls } from './call.ts';
import type { ApiDependencies } from './dependencies.ts';
import { OrderOutbox } from './order-outbox.ts';
import { Os2iotSenders } from './os2iot-senders.ts';
import { createServer } from './server.ts';
import type { Services } from './services.ts';
import { Sessions } from './sessions.ts';
import { Streams } from './stream.ts';

export interface Api {
  /** @throws when the port is taken. */
  listen(): Promise<{ host: string; port: number }>;
  /** A link that logs the first administrator in: valid once, for a day. Only the newest works. */
  loginLink(): string;
  /** Ends streams, lets running requests finish, writes what the audit log still waits for. */
  close(): Promise<void>;
}

export async function createApi(dependencies: ApiDependencies): Promise<Api> {
  const { config, log, principals, ops, catalogue, now = Date.now } = dependencies;
  let port = config.port;
  const publicUrl = (): string => config.publicUrl ?? `http://${hostInUrl(config.host)}:${port}`;
  const appender = new Appender({ log, now });
  const orders = new OrderOutbox({ registry: dependencies.registry, log, appender, ops });
  const services: Services = {
    ...dependencies,
    now,
    heartbeatMs: dependencies.heartbeatMs ?? 15_000,
    ruleSet: new RuleSet(catalogue),
    appender,
    orders,
    sessions: new Sessions({ principals, now }),
    streams: new Streams(ops),
    os2iotSenders: new Os2iotSenders({ directory: dependencies.directory }),
    webhookFailures: new AttemptLimiter({ attempts: 10, windowMs: 60_000 }),
    publicUrl,
  };
  const auditor = new Auditor({ registry: dependencies.registry, ops, now });
  const server = await createServer(services, new Calls({ auditor }));
  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { origin, host } = request.headers;
    const path = request.url?.split('?', 1)[0];
    // A browser lets any page open a WebSocket to anywhere: only our own pages may.
    const ours = origin === undefined || isOwnOrigin(origin, host, publicUrl());
    if (dependencies.upgrade && path === '/mqtt' && ours) return dependencies.upgrade(request, socket, head);
    socket.end(
      `HTTP/1.1 ${path === '/mqtt' && dependencies.upgrade ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\n\r\n`,
    );
  });
  return {
    async listen() {
      // What the process before this one had no time for.
      await orders.drain();
      await server.listen({ host: config.host, port: config.port });
      const address = server.server.address();
      if (typeof address === 'object' && address) port = address.port;
      return { host: config.host, port };
    },
    loginLink: () => `${publicUrl()}/login?code=${services.sessions.newLoginCode()}`,
    async close() {
      services.streams.closeAll();
      await server.close();
      orders.stop();
      await auditor.flush();
    },
  };
}

/** An address as a URL has it: IPv6 in brackets, and a place to reach where we listen everywhere. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
