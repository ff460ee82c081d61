/** How the values of a query are shown: unit, decimals, name and limits, all from the catalogue. */
import { type Threshold, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../../../services/knowledge/catalogue/catalogue.ts';
import { heading, type Language } from './language.ts';
import { isCount, type Query, quantityOf, type SeriesQuery } from './query.ts';
import { PLAIN } from './severity-colours.ts';
import { thresholds } from './thresholds.ts';
import { grafanaUnit } from './units.ts';

export function limits(query: Query): ThresholdsConfigBuilder | undefined {
  // A limit is for the value itself, not for a sum, a change or a time.
  if (query.kind === 'platform' || query.field === 'received' || !['mean', 'min', 'max', 'last'].includes(query.reduce))
    return undefined;
  const quantity = quantityOf(query);
  return quantity === undefined ? undefined : thresholds(query.types, quantity);
}

export function stepsFrom(colour: string): Threshold[] {
  // Grafana wants null for "from the bottom"; the SDK's type says number.
  return [{ value: null, color: colour }] as unknown as Threshold[];
}

export function plainSteps(from?: number, colour?: string): ThresholdsConfigBuilder {
  const steps = stepsFrom(PLAIN);
  if (from !== undefined && colour !== undefined) steps.push({ value: from, color: colour });
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

export function unitOf(query: Query, given: string | undefined): string {
  if (given !== undefined) return given;
  if (query.kind === 'platform') throw new Error('a query to the platform’s figures needs its unit said');
  if (query.field === 'received') return 'dateTimeFromNow';
  if (isCount(query)) return 'none';
  const units = unitsOf(query);
  if (units.length !== 1) throw new Error(`one panel, one unit: ${units.join(', ') || 'none'} of ${query.quantity}`);
  return units[0]!; // its length is 1
}

function unitsOf(query: SeriesQuery): string[] {
  if (quantityOf(query) === undefined) return ['none'];
  const names = typeof query.quantity === 'string' ? [query.quantity] : query.quantity;
  return [
    ...new Set(
      names.map((name) => {
        const quantity = catalogue.quantity(name);
        if (!quantity) throw new Error(`no quantity ${name}`);
        return grafanaUnit(quantity.unit);
      }),
    ),
  ];
}

export function decimalsOf(query: Query): number | undefined {
  return catalogue.quantity(quantityOf(query) ?? '')?.decimals;
}

export function quantityLabel(query: Query, language: Language): string {
  const quantity = catalogue.quantity(quantityOf(query) ?? '');
  if (!quantity) throw new Error('a ranking needs a quantity or a column name');
  return heading(quantity.label[language]);
}
