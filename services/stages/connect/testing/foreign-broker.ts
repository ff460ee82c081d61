/** Somebody else's broker for tests: aedes in this process, on a port that stays the same while it is down. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Aedes, type Client } from 'aedes';

export interface ForeignBroker {
  readonly port: number;
  /** Client ids connected now. */
  readonly clients: string[];
  /** Packet ids of PUBACKs it got from subscribers, in their order. */
  readonly acked: number[];
  /** Filters somebody subscribed to, and those left. */
  readonly subscribed: string[];
  readonly unsubscribed: string[];
  /** What clients published. */
  readonly published: { topic: string; payload: string }[];
  publish(topic: string, payload: string | Uint8Array, qos?: 0 | 1): Promise<void>;
  /** Nobody can reach it; it keeps its sessions. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export interface ForeignBrokerOptions {
  login?: { username: string; password: string };
  mayNotSubscribe?: boolean;
  tls?: { cert: string; key: string };
}

export async function startForeignBroker(options: ForeignBrokerOptions = {}): Promise<ForeignBroker> {
  const { login, mayNotSubscribe, tls } = options;
  const broker = await Aedes.createBroker({
    authenticate: (_client, username, password, done) => {
      const right = !login || (username === login.username && password?.toString() === login.password);
      if (right) done(null, true);
      else done(Object.assign(new Error('no'), { returnCode: 4 }), false);
    },
    authorizeSubscribe: (_client, subscription, done) => done(null, mayNotSubscribe ? null : subscription),
  });
  const acked: number[] = [];
  const subscribed: string[] = [];
  const unsubscribed: string[] = [];
  const published: { topic: string; payload: string }[] = [];
  const clients = new Set<Client>();
  broker.on('ack', (packet) => acked.push(Number(packet?.messageId)));
  broker.on('subscribe', (subs) => subscribed.push(...subs.map((s) => s.topic)));
  broker.on('unsubscribe', (topics) => unsubscribed.push(...topics));
  broker.on('client', (client) => clients.add(client));
  broker.on('clientDisconnect', (client) => clients.delete(client));
  broker.on('publish', ({ topic, payload }, client) => {
    if (client) published.push({ topic, payload: payload.toString() });
  });
  const sockets = new Set<Socket>();
  const handle = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  };
  let server: Server;
  let port = 0;
  const up = async (): Promise<void> => {
    server = tls ? createTlsServer(tls, handle) : createServer(handle);
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    const address = server.address();
    if (typeof address === 'object' && address) port = address.port;
  };
  const down = async (): Promise<void> => {
    const closed = new Promise((done) => server.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await up();
  return {
    get port() {
      return port;
    },
    get clients() {
      return [...clients].map((c) => c.id);
    },
    acked,
    subscribed,
    unsubscribed,
    published,
    publish: (topic, payload, qos = 1) =>
      new Promise((done, failed) => {
        const packet = {
          cmd: 'publish',
          topic,
          payload: Buffer.from(payload),
          qos,
          retain: false,
          dup: false,
        } as const;
        broker.publish(packet, (error) => (error ? failed(error) : done()));
      }),
    down,
    up,
    async stop() {
      if (server.listening) await down();
      await new Promise<void>((done) => broker.close(done));
    },
  };
}
