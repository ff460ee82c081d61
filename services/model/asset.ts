/** An asset: the municipal object that owns the series, so that history survives a sensor swap. */
import Type, { type Static } from 'typebox';
import { Id, Name } from './ids.ts';

const SHARINGS = ['internal', 'partners', 'open'] as const;
export type Sharing = (typeof SHARINGS)[number];

const AttributeValue = Type.Union([
  Type.Number(),
  Type.String({ maxLength: 1000 }),
  Type.Boolean(),
  Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100 }),
]);
export type AttributeValue = Static<typeof AttributeValue>;

/** One value, valid since ever; or values with the time each is valid from, RFC 3339 (null: since ever). */
export const Attribute = Type.Union([
  AttributeValue,
  Type.Array(
    Type.Object(
      { from: Type.Union([Type.String(), Type.Null()]), value: AttributeValue },
      { additionalProperties: false },
    ),
    { minItems: 1, maxItems: 1000 },
  ),
]);

export const Location = Type.Union([
  Type.Object(
    { lat: Type.Number({ minimum: -90, maximum: 90 }), lon: Type.Number({ minimum: -180, maximum: 180 }) },
    { additionalProperties: false },
  ),
  Type.Object({
    type: Type.Enum(['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon']),
    coordinates: Type.Array(Type.Unknown(), { maxItems: 10_000 }),
  }),
]);
export type Location = Static<typeof Location>;

export const AssetBody = Type.Object(
  {
    owner: Id,
    operator: Type.Optional(Id),
    municipalityCode: Type.Optional(Type.String({ pattern: '^\\d{4}$' })),
    type: Id,
    name: Name,
    location: Type.Optional(Location),
    parent: Type.Optional(Id),
    attributes: Type.Optional(Type.Record(Type.String(), Attribute)),
    externalIds: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 200 }))),
    sharing: Type.Optional(Type.Enum([...SHARINGS])),
    tags: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 50 })),
  },
  { additionalProperties: false },
);
export type AssetBody = Static<typeof AssetBody>;

/** From when a value counts, epoch ms; the first is -Infinity in spirit and 0 on disk. Ascending. */
export interface DatedValue {
  from: number;
  value: AttributeValue;
}

export interface Asset {
  id: string;
  owner: string;
  /** Who answers the alarm; the owner where nothing else is said. */
  operator: string;
  municipalityCode?: string;
  type: string;
  name: string;
  location?: Location;
  parent?: string;
  attributes: Record<string, DatedValue[]>;
  externalIds: Record<string, string>;
  sharing: Sharing;
  tags: string[];
  /** Epoch ms. */
  createdAt: number;
}
