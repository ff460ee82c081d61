/** A device model that an operator added: the same data as a built-in one, with an owner. */
import Type, { type Static } from 'typebox';
import { Id } from './ids.ts';

const Expected = Type.Record(Type.String(), Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])));

export const DeviceModelBody = Type.Object(
  {
    owner: Id,
    vendor: Type.String({ minLength: 1, maxLength: 100 }),
    product: Type.String({ minLength: 1, maxLength: 200 }),
    /** `json`: messages are JSON or SenML. `frame`: bytes, read by `codec`. */
    format: Type.Enum(['json', 'frame']),
    codec: Type.Optional(Type.String({ maxLength: 80, description: 'a built-in codec, or script:{id}' })),
    heartbeat: Type.Optional(Type.Integer({ minimum: 10, maximum: 366 * 86_400, description: 'seconds' })),
    mapping: Type.Optional(
      Type.Record(
        Type.String({ maxLength: 100 }),
        Type.Object(
          {
            quantity: Type.String({ maxLength: 100 }),
            factor: Type.Optional(Type.Number()),
            offset: Type.Optional(Type.Number()),
          },
          { additionalProperties: false },
        ),
        { maxProperties: 200 },
      ),
    ),
    quantities: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 })),
    batteryVoltageLimit: Type.Optional(Type.Number()),
    examples: Type.Optional(
      Type.Array(
        Type.Object(
          {
            description: Type.String({ maxLength: 300 }),
            fPort: Type.Integer({ minimum: 0, maximum: 255 }),
            bytesHex: Type.String({ pattern: '^([0-9a-fA-F]{2})*$', maxLength: 512 }),
            recvTime: Type.Optional(Type.String({ maxLength: 40 })),
            expected: Expected,
          },
          { additionalProperties: false },
        ),
        { maxItems: 200 },
      ),
    ),
  },
  { additionalProperties: false },
);
export type DeviceModelBody = Static<typeof DeviceModelBody>;

export interface StoredModel extends DeviceModelBody {
  id: string;
}
