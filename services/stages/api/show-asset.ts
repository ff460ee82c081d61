/** An asset as somebody may see it, with what is known of it right now. */
import type { Static } from 'typebox';
import { redactAsset } from '../../knowledge/access/redact.ts';
import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import type { Alert } from '../../model/alert.ts';
import type { Asset } from '../../model/asset.ts';
import { markNames } from '../../model/readings.ts';
import { SEVERITIES } from '../../model/rule.ts';
import type { LatestValue } from '../../model/series.ts';
import { formatTime } from '../../model/time.ts';
import type { Principal } from '../../model/token.ts';
import { showAttributes } from './attributes.ts';
import type { AssetShown, Latest } from './schemas/asset.ts';

export function showAsset(principal: Principal, asset: Asset, catalogue: Catalogue): Static<typeof AssetShown> {
  const seen = redactAsset(principal, asset, catalogue.assetType(asset.type));
  return { ...seen, attributes: showAttributes(seen.attributes), createdAt: formatTime(seen.createdAt) };
}

export function showLatest(value: LatestValue, catalogue: Catalogue): Static<typeof Latest> {
  const quantity = catalogue.quantity(value.quantity);
  const state = quantity?.states?.[value.value]?.name;
  return {
    quantity: value.quantity,
    unit: quantity?.unit ?? '',
    value: value.value,
    ...(state !== undefined && { state }),
    time: formatTime(value.time),
    received: formatTime(value.received),
    marks: markNames(value.marks),
  };
}

/** State, worst severity, last seen and latest values, of the open alerts and latest values of one asset. */
export function showNow(
  alerts: readonly Alert[],
  values: readonly LatestValue[],
  catalogue: Catalogue,
): Pick<Static<typeof AssetShown>, 'state' | 'severity' | 'lastSeen' | 'latest'> {
  const alarms = alerts.filter((a) => a.outcome === 'alarm');
  const severity = SEVERITIES.find((s) => alarms.some((a) => a.severity === s));
  const lastSeen = values.reduce((newest, v) => Math.max(newest, v.received), 0);
  return {
    state: severity ? 'alert' : values.length === 0 ? 'never-seen' : 'ok',
    ...(severity && { severity }),
    ...(lastSeen > 0 && { lastSeen: formatTime(lastSeen) }),
    latest: values.map((v) => showLatest(v, catalogue)).sort((a, b) => (a.quantity < b.quantity ? -1 : 1)),
  };
}
