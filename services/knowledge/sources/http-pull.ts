/** Settings of a source that is asked: a vendor's cloud with an HTTP API. */
import Type, { type Static } from 'typebox';
import { Expression } from './expression.ts';
import { DEVICE_SETTINGS, Records } from './mapping.ts';
import { Schedule } from './schedule.ts';
import { SecretReference } from './secrets.ts';

// The host is fixed: a placeholder in it could send secrets elsewhere.
const Address = Type.String({
  pattern: '^https?://[^/?#{}@\\s]+([/?][^\\s]*)?$',
  maxLength: 2000,
  description: 'http or https, with {cursor}, {from}, {to}, {page} and {secret:NAME} behind the host',
});

const Authentication = Type.Union([
  Type.Object({ kind: Type.Literal('none') }, { additionalProperties: false }),
  Type.Object(
    { kind: Type.Literal('basic'), username: Type.String({ maxLength: 200 }), password: SecretReference },
    { additionalProperties: false },
  ),
  Type.Object({ kind: Type.Literal('bearer'), token: SecretReference }, { additionalProperties: false }),
  Type.Object(
    {
      kind: Type.Literal('api-key'),
      in: Type.Enum(['header', 'query']),
      name: Type.String({ pattern: '^[A-Za-z0-9._~-]{1,100}$' }),
      value: SecretReference,
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('oauth2'),
      tokenUrl: Address,
      clientId: Type.String({ minLength: 1, maxLength: 500 }),
      clientSecret: SecretReference,
      scope: Type.Optional(Type.String({ maxLength: 500 })),
      /** RFC 6749 section 2.3.1: in the header, or in the body where the server wants it there. */
      clientIn: Type.Enum(['header', 'body'], { default: 'header' }),
    },
    { additionalProperties: false },
  ),
]);
export type Authentication = Static<typeof Authentication>;

const mostPages = Type.Integer({ minimum: 1, maximum: 1000, default: 100 });
const Paging = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('page'),
      first: Type.Integer({ minimum: 0, maximum: 1, default: 1 }),
      /** True while there is another page; while a page has records when absent. */
      more: Type.Optional(Expression),
      mostPages,
    },
    { additionalProperties: false },
  ),
  /** The address of the next page, whole or relative; nothing at the end. It stays with the same host. */
  Type.Object({ kind: Type.Literal('next'), next: Expression, mostPages }, { additionalProperties: false }),
  /** The vendor's own bookmark, for {cursor}; nothing at the end. Without `window` it is kept, and the next run goes on there. */
  Type.Object(
    {
      kind: Type.Literal('cursor'),
      cursor: Expression,
      first: Type.String({ maxLength: 500, default: '' }),
      mostPages,
    },
    { additionalProperties: false },
  ),
]);
export type Paging = Static<typeof Paging>;

export const HttpPullSettings = Type.Object(
  {
    schedule: Schedule,
    request: Type.Object(
      {
        method: Type.Enum(['GET', 'POST'], { default: 'GET' }),
        url: Address,
        headers: Type.Record(
          Type.String({ pattern: '^[A-Za-z0-9-]{1,100}$' }),
          Type.String({ maxLength: 4000, pattern: '^[^\\r\\n\\u0000]*$' }),
          { default: {}, maxProperties: 50 },
        ),
        body: Type.Optional(Type.String({ maxLength: 20_000 })),
        /** How {from} and {to} are written. */
        timeFormat: Type.Enum(['rfc3339', 'epoch-ms', 'epoch-s', 'date'], { default: 'rfc3339' }),
      },
      { additionalProperties: false },
    ),
    authentication: Type.Optional(Authentication),
    paging: Type.Optional(Paging),
    /** For requests with {from} and {to}. */
    window: Type.Optional(
      Type.Object(
        {
          /** How far back the first run asks, hours. */
          lookbackHours: Type.Number({ minimum: 0, maximum: 20_000, default: 24 }),
          /** Asked for again each time, minutes: what the vendor got late. Counted once all the same. */
          overlapMinutes: Type.Number({ minimum: 0, maximum: 100_000, default: 60 }),
          /** Longest period in one request, hours; a longer one is asked for in parts. */
          mostHours: Type.Number({ minimum: 0.25, maximum: 20_000, default: 168 }),
        },
        { additionalProperties: false },
      ),
    ),
    records: Records,
    ...DEVICE_SETTINGS,
  },
  { additionalProperties: false },
);
export type HttpPullSettings = Static<typeof HttpPullSettings>;
