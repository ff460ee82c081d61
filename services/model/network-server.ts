/** A LoRaWAN network server that somebody runs, bound to one organisation: how it is reached and how its messages are read. */
import Type, { type Static } from 'typebox';
import type { Device } from './device.ts';
import { Id } from './ids.ts';

export const NetworkServerBody = Type.Object(
  {
    owner: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    kind: Type.Enum(['chirpstack', 'tts']),
    /** `mqtt`: we connect to its broker. `http`: it posts to `/api/v1/network-servers/{id}/events`. */
    transport: Type.Enum(['mqtt', 'http']),
    /** mqtt://host:1883 or mqtts://host:8883; for `mqtt` only. */
    url: Type.Optional(Type.String({ pattern: '^mqtts?://', maxLength: 500 })),
    username: Type.Optional(Type.String({ maxLength: 200 })),
    /** Kept sealed, never shown again. */
    password: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
    /** PEM of the authority that signed the broker's certificate, where it is none of the public ones. */
    ca: Type.Optional(Type.String({ maxLength: 100_000 })),
    /**
     * Topics of its events, with {application}, {devEui} or {device}, and {event}. Default for ChirpStack
     * `application/{application}/device/{devEui}/event/{event}`, for The Things Stack `v3/{application}/devices/{device}/{event}`.
     */
    eventTopic: Type.Optional(Type.String({ maxLength: 300 })),
    /** Where commands go; default for ChirpStack `application/{application}/device/{devEui}/command/down`. */
    commandTopic: Type.Optional(Type.String({ maxLength: 300 })),
    /** ChirpStack: topic of the state of gateways, e.g. `eu868/gateway/{gateway}/state/conn`; not subscribed to when absent. */
    gatewayTopic: Type.Optional(Type.String({ maxLength: 300 })),
    /** Organisations beside the owner whose devices it may speak for, where these name it. */
    serves: Type.Optional(Type.Array(Id, { maxItems: 100 })),
    enabled: Type.Boolean({ default: true }),
  },
  { additionalProperties: false },
);
export type NetworkServerBody = Static<typeof NetworkServerBody>;

export interface NetworkServer extends NetworkServerBody {
  id: string;
  /** Its `url` was set by whoever runs the platform: only then may it lead into a private network. */
  privateAllowed?: boolean;
  /** Of its webhook, the newest first, at most two: the present one, and the former until the present is first used. */
  tokens?: WebhookToken[];
}

/** Both sides have to want it: whoever owns the network server, and whoever owns the device and names it. */
export function speaksFor(
  { id, owner, serves = [] }: NetworkServer,
  device: Pick<Device, 'owner' | 'connection'>,
): boolean {
  const named = device.connection.networkServer;
  if (named !== undefined && named !== id) return false;
  return device.owner === owner || (named === id && serves.includes(device.owner));
}

export interface WebhookToken {
  /** SHA-256 of the token, hex. */
  hash: string;
  /** Epoch ms. */
  createdAt: number;
  usedAt?: number;
}
