/** What the settings of every kind of source have in common: what a message becomes, and how its devices are found. */
import Type from 'typebox';
import { Expression } from './expression.ts';

/** A list of `{device, time, …quantities}`; `device` is the vendor's own id. */
export const Records = Expression;

export const DEVICE_SETTINGS = {
  /**
   * `id`: our device has the vendor's id, with `idPrefix` before it. `externalId`: the asset has it among its external ids,
   * and the device is the one bound to the asset; where no asset has it, as `id`.
   */
  deviceBy: Type.Enum(['id', 'externalId'], { default: 'id' }),
  /** Under which name assets have the vendor's id; the source's own id when absent. */
  externalId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  idPrefix: Type.Optional(Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,31}$' })),
} as const;

export interface DeviceSettings {
  deviceBy: 'id' | 'externalId';
  externalId?: string;
  idPrefix?: string;
}
