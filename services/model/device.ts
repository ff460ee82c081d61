/** A device: the hardware, bound to an asset from one date to another. */
import Type, { type Static } from 'typebox';
import { Id } from './ids.ts';

export const DeviceBody = Type.Object(
  {
    owner: Id,
    model: Type.String({ minLength: 1, maxLength: 64, default: 'generic-json' }),
    asset: Type.Optional(Id),
    connection: Type.Object(
      {
        kind: Type.Enum(['mqtt', 'http', 'lorawan']),
        devEui: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{16}$' })),
        networkServer: Type.Optional(Id),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type DeviceBody = Static<typeof DeviceBody>;

/** `to` is open for the present assignment. Epoch ms, half-open. */
export interface Assignment {
  asset: string;
  from: number;
  to?: number;
}

export interface Device {
  id: string;
  owner: string;
  model: string;
  connection: DeviceBody['connection'];
  /** Ascending; a device is at one asset at a time. */
  assignments: Assignment[];
  /** Epoch ms. */
  registeredAt: number;
}

/** SHA-256 of a device secret, hex. The secrets are 256 random bits, so a plain hash is enough (no dictionary to try). */
export interface Credential {
  device: string;
  hash: string;
  createdAt: number;
  /** First time it was used; ends the former one. */
  usedAt?: number;
  /** A former secret works until then at most. */
  expiresAt?: number;
}
