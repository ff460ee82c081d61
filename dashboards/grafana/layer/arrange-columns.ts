/** The columns of a ranking, which each engine gives in its own way: which there are, in what order, and how they look. */
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { assetCellLinks } from './asset-links.ts';
import { columnsOf, type Engine } from './engine.ts';
import type { Language } from './language.ts';
import type { SeriesQuery } from './query.ts';
import { PLAIN } from './severity-colours.ts';
import { WORDS } from './words.ts';

interface Parts {
  query: SeriesQuery;
  engine: Engine;
  language: Language;
  /** What the column of the value is called, and Grafana's name of its unit. */
  value: string;
  unit: string;
}

export function arrangeColumns(table: Table, { query, engine, language, value, unit }: Parts): void {
  const columns = columnsOf(engine, query);
  const timed = (of: string | number) => (columns.time ? { [columns.time]: of } : {});
  // VictoriaMetrics answers value and time in two tables.
  if (columns.value === 'Value #A') table.withTransformation({ id: 'merge', options: {} });
  table.withTransformation({
    id: 'organize',
    options: {
      excludeByName: Object.fromEntries(columns.hidden.map((name) => [name, true])),
      indexByName: { owner: 0, asset: 1, quantity: 2, [columns.value]: 3, ...timed(4) },
      renameByName: {
        owner: WORDS.organisation[language],
        asset: WORDS.asset[language],
        quantity: WORDS.quantity[language],
        [columns.value]: value,
        ...timed(WORDS.measured[language]),
      },
    },
  });
  table.overrideByName(value, [coloured(), { id: 'unit', value: unit }]);
  if (columns.time)
    table.overrideByName(WORDS.measured[language], [
      { id: 'unit', value: 'dateTimeFromNow' },
      { id: 'thresholds', value: { mode: 'absolute', steps: [{ color: PLAIN, value: null }] } },
    ]);
  table.overrideByName(WORDS.asset[language], [{ id: 'links', value: assetCellLinks(language) }]);
}

function coloured(): DynamicConfigValue {
  return { id: 'custom.cellOptions', value: { type: 'color-text' } };
}
