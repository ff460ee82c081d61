/** How a network server hands its messages on: published at a broker, or posted to a webhook. */
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import type { ServerMessage } from './server-message.ts';

export type ServerKind = 'chirpstack' | 'tts';

export interface Delivery {
  /** Resolves when the other side has it. */
  send(message: ServerMessage): Promise<void>;
  close(): Promise<void>;
}

const DEADLINE_MS = 30_000;

/**
 * One connection, as a network server has one. ChirpStack's default is QoS 0 and its operators choose 1; The Things Stack has
 * QoS 0 only. Rejects when the broker cannot be reached or refuses.
 */
export async function mqttDelivery(
  url: string,
  kind: ServerKind,
  { username, password, qos = kind === 'tts' ? 0 : 1 }: { username?: string; password?: string; qos?: 0 | 1 } = {},
): Promise<Delivery> {
  const options: IClientOptions = {
    clientId: `sim-${kind}-${process.pid}-${Date.now().toString(36)}`,
    protocolVersion: 4,
    connectTimeout: 10_000,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  let client: MqttClient;
  try {
    client = await connectAsync(url, options, false);
  } catch (error) {
    throw new Error(`${url}: the broker cannot be reached, or refuses`, { cause: error });
  }
  // Without a listener a lost connection would end the program; the library comes back by itself.
  client.on('error', () => {});
  return {
    async send({ topic, body }) {
      await client.publishAsync(topic, body, { qos });
    },
    close: () => client.endAsync(),
  };
}

/**
 * ChirpStack posts to the one address with `?event=`; The Things Stack to a path for each type, and its operators add the
 * header. Neither tries again: an answer that is no 2xx is told, and the message is lost, as in life.
 */
export function webhookDelivery(url: string, kind: ServerKind, token: string): Delivery {
  return {
    async send({ event, body }) {
      const address = new URL(url);
      if (kind === 'chirpstack') address.searchParams.set('event', event);
      else address.pathname = `${address.pathname.replace(/\/+$/, '')}/${event}`;
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
        signal: AbortSignal.timeout(DEADLINE_MS),
        redirect: 'error',
      });
      await response.arrayBuffer(); // a connection with an unread answer is not used again
      if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
    },
    close: async () => {},
  };
}
