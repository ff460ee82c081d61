/** "Grænse mangler": rules that are off for an asset because an attribute they need has no value. */
import type { Asset } from '../../model/asset.ts';
import type { Rule } from '../../model/rule.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { DEVICE_MODEL_PREFIX, limitAt, limitAttributes } from './limits.ts';
import type { RuleSet } from './rule-set.ts';

export interface MissingLimit {
  rule: Rule;
  attribute: string;
}

/** Judged at `now`, epoch ms. Never silently: the asset's page shows each of them. */
export function missingLimits({
  asset,
  ruleSet,
  registered,
  catalogue,
  now,
}: {
  asset: Asset;
  ruleSet: RuleSet;
  registered: Iterable<Rule>;
  catalogue: Catalogue;
  now: number;
}): MissingLimit[] {
  const source = { asset, assetType: catalogue.assetType(asset.type), models: [] };
  return ruleSet.of(asset, registered).flatMap(({ rule }) =>
    [...new Set(limitAttributes(rule.condition))]
      .filter((attribute) => !attribute.startsWith(DEVICE_MODEL_PREFIX))
      .filter((attribute) => limitAt({ attribute }, source, now).limit === undefined)
      .map((attribute) => ({ rule, attribute })),
  );
}
