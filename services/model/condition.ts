/**
 * The conditions a rule may state. Data with one schema: what a person writes in a rule, what the API validates and what
 * `knowledge/conditions` evaluates are the same object. More primitives are more members of this union.
 */
import Type, { type Static } from 'typebox';

/** A number, or the name of an asset attribute with an offset: `{attribute: "highLevel", plus: -0.1}`. */
export const Limit = Type.Union([
  Type.Number(),
  Type.Object({ attribute: Type.String(), plus: Type.Optional(Type.Number()) }, { additionalProperties: false }),
]);
export type Limit = Static<typeof Limit>;

const Comparison = Type.Enum(['<', '<=', '>', '>=', '=', '!=']);
const Quantity = Type.String({
  description: 'name, with a channel after a dot where one is meant: soilMoistureVwc.30cm',
});
const Seconds = Type.Number({ minimum: 0, maximum: 366 * 86_400 });

/** True once `raise` has held for `forSeconds` and `count` values; false once `clear` (default: not `raise`) has held for `clearForSeconds`. */
export const Threshold = Type.Object(
  {
    kind: Type.Literal('threshold'),
    quantity: Quantity,
    raise: Type.Object({ op: Comparison, limit: Limit }, { additionalProperties: false }),
    clear: Type.Optional(Type.Object({ op: Comparison, limit: Limit }, { additionalProperties: false })),
    forSeconds: Type.Optional(Seconds),
    clearForSeconds: Type.Optional(Seconds),
    /** Values in a row that must hold it; default 1. */
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  },
  { additionalProperties: false },
);

/** A state quantity is one of the named states. */
export const StateMatch = Type.Object(
  {
    kind: Type.Literal('state'),
    quantity: Quantity,
    is: Type.Array(Type.String(), { minItems: 1 }),
    clear: Type.Optional(Type.Array(Type.String())),
    forSeconds: Type.Optional(Seconds),
    clearForSeconds: Type.Optional(Seconds),
  },
  { additionalProperties: false },
);

/** Nothing received from the asset for `factor` heartbeats (or `seconds`), never-seen included. */
export const Absence = Type.Object(
  {
    kind: Type.Literal('absence'),
    factor: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
    seconds: Type.Optional(Seconds),
  },
  { additionalProperties: false },
);

/** `count` (default 3) suspect values of one series in a row; cleared by as many good ones. Of any quantity, or of one. */
export const Implausible = Type.Object(
  {
    kind: Type.Literal('implausible'),
    quantity: Type.Optional(Quantity),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  },
  { additionalProperties: false },
);

export const Condition = Type.Union([Threshold, StateMatch, Absence, Implausible]);
export type Condition = Static<typeof Condition>;
