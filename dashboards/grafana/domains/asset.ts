/** Ét objekt: everything that is measured on one asset, a chart a quantity. */
import { type Board, graph, ranking } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';

const types = 'every';

export const asset: Board = {
  id: 'asset',
  title: { da: 'Ét objekt', en: 'One asset' },
  question: { da: 'Hvordan har dette objekt det?', en: 'How is this asset?' },
  types,
  oneAsset: true,
  from: 'now-24h',
  sections: [
    {
      title: { da: 'Seneste værdier', en: 'Latest values' },
      panels: [
        ranking({
          title: { da: 'Seneste værdier i perioden', en: 'Latest values in the period' },
          description: {
            da: 'Tal uden enhed: enheden står ved hver graf nedenfor.',
            en: 'Numbers without units: the unit is on each chart below.',
          },
          query: ofReadings({ types, quantity: 'chosen', reduce: 'last' }),
          column: { da: 'Værdi', en: 'Value' },
          worst: 'highest',
          width: 24,
        }),
      ],
    },
    {
      title: { da: 'Målinger', en: 'Readings' },
      panels: [
        graph({
          title: { da: '$quantity', en: '$quantity' },
          query: ofReadings({ types, quantity: 'chosen', reduce: 'mean' }),
          repeat: 'quantity',
        }),
      ],
    },
  ],
};
