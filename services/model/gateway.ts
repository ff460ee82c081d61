/** A LoRaWAN gateway: who owns it and where it stands. That it is there is seen by what it hears; its entry adds a name and an owner. */
import Type, { type Static } from 'typebox';
import { Id } from './ids.ts';

export const GatewayBody = Type.Object(
  {
    owner: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    location: Type.Optional(
      Type.Object(
        { lat: Type.Number({ minimum: -90, maximum: 90 }), lon: Type.Number({ minimum: -180, maximum: 180 }) },
        { additionalProperties: false },
      ),
    ),
    /** Of the organisation that answers for it. */
    contact: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
);
export type GatewayBody = Static<typeof GatewayBody>;

export interface Gateway extends GatewayBody {
  /** As the network server names it, lower case. */
  id: string;
}
