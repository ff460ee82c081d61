/** What of an asset others than its owner and operator get to see: never keys, codes or contacts. */
import type { Asset, Location } from '../../model/asset.ts';
import type { AssetType } from '../../model/catalogue.ts';
import type { Principal } from '../../model/token.ts';
import { isOwnerOrOperator } from './decide.ts';

export interface RedactOptions {
  /** Makes a place coarser for outsiders, or hides it; what a grant with coarseness will use. Default: as it is. */
  coarsen?: (location: Location, asset: Asset) => Location | undefined;
}

/**
 * The asset as `principal` may see it; it must have been allowed to read it. An attribute its type does not define is
 * withheld as well: nobody said that it may be shown.
 */
export function redactAsset(
  principal: Principal,
  asset: Asset,
  assetType: AssetType | undefined,
  { coarsen }: RedactOptions = {},
): Asset {
  if (principal.role === 'platform' || isOwnerOrOperator(principal, asset)) return asset;
  const shown = new Set(assetType?.attributes.filter((a) => a.private !== true).map((a) => a.name));
  const attributes = Object.fromEntries(Object.entries(asset.attributes).filter(([name]) => shown.has(name)));
  if (!coarsen || !asset.location) return { ...asset, attributes };
  const { location, ...rest } = asset;
  const coarse = coarsen(location, asset);
  return { ...rest, attributes, ...(coarse ? { location: coarse } : {}) };
}
