/** Names, units and states of what is measured, as the platform knows them; fetched once. */
import { locale, pick } from '../i18n/language.svelte.ts';
import { type AssetType, api, type Latest, type Quantity } from './api.ts';
import { type Choice, choices } from './choices.ts';
import { numberText, unitText } from './format.ts';
import { signedIn } from './session.svelte.ts';

const known = $state<{
  quantities: Map<string, Quantity>;
  types: Map<string, AssetType>;
}>({ quantities: new Map(), types: new Map() });
const organisations = $state<{ names: Map<string, string> }>({ names: new Map() });

export async function loadCatalogue(): Promise<void> {
  const catalogue = await api.catalogue();
  known.quantities = new Map(catalogue.quantities.map((q) => [q.name, q]));
  known.types = new Map(catalogue.assetTypes.map((type) => [type.id, type]));
}

/** Of those signed in; the public is shown ids where it may not ask for names. */
export async function loadOrganisations(): Promise<void> {
  const items = signedIn() ? await api.organisations() : [];
  organisations.names = new Map(items.map((o) => [o.id, o.name]));
}

export function assetType(id: string): AssetType | undefined {
  return known.types.get(id);
}

export function typeName(id: string): string {
  return capital(pick(known.types.get(id)?.label) || id);
}

export function organisationName(id: string): string {
  return organisations.names.get(id) ?? id;
}

/** Those somebody may see, by name. */
export function organisationChoices(): Choice[] {
  return choices(organisations.names.keys(), organisationName);
}

/** All there is to measure, by name. */
export function quantityChoices(): Choice[] {
  return choices(known.quantities.keys(), quantityName);
}

/** `vehicleCount.north` has the entry of `vehicleCount`. */
export function quantity(name: string): Quantity | undefined {
  return known.quantities.get(name.split('.')[0] ?? name);
}

export function quantityName(name: string): string {
  const [base = name, ...channel] = name.split('.');
  const text = capital(pick(known.quantities.get(base)?.label) || base);
  return channel.length ? `${text} (${channel.join('.')})` : text;
}

export function valueText(name: string, value: number): string {
  const q = quantity(name);
  if (q?.states) return pick(q.states[value]?.label) || String(value);
  const unit = unitText(q?.unit ?? '');
  const space = unit === '°' ? '' : '\u00a0';
  return `${numberText(value, locale(), q?.decimals ?? 1, q?.decimals !== undefined)}${unit ? space + unit : ''}`;
}

/** The value that says most about an asset: the one an alert is about, else the first its type lists. */
export function headline(type: string, latest: readonly Latest[], about?: string): Latest | undefined {
  const alarming = about === undefined ? undefined : latest.find((l) => l.quantity === about);
  if (alarming) return alarming;
  for (const name of known.types.get(type)?.quantities ?? []) {
    const found = latest.find((l) => l.quantity === name || l.quantity.startsWith(`${name}.`));
    if (found) return found;
  }
  return latest[0];
}

/** As the type lists them, what it does not list last. */
export function inOrder(type: string, latest: readonly Latest[]): Latest[] {
  const order = known.types.get(type)?.quantities ?? [];
  const place = (l: Latest) => (order.indexOf(l.quantity.split('.')[0] ?? '') + 1 || 100) - 1;
  return [...latest].sort((a, b) => place(a) - place(b) || (a.quantity < b.quantity ? -1 : 1));
}

export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase('da') + text.slice(1);
}
