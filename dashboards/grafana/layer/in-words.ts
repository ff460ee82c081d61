/** Codes become words: states, asset types, and whatever quantity the reader has chosen. */
import type { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import type { ValueMap } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { catalogue } from '../../../services/knowledge/catalogue/catalogue.ts';
import { heading, type Language } from './language.ts';
import { isSummedByGrafana, type Query, quantityOf } from './query.ts';
import { stateMapping } from './states.ts';
import { grafanaUnit } from './units.ts';

/** The number of a state is shown as its word. */
export function showStates<B extends { mappings(mappings: ValueMap[]): unknown }>(
  builder: B,
  query: Query,
  { language }: { language: Language },
): B {
  const quantity = quantityOf(query);
  if (query.kind === 'platform' || quantity === undefined || query.join || query.reduce === 'count') return builder;
  const mapping = stateMapping(query.types, quantity, language);
  if (mapping) builder.mappings([mapping]);
  return builder;
}

/** Where the quantity is chosen on the dashboard, its unit and its words follow the name of the line. */
export function showChosen(builder: TimeSeries, language: Language): void {
  for (const { name, unit, decimals } of catalogue.quantities) {
    const mapping = stateMapping('every', name, language);
    builder.overrideByRegexp(`/(^| )${name}([.].+)?$/`, [
      { id: 'unit', value: grafanaUnit(unit) },
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ...(mapping ? [{ id: 'mappings', value: [mapping] }] : []),
    ]);
  }
}

/** A line that is named for an asset type gets its word in the reader's language. */
export function showTypes(builder: TimeSeries | BarGauge, query: Query, language: Language): void {
  if (query.kind === 'platform') return;
  isSummedByGrafana(query, 'graph'); // throws for a join that InfluxQL cannot do
  if (!query.join?.by.includes('type')) return;
  for (const { id, label } of catalogue.assetTypes)
    builder.overrideByName(id, [{ id: 'displayName', value: heading(label[language]) }]);
}
