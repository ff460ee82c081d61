/** One device's MQTT connection: comes back by itself, keeps what is unacknowledged, ends within a deadline. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { Rng } from '../world/rng.ts';

export interface ConnectionOptions {
  url: string;
  id: string;
  secret: string;
  /** false: the broker keeps the session, and what was unacknowledged is sent again within it. */
  clean: boolean;
  /** Birth and last will on `devices/{id}/status`. */
  status: boolean;
  rng: Rng;
  /** Shortest and longest wait before it comes back. */
  retryMs?: readonly [number, number];
  /** CONNACK arrived; `again` is false the first time. */
  onConnect?(again: boolean): void;
  onError?(error: Error): void;
}

export interface Connection {
  /** Resolves at the first CONNACK; rejects when the broker refuses the credentials or the signal aborts. */
  opened(signal?: AbortSignal): Promise<void>;
  /** Resolves at the PUBACK (QoS 1), PUBCOMP (QoS 2) or once written (QoS 0), across reconnections. */
  publish(payload: string | Uint8Array, qos: 0 | 1 | 2): Promise<void>;
  /** Cuts the line as a network failure would; it comes back after its delay. */
  drop(): void;
  /** Orderly where the broker answers in time. */
  close(deadlineMs: number): Promise<void>;
}

// Between these, drawn anew for every connection: after an outage a thousand devices must not come back in one instant.
const RETRY_MS: readonly [number, number] = [300, 2500];
// After a refusal of credentials, which may be mended by somebody; a broker counts such attempts.
const RETRY_REFUSED_MS = 30_000;

export function openConnection({
  url,
  id,
  secret,
  clean,
  status,
  rng,
  retryMs = RETRY_MS,
  onConnect,
  onError,
}: ConnectionOptions): Connection {
  const topic = `devices/${id}/status`;
  const options: IClientOptions = {
    clientId: id,
    username: id,
    password: secret,
    protocolVersion: 4,
    clean,
    reconnectPeriod: rng.between(...retryMs),
    // Code 3, server unavailable, is how a platform under pressure asks for patience; the library would give up for good.
    reconnectOnConnackError: true,
    connectTimeout: 10_000,
    keepalive: 60,
    ...(status ? { will: { topic, payload: Buffer.from('offline'), qos: 1 as const, retain: false } } : {}),
  };
  const client: MqttClient = connect(url, options);
  let connections = 0;
  client.on('connect', () => {
    connections++;
    // The library repeats with one fixed period; another one for the next time keeps devices apart.
    client.options.reconnectPeriod = rng.between(...retryMs);
    if (status) client.publish(topic, 'online', { qos: 1 }, () => undefined);
    onConnect?.(connections > 1);
  });
  client.on('error', (error) => {
    if (isRefusal(error)) client.options.reconnectPeriod = RETRY_REFUSED_MS;
    onError?.(error);
  });
  let closing = false;

  return {
    opened(signal) {
      if (client.connected) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const done = (error?: Error): void => {
          client.off('connect', opened);
          client.off('error', failed);
          signal?.removeEventListener('abort', aborted);
          if (error) reject(error);
          else resolve();
        };
        const opened = (): void => done();
        const aborted = (): void => done(new Error('stopped before it was connected'));
        const failed = (error: Error): void => {
          if (isRefusal(error)) done(new Error('the broker refused its credentials', { cause: error }));
        };
        client.on('connect', opened);
        client.on('error', failed);
        signal?.addEventListener('abort', aborted);
        if (signal?.aborted) aborted();
      });
    },
    async publish(payload, qos) {
      const bytes = typeof payload === 'string' ? payload : Buffer.from(payload);
      for (;;) {
        try {
          await client.publishAsync(`devices/${id}/readings`, bytes, { qos });
          return;
        } catch (error) {
          // MQTT.js hands back, unsent, what waited behind the resending of a session when the line is cut again.
          if (closing || qos === 0 || (error as Error).message !== 'Connection closed') throw error; // it rejects with errors
          await nextTurn();
        }
      }
    },
    drop() {
      client.stream.destroy();
    },
    async close(deadlineMs) {
      closing = true;
      const within = (work: Promise<unknown>): Promise<unknown> => Promise.race([work, later(deadlineMs)]);
      const ended = new Promise<void>((resolve) => {
        client.once('end', resolve);
      });
      if (client.connected && status) {
        await within(client.publishAsync(topic, 'offline', { qos: 1 }).catch(() => undefined));
      }
      // Unforced, it waits for what is unacknowledged; a broker that no longer answers must not keep the program alive.
      client.end(!client.connected);
      await within(ended);
      client.stream.destroy();
    },
  };
}

/** [MQTT-3.2.2-3]: 4, bad user name or password; 5, not authorized. Trying again at once cannot help. */
function isRefusal(error: Error): boolean {
  return 'code' in error && (error.code === 4 || error.code === 5);
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
