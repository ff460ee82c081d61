/** Drift af sensorer: who is silent, whose battery is low, whose messages get lost, whatever the type. */
import { type Board, figure, graph, ranking } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';
import { countWhere, longestSilent, reporting } from '../layer/recipes.ts';
import { limitOf } from '../layer/thresholds.ts';

const types = 'every';
const low = limitOf('waste-container', 'battery-low'); // one of the rules that every type has

export const sensorOperations: Board = {
  id: 'sensor-operations',
  title: { da: 'Drift af sensorer', en: 'Sensor operations' },
  question: {
    da: 'Hvilke sensorer er stille, og hvilke batterier skal skiftes?',
    en: 'Which sensors are silent, which batteries are due?',
  },
  types,
  from: 'now-7d',
  refresh: '5m',
  sections: [
    {
      title: { da: 'Tilstand', en: 'Condition' },
      panels: [
        countWhere(
          { da: `Batteri på højst ${low} %`, en: `Battery at ${low} % or less` },
          { types, quantity: 'batteryLevel', is: '<=', limit: low, colour: 'yellow' },
        ),
        reporting(
          { da: 'Sensorer der melder batteri i procent', en: 'Sensors that report battery in percent' },
          { types, quantity: 'batteryLevel' },
        ),
        figure({
          title: { da: 'Tabte beskeder i perioden', en: 'Lost messages in the period' },
          query: ofReadings({ types, quantity: 'lostUplinks', reduce: 'sum', join: { as: 'sum', by: [] } }),
        }),
        figure({
          title: { da: 'Måleværdier i perioden', en: 'Readings in the period' },
          query: ofReadings({ types, quantity: 'every', reduce: 'count', join: { as: 'sum', by: [] } }),
        }),
        longestSilent(types),
        ranking({
          title: { da: 'Batteri: lavest først', en: 'Battery: lowest first' },
          query: ofReadings({ types, quantity: 'batteryLevel', reduce: 'last' }),
          worst: 'lowest',
        }),
        ranking({
          title: { da: 'Batterispænding: lavest først', en: 'Battery voltage: lowest first' },
          query: ofReadings({ types, quantity: 'batteryVoltage', reduce: 'last' }),
          worst: 'lowest',
        }),
        ranking({
          title: { da: 'Tabte beskeder: flest først', en: 'Lost messages: most first' },
          query: ofReadings({ types, quantity: 'lostUplinks', reduce: 'sum' }),
          worst: 'highest',
        }),
      ],
    },
    {
      title: { da: 'Radio og mængde', en: 'Radio and volume' },
      panels: [
        ranking({
          title: { da: 'Signalstyrke: svagest først', en: 'Signal strength: weakest first' },
          query: ofReadings({ types, quantity: 'rssi', reduce: 'mean' }),
          worst: 'lowest',
        }),
        graph({
          title: { da: 'Måleværdier pr. objekttype', en: 'Readings by asset type' },
          query: ofReadings({ types, quantity: 'every', reduce: 'count', join: { as: 'sum', by: ['type'] } }),
          style: 'bars',
          stacked: true,
        }),
      ],
    },
  ],
};
