/** Which series a question is about: the assets its filters name, as far as the asker may see them. */
import Type, { type Static } from 'typebox';
import { maySeeReading } from '../../knowledge/access/decide.ts';
import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import type { Asset } from '../../model/asset.ts';
import type { Quantity } from '../../model/catalogue.ts';
import type { Directory } from '../../model/directory.ts';
import type { Principal } from '../../model/token.ts';
import { invalid } from './problems.ts';
import { readNames } from './query.ts';
import { Names } from './schemas/common.ts';

export const SeriesFilter = {
  owner: Type.Optional(Names),
  type: Type.Optional(Names),
  asset: Type.Optional(Names),
  tag: Type.Optional(Type.String({ maxLength: 64 })),
};
export type SeriesFilter = Static<ReturnType<typeof Type.Object<typeof SeriesFilter>>>;

/** Of the directory, sorted by id. Filters combine; each takes several names. */
export function visibleAssets(principal: Principal, directory: Directory, filter: SeriesFilter): Asset[] {
  const [owners, types, ids] = [filter.owner, filter.type, filter.asset].map((n) =>
    n === undefined ? undefined : new Set(readNames(n)),
  );
  const found: Asset[] = [];
  const candidates = ids ? [...ids].flatMap((id) => directory.asset(id) ?? []) : directory.assets();
  for (const asset of candidates) {
    if (owners && !owners.has(asset.owner)) continue;
    if (types && !types.has(asset.type)) continue;
    if (filter.tag !== undefined && !asset.tags.includes(filter.tag)) continue;
    if (maySeeReading(principal, asset)) found.push(asset);
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** @throws Problem when the catalogue has no such quantity. */
export function knownQuantity(catalogue: Catalogue, name: string): Quantity {
  const quantity = catalogue.quantity(name);
  if (!quantity) throw invalid('/quantity', `there is no quantity "${name}"; GET /api/v1/catalogue lists them`);
  return quantity;
}
