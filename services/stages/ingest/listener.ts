/** A TCP or TLS port for devices: counts who has not said CONNECT yet, hands the others to the door. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

export interface TlsSettings {
  cert: string;
  key: string;
  /** Turns on client certificates: a valid one stands for the device named in its CN. */
  clientCa?: string;
}

export interface ListenerOptions {
  host: string;
  port: number;
  tls?: TlsSettings | undefined;
  /** From the connection to the end of the TLS handshake, ms. */
  handshakeMs: number;
  /** Gives the way to say that the connection is no longer half open, or nothing when there is no room. */
  reserve(address: string): (() => void) | undefined;
  accept(socket: Socket, release: () => void): void;
  tlsFailed(address: string): void;
}

export interface Listener {
  host: string;
  port: number;
  /** Takes no more connections. Those there are stay. */
  close(): Promise<void>;
}

const SOCKET = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

/** @throws Error when the port cannot be had. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const { host, port, tls } = options;
  const server = tls ? tlsServer(options, tls) : tcpServer(options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new Error(`mqtt: unable to listen on ${host}:${port}: ${cause.message}`, { cause }));
    });
    server.listen({ host, port, backlog: 4096 }, resolve);
  });
  const address = server.address() as AddressInfo; // it listens on TCP
  return {
    host,
    port: address.port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function tcpServer({ reserve, accept }: ListenerOptions): Server {
  return createServer(SOCKET, (socket) => {
    const release = reserve(socket.remoteAddress ?? '');
    if (release) accept(socket, release);
    else socket.destroy();
  });
}

function tlsServer({ reserve, accept, tlsFailed, handshakeMs }: ListenerOptions, tls: TlsSettings): Server {
  // The place reserved when TCP connected, found again when TLS is ready.
  const places = new Map<string, () => void>();
  const place = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
  const server = createTlsServer({
    ...SOCKET,
    cert: tls.cert,
    key: tls.key,
    minVersion: 'TLSv1.2',
    handshakeTimeout: handshakeMs,
    ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: false }),
  });
  server.prependListener('connection', (raw: Socket) => {
    const release = reserve(raw.remoteAddress ?? '');
    if (!release) {
      raw.destroy();
      return;
    }
    const key = place(raw);
    places.set(key, release);
    raw.once('close', () => {
      places.delete(key);
      release();
    });
  });
  server.on('secureConnection', (socket) => {
    const release = places.get(place(socket));
    if (release) accept(socket, release);
    else socket.destroy();
  });
  server.on('tlsClientError', (_error, socket) => {
    tlsFailed(socket.remoteAddress ?? '');
    socket.destroy();
  });
  return server;
}
