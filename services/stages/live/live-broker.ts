/**
 * Live data over MQTT: a broker of its own, so that a subscriber that stops reading can never touch a device. aedes speaks
 * the protocol; the messages go past its queue straight to each subscriber, because its queue waits for the slowest.
 */
import type { IncomingMessage } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Aedes, type AuthenticateError, type Client, type ConnectPacket } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { maySeeReading } from '../../knowledge/access/decide.ts';
import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import type { Directory } from '../../model/directory.ts';
import type { Listener, LiveFeed } from '../../model/live.ts';
import type { Principal } from '../../model/token.ts';
import type { Ops } from '../../ops/ops.ts';
import { BoundedWriter, WriteBudget } from '../../pipeline/bounded-writer.ts';
import type { PrincipalCache } from '../../pipeline/principal-cache.ts';
import { PublishPackets } from './publish-packet.ts';
import { smallPackets } from './small-packets.ts';
import { parseTopicFilter, type TopicFilter } from './topic-filter.ts';

const CONNECT_MS = 5000;
const STUCK_MS = 8000;
const MOST_BYTES_EACH = 8 * 1024 * 1024;
const MOST_BYTES_ALL = 64 * 1024 * 1024;
const MOST_CONNECTIONS = 1000;
const MOST_FILTERS = 100;
/** How often it is asked whether a token still holds; semantics allows 60 s together with the cache's 30. */
const RECHECK_MS = 20_000;

export interface LiveBrokerDependencies {
  live: LiveFeed;
  directory: Directory;
  catalogue: Catalogue;
  principals: PrincipalCache;
  ops: Ops;
  stuckMs?: number;
}

export interface LiveBroker {
  /** Opens the TCP port (0: any free one). @throws when it is taken. */
  listen(host: string, port: number): Promise<{ host: string; port: number }>;
  /** MQTT over WebSocket; whoever calls has checked path and origin. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

interface Subscriber extends Listener {
  filters: Map<string, TopicFilter>;
}

export async function createLiveBroker(dependencies: LiveBrokerDependencies): Promise<LiveBroker> {
  const { live, directory, catalogue, principals, ops, stuckMs = STUCK_MS } = dependencies;
  const budget = new WriteBudget(MOST_BYTES_ALL);
  const packets = new PublishPackets(catalogue);
  const sent = ops.metrics.counter('live_mqtt_sent_total', 'Readings sent to MQTT subscribers');
  const givenUp = ops.metrics.counter('live_disconnected_total', 'Live subscribers cut off', ['reason']);
  const raw = new WeakMap<Client, Duplex>();
  const subscribers = new Map<Client, Subscriber>();
  let connections = 0;

  const broker = await Aedes.createBroker({
    connectTimeout: CONNECT_MS,
    drainTimeout: stuckMs,
    preConnect: (client, packet, done) => {
      refuseSession(packet);
      done(null, raw.has(client));
    },
    authenticate: (client, _user, password, done) => {
      void admit(client, password?.toString() ?? '').then(
        (admitted) => (admitted ? done(null, true) : done(refusal(), false)),
        () => done(refusal(3), false), // server unavailable (MQTT-3.2.2.3)
      );
    },
    authorizePublish: (client, packet, done) => {
      ops.logger.warn({ client: client?.id, topic: packet.topic.slice(0, 100) }, 'live: a subscriber may not publish');
      done(new Error('live data is read only'));
    },
    authorizeSubscribe: (client, subscription, done) => {
      const subscriber = client ? subscribers.get(client) : undefined;
      const filter = parseTopicFilter(subscription.topic);
      if (!subscriber || !filter || subscriber.filters.size >= MOST_FILTERS) return done(null, null); // 0x80
      subscriber.filters.set(subscription.topic, filter);
      live.forget();
      done(null, subscription);
    },
  });
  broker.on('clientError', (client, error) =>
    ops.logger.debug({ client: client.id, err: error }, 'live: connection ended'),
  );
  broker.on('connectionError', (_client, error) => ops.logger.debug({ err: error }, 'live: connection refused'));
  broker.on('unsubscribe', (topics, client) => {
    for (const topic of topics) subscribers.get(client)?.filters.delete(topic);
    live.forget();
  });

  /** Lets a client in whose password is an API token, and begins to listen for it. */
  async function admit(client: Client, token: string): Promise<boolean> {
    const socket = raw.get(client);
    let principal = token === '' ? undefined : await principals.of(token);
    if (!socket || !principal || socket.destroyed) return false;
    // A client id of one's own, whatever it says: nobody may end somebody else's connection by taking his id.
    client.id = `${principal.id}/${client.id}`;
    const writer = new BoundedWriter({
      stream: socket,
      budget,
      mostBytes: MOST_BYTES_EACH,
      stuckMs,
      onGivenUp: (reason) => {
        givenUp.inc({ reason });
        ops.logger.warn({ client: client.id, reason }, 'live: a subscriber does not read and was cut off');
      },
    });
    const subscriber = subscribe(writer, () => principal);
    subscribers.set(client, subscriber);
    const recheck = setInterval(async () => {
      // Not able to ask is no reason to cut off; the next time decides.
      const found = await principals.of(token).catch(() => principal);
      if (!found) socket.destroy();
      principal = found;
    }, RECHECK_MS).unref();
    const { stop } = await live.listen(subscriber);
    const end = (): void => {
      clearInterval(recheck);
      subscribers.delete(client);
      stop();
    };
    if (socket.destroyed) end();
    else socket.once('close', end);
    return true;
  }

  function subscribe(writer: BoundedWriter, principal: () => Principal | undefined): Subscriber {
    const filters = new Map<string, TopicFilter>();
    let waiting: Buffer[] = [];
    return {
      filters,
      wants(series) {
        const asset = directory.asset(series.asset);
        const who = principal();
        if (!who || !asset || !maySeeReading(who, asset)) return false;
        for (const filter of filters.values()) if (filter.matches(series)) return true;
        return false;
      },
      get asset() {
        const [first, ...more] = filters.values();
        return more.length === 0 ? first?.asset : undefined;
      },
      get busy() {
        return writer.busy;
      },
      reading(reading) {
        waiting.push(packets.of(reading));
      },
      flush() {
        if (waiting.length === 0) return;
        sent.inc(waiting.length);
        writer.write(Buffer.concat(waiting));
        waiting = [];
      },
      skipped() {}, // MQTT has no word for it
    };
  }

  function accept(socket: Duplex): void {
    if (connections >= MOST_CONNECTIONS) {
      socket.destroy();
      return;
    }
    connections++;
    socket.once('close', () => connections--);
    const guarded = smallPackets(socket);
    raw.set(broker.handle(guarded), socket);
  }

  const server: Server = createServer((socket: Socket) => {
    socket.setNoDelay(true);
    accept(socket);
  });
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: 64 * 1024,
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has('mqtt') ? 'mqtt' : false),
  });

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address();
          resolve({ host, port: typeof address === 'object' && address ? address.port : port });
        });
      }),
    upgrade: (request, socket, head) =>
      webSockets.handleUpgrade(request, socket, head, (webSocket) => accept(createWebSocketStream(webSocket))),
    close: async () => {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const webSocket of webSockets.clients) webSocket.terminate();
      webSockets.close();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Nothing is kept for a subscriber that goes away, whatever it asks: no session, no will. */
function refuseSession(packet: ConnectPacket): void {
  packet.clean = true;
  delete packet.will;
}

function refusal(returnCode: 3 | 5 = 5): AuthenticateError {
  return Object.assign(new Error('not authorized'), { returnCode }) as AuthenticateError; // aedes reads returnCode
}
