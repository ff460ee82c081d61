/**
 * What an alert says, in Danish and English: the rule's sentence with its placeholders filled.
 *
 *   {name} {parent}   of the asset, and of the asset it belongs to
 *   {value} {limit}   in the unit of the quantity, with its decimals; {value:cm} in another unit
 *   {over}            how far the value is from the limit; {over:cm}
 *   {state}           the state's name, where the quantity is one
 *   {unit} {quantity} their names
 *   {duration}        how long it has held; for silence, how long nothing came
 *   {time}            since when: "kl. 02.14", with the date where it was another day
 *   {attribute:NAME}  of the asset; in parentheses they go with it when it has none: " ({attribute:redningsnummer})"
 */
import type { Evidence } from '../../model/alert.ts';
import type { Asset } from '../../model/asset.ts';
import type { AssetType, Quantity } from '../../model/catalogue.ts';
import type { Text } from '../../model/rule.ts';
import { datedValues } from './limits.ts';
import { durationPhrase, type Language, numberPhrase, timePhrase } from './phrases.ts';
import { unitFactor, unitLabel } from './units.ts';

export interface SentenceContext {
  asset: Asset;
  parent: Asset | undefined;
  assetType: AssetType | undefined;
  quantity: Quantity | undefined;
  evidence: Evidence;
  /** Event time of the transition, epoch ms: "since" is counted back from it. */
  time: number;
}

/** A value on its way for longer than that is told with both its times. */
const LATE_MS = 10 * 60_000;

const PLACEHOLDER = /( \()?\{(\w+)(?::([\w-]+))?\}(\))?/g;

export function fillSentence(template: Text, context: SentenceContext): Text {
  return { da: fill(template.da, 'da', context), en: fill(template.en, 'en', context) };
}

/** What a transition to "cleared" says. */
export function endedSentence(name: Text, context: SentenceContext): Text {
  const { asset, time } = context;
  return {
    da: `${asset.name}: "${name.da}" ophørte ${timePhrase(time, 'da', time)}.${lateness('da', context)}`,
    en: `${asset.name}: "${name.en}" ended ${timePhrase(time, 'en', time)}.${lateness('en', context)}`,
  };
}

function fill(template: string, language: Language, context: SentenceContext): string {
  // One pass, so that a name with braces in it stays what it is.
  const text = template.replace(PLACEHOLDER, (whole, open = '', name: string, argument: string, close = '') => {
    const value = placeholder(name, argument, language, context);
    if (value === undefined) return whole;
    return value === '' && open && close ? '' : `${open}${value}${close}`;
  });
  return text + lateness(language, context);
}

type Fill = (c: SentenceContext, language: Language, argument: string | undefined) => string;

const FILLS: Readonly<Record<string, Fill>> = {
  name: (c) => c.asset.name,
  parent: (c) => c.parent?.name ?? c.asset.name,
  value: (c, language, argument) => {
    const { value } = c.evidence;
    return value === undefined ? '' : (stateName(value, language, c) ?? amount(value, argument, language, c));
  },
  limit: (c, language, argument) => {
    const { limit } = c.evidence;
    return limit === undefined ? '' : amount(limit, argument, language, c);
  },
  over: (c, language, argument) => {
    const { value, limit } = c.evidence;
    return value === undefined || limit === undefined ? '' : amount(Math.abs(value - limit), argument, language, c);
  },
  state: (c, language) => {
    const { value } = c.evidence;
    return value === undefined ? '' : (stateName(value, language, c) ?? '');
  },
  unit: (c, language) => unitLabel(c.quantity?.unit ?? '')[language],
  quantity: (c, language) => c.quantity?.label[language] ?? c.evidence.quantity ?? '',
  duration: (c, language) => durationPhrase(c.evidence.heldFor ?? 0, language),
  time: (c, language) => timePhrase(c.time - (c.evidence.heldFor ?? 0), language, c.time),
  attribute: (c, language, argument) => attribute(argument ?? '', language, c),
};

/** What may stand in a sentence, as people write it. */
export const PLACEHOLDERS = Object.keys(FILLS).map((name) => (name === 'attribute' ? '{attribute:NAME}' : `{${name}}`));

/** What stands in braces and cannot be filled in: a word that is none of ours, an attribute there is not. */
export function strangePlaceholders(template: string, hasAttribute: (name: string) => boolean): string[] {
  return [...template.matchAll(/\{([^{}]*)\}/g)].flatMap(([whole, inside = '']) => {
    const [, name = '', argument] = /^(\w+)(?::([\w-]+))?$/.exec(inside) ?? [];
    if (!Object.hasOwn(FILLS, name)) return [whole];
    return name === 'attribute' && !hasAttribute(argument ?? '') ? [whole] : [];
  });
}

/** `undefined` for a word that is none of ours, of a rule older than the check: it stays as the author wrote it. */
function placeholder(name: string, argument: string | undefined, language: Language, c: SentenceContext) {
  return Object.hasOwn(FILLS, name) ? FILLS[name]!(c, language, argument) : undefined; // just checked
}

function amount(value: number, unit: string | undefined, language: Language, { quantity }: SentenceContext): string {
  const factor = unit && quantity ? unitFactor(quantity.unit, unit) : undefined;
  return factor === undefined
    ? numberPhrase(value, language, quantity?.decimals)
    : numberPhrase(value * factor, language, 0);
}

function stateName(value: number, language: Language, { quantity }: SentenceContext): string | undefined {
  return quantity?.states?.[value]?.label[language];
}

function attribute(name: string, language: Language, { asset, assetType }: SentenceContext): string {
  // Sentences leave the house by mail and webhook: keys, codes and contacts do not.
  if (assetType?.attributes.find((a) => a.name === name)?.private) return '';
  const value = datedValues({ asset, assetType, models: [] }, name).at(-1)?.value;
  if (typeof value === 'number') return numberPhrase(value, language);
  return value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value);
}

function lateness(language: Language, { evidence }: SentenceContext): string {
  const { time, received } = evidence;
  if (time === undefined || received === undefined || received - time < LATE_MS) return '';
  const measured = timePhrase(time, language, received);
  const arrived = timePhrase(received, language, received);
  return language === 'da'
    ? ` (målt ${measured}, modtaget ${arrived})`
    : ` (measured ${measured}, received ${arrived})`;
}
