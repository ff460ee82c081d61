/** Settings of a source that is listened to: a foreign MQTT broker, with the messages of many devices on one connection. */
import Type, { type Static } from 'typebox';
import { DEVICE_SETTINGS, Records } from './mapping.ts';
import { SecretReference } from './secrets.ts';

export const MqttSettings = Type.Object(
  {
    url: Type.String({ pattern: '^mqtts?://[^/?#{}@\\s]+/?$', maxLength: 500 }),
    username: Type.Optional(Type.String({ maxLength: 500 })),
    password: Type.Optional(SecretReference),
    /** PEM of the authority that signed the broker's certificate, where it is none of the public ones. */
    ca: Type.Optional(Type.String({ maxLength: 100_000 })),
    /** Made up and kept when absent: the broker keeps what comes while we are away under it, so it must stay the same. */
    clientId: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,100}$' })),
    /** With named parts, of which {device} is the vendor's id of the device: `bins/{device}/data`. */
    topics: Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { minItems: 1, maxItems: 20 }),
    qos: Type.Integer({ minimum: 0, maximum: 1, default: 1 }),
    /** `json`: as our own devices send. `bytes`: what the codec of the device's model reads. `mapped`: by `records`. */
    payload: Type.Enum(['json', 'bytes', 'mapped']),
    records: Type.Optional(Records),
    ...DEVICE_SETTINGS,
  },
  { additionalProperties: false },
);
export type MqttSettings = Static<typeof MqttSettings>;
