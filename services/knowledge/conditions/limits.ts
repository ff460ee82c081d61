/** Limits of a rule: a number, or a dated attribute of the asset, valid at the time of the value. */
import type { Asset, DatedValue } from '../../model/asset.ts';
import type { AssetType, DeviceModel } from '../../model/catalogue.ts';
import type { Condition, Limit } from '../../model/condition.ts';

/** Where the limits of one asset come from. */
export interface LimitSource {
  asset: Pick<Asset, 'attributes'>;
  assetType: AssetType | undefined;
  /** Of the devices bound to the asset now. */
  models: readonly DeviceModel[];
}

/** A limit and how long it counts, so that a series need not look it up for every value. `until` is exclusive. */
export interface LimitWindow {
  /** `undefined`: no such attribute then; the rule is off. */
  limit: number | undefined;
  from: number;
  until: number;
}

const ALWAYS = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

/** Of the model of the sensor, not of the asset: no person is asked to fill it in, so it is never reported missing. */
export const DEVICE_MODEL_PREFIX = 'deviceModel.';

export function limitAt(limit: Limit, source: LimitSource, time: number): LimitWindow {
  if (typeof limit === 'number') return { limit, ...ALWAYS };
  const { attribute, plus = 0 } = limit;
  if (attribute.startsWith(DEVICE_MODEL_PREFIX)) {
    const value = modelLimit(attribute.slice(DEVICE_MODEL_PREFIX.length), source.models);
    return { limit: value === undefined ? undefined : value + plus, ...ALWAYS };
  }
  const window = attributeAt(source, attribute, time);
  return { ...window, limit: window.limit === undefined ? undefined : withoutNoise(window.limit + plus) };
}

/** Names of the attributes a condition needs. */
export function limitAttributes(condition: Condition): string[] {
  if (condition.kind !== 'threshold') return [];
  return [condition.raise.limit, condition.clear?.limit]
    .filter((limit) => typeof limit === 'object')
    .map((limit) => limit.attribute);
}

/** The values of an attribute with their dates; the catalogue's default where the asset says nothing. */
export function datedValues({ asset, assetType }: LimitSource, attribute: string): readonly DatedValue[] {
  const own = asset.attributes[attribute];
  if (own && own.length > 0) return own;
  const fallback = assetType?.attributes.find((a) => a.name === attribute)?.default;
  return fallback === undefined ? [] : [{ from: 0, value: fallback }];
}

function attributeAt(source: LimitSource, attribute: string, time: number): LimitWindow {
  const values = datedValues(source, attribute);
  for (let i = values.length - 1; i >= 0; i--) {
    const { from, value } = values[i]!; // i is within the list
    // 0 stands for "since ever": it also covers times before 1970, should anybody measure any.
    const start = from === 0 ? Number.NEGATIVE_INFINITY : from;
    if (time < start) continue;
    const until = values[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    return { limit: typeof value === 'number' ? value : undefined, from: start, until };
  }
  return { limit: undefined, from: Number.NEGATIVE_INFINITY, until: values[0]?.from ?? Number.POSITIVE_INFINITY };
}

// Two sensors on one asset: the higher limit warns sooner.
function modelLimit(name: string, models: readonly DeviceModel[]): number | undefined {
  if (name !== 'batteryVoltageLimit') return undefined;
  const limits = models.map((m) => m.batteryVoltageLimit).filter((limit) => limit !== undefined);
  return limits.length > 0 ? Math.max(...limits) : undefined;
}

// 2.4 − 0.1 is 2.3 to everybody but a computer; a level of 2.3 must clear it.
function withoutNoise(limit: number): number {
  return Number(limit.toPrecision(12));
}
