/** A small HTTP proxy on a port of its own that can be closed and opened again at the same address. */
import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ProxyOptions {
  /** Base address of the server behind. */
  target: string;
  /** Path and query to pass on; undefined when it has taken care of the answer itself. */
  handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<string | undefined> | string | undefined;
}

export interface RunningProxy {
  readonly url: string;
  readonly port: number;
  /** Refuses connections and cuts those there are. */
  close(): Promise<void>;
  /** Listens again at the same address. */
  open(): Promise<void>;
}

export async function startProxy({ target, handle }: ProxyOptions): Promise<RunningProxy> {
  let port = 0;
  let server: Server | undefined;
  let agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    try {
      const path = await handle(incoming, outgoing);
      if (path !== undefined) passOn({ target, path, agent, incoming, outgoing });
    } catch {
      incoming.socket.destroy(); // the server behind is gone
    }
  };
  const open = async (): Promise<void> => {
    const opened = createServer((incoming, outgoing) => void serve(incoming, outgoing));
    opened.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    await new Promise<void>((done, failed) => {
      opened.once('error', failed);
      opened.listen(port, '127.0.0.1', () => done());
    });
    port = (opened.address() as AddressInfo).port; // it listens on TCP
    server = opened;
  };
  await open();
  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    open: async () => {
      if (!server) await open();
    },
    async close() {
      const closing = server;
      server = undefined;
      if (!closing) return;
      const closed = new Promise<void>((done) => closing.close(() => done()));
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      agent = new Agent({ keepAlive: true });
      await closed;
    },
  };
}

interface Passage {
  target: string;
  path: string;
  agent: Agent;
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

function passOn({ target, path, agent, incoming, outgoing }: Passage): void {
  const { hostname, port } = new URL(target);
  const options: RequestOptions = { hostname, port, path, agent, method: incoming.method, headers: incoming.headers };
  const behind = request(options, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
    answer.once('error', () => outgoing.destroy());
  });
  // What the server behind does to us we do to our caller: a broken connection is a broken connection.
  behind.once('error', () => outgoing.destroy());
  outgoing.once('close', () => behind.destroy());
  incoming.pipe(behind);
}
