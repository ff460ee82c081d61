/** Assets as the API shows them. */
import Type, { type Static } from 'typebox';
import { AssetBody } from '../../../model/asset.ts';
import { Text } from '../../../model/rule.ts';
import { Names, PageQuery } from './common.ts';

export const Latest = Type.Object({
  quantity: Type.String(),
  unit: Type.String(),
  value: Type.Number(),
  state: Type.Optional(Type.String({ description: 'name of the state, where the quantity is one' })),
  time: Type.String(),
  received: Type.String(),
  marks: Type.Array(Type.String()),
});

const ASSET_STATES = ['alert', 'ok', 'never-seen'] as const;

export const AssetShown = Type.Object({
  id: Type.String(),
  ...AssetBody.properties,
  createdAt: Type.String(),
  state: Type.Optional(Type.Enum([...ASSET_STATES])),
  /** Worst severity of the open alerts. */
  severity: Type.Optional(Type.String()),
  lastSeen: Type.Optional(Type.String()),
  latest: Type.Optional(Type.Array(Latest)),
});

export const AssetPage = Type.Object({
  ...AssetShown.properties,
  alerts: Type.Array(Type.Unknown()),
  devices: Type.Array(Type.Unknown()),
  missingLimits: Type.Array(Type.Object({ rule: Type.String(), name: Text, attribute: Type.String() }), {
    description: 'rules that are off here because the attribute they compare with has no value',
  }),
});

export const AssetQuery = Type.Object(
  {
    ...PageQuery,
    owner: Type.Optional(Type.String()),
    operator: Type.Optional(Type.String()),
    type: Type.Optional(Type.String()),
    tag: Type.Optional(Type.String()),
    q: Type.Optional(Type.String({ maxLength: 200, description: 'free text in name, id and external ids' })),
    bbox: Type.Optional(Type.String({ description: 'west,south,east,north in degrees' })),
    ids: Type.Optional(Names),
    state: Type.Optional(Type.Enum([...ASSET_STATES])),
    latest: Type.Optional(Type.Boolean({ description: 'with the latest values, last seen and state of each' })),
  },
  { additionalProperties: false },
);
export type AssetQuery = Static<typeof AssetQuery>;
