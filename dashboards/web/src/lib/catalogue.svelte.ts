/** Names, units and states of what is measured, as the platform knows them; fetched once. */
import { locale, pick } from '../i18n/language.svelte.ts';
import { type AssetType, api, type Catalogue, type Latest, type Quantity } from './api.ts';
import { numberText, unitText } from './format.ts';

const known = $state<{
  quantities: Map<string, Quantity>;
  types: Map<string, AssetType>;
  organisations: Map<string, string>;
}>({
  quantities: new Map(),
  types: new Map(),
  organisations: new Map(),
});

export async function loadCatalogue(): Promise<void> {
  const [catalogue, organisations]: [Catalogue, { id: string; name: string }[]] = await Promise.all([
    api.catalogue(),
    api.organisations().catch(() => []),
  ]);
  known.quantities = new Map(catalogue.quantities.map((q) => [q.name, q]));
  known.types = new Map(catalogue.assetTypes.map((type) => [type.id, type]));
  known.organisations = new Map(organisations.map((o) => [o.id, o.name]));
}

export function assetType(id: string): AssetType | undefined {
  return known.types.get(id);
}

export function typeName(id: string): string {
  return pick(known.types.get(id)?.label) || id;
}

export function organisationName(id: string): string {
  return known.organisations.get(id) ?? id;
}

/** `vehicleCount.north` has the entry of `vehicleCount`. */
export function quantity(name: string): Quantity | undefined {
  return known.quantities.get(name.split('.')[0] ?? name);
}

export function quantityName(name: string): string {
  const [base = name, ...channel] = name.split('.');
  const label = pick(known.quantities.get(base)?.label) || base;
  const text = label.charAt(0).toUpperCase() + label.slice(1);
  return channel.length ? `${text} (${channel.join('.')})` : text;
}

export function valueText(name: string, value: number): string {
  const q = quantity(name);
  if (q?.states) return pick(q.states[value]?.label) || String(value);
  const unit = unitText(q?.unit ?? '');
  const space = unit === '°' ? '' : ' ';
  return `${numberText(value, locale(), q?.decimals ?? 1)}${unit ? space + unit : ''}`;
}

/** The value that says most about an asset: a derived one, else the first its type lists. */
export function headline(type: string, latest: readonly Latest[]): Latest | undefined {
  const entry = known.types.get(type);
  for (const name of [...(entry?.derived ?? []), ...(entry?.quantities ?? [])]) {
    const found = latest.find((l) => l.quantity === name || l.quantity.startsWith(`${name}.`));
    if (found) return found;
  }
  return latest[0];
}
