/** A source of readings outside: a vendor's cloud that is asked, a foreign broker that is listened to, or somebody who pushes. */
import Type, { type Static } from 'typebox';
import { Id } from './ids.ts';

export const SourceBody = Type.Object(
  {
    owner: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    kind: Type.Enum(['http-pull', 'mqtt', 'http-push']),
    enabled: Type.Boolean({ default: true }),
    /** What differs from kind to kind; the connector's own schema checks it. */
    settings: Type.Record(Type.String(), Type.Unknown()),
    /** Passwords, tokens, keys by name, which settings mention as `{secret:NAME}`. Kept sealed, never shown again. */
    secrets: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 4000 }))),
  },
  { additionalProperties: false },
);
export type SourceBody = Static<typeof SourceBody>;

export interface Source extends SourceBody {
  id: string;
}
