/** Trafik og parkering: how much drives and walks where, how fast, and where there is a free space. */
import { type Board, figure, graph, ranking } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';
import { countState, longestSilent, reporting } from '../layer/recipes.ts';

const traffic = ['traffic-counter'];
const people = ['people-counter'];
const areas = ['parking-area'];
const spaces = ['parking-space'];
const types = [...traffic, ...people, ...areas, ...spaces];

export const trafficAndParking: Board = {
  id: 'traffic-and-parking',
  title: { da: 'Trafik og parkering', en: 'Traffic and parking' },
  question: {
    da: 'Hvor meget trafik er der, og hvor er der plads?',
    en: 'How much traffic is there, and where is there room?',
  },
  types,
  from: 'now-7d',
  sections: [
    {
      title: { da: 'I perioden', en: 'In the period' },
      panels: [
        figure({
          title: { da: 'Køretøjer talt', en: 'Vehicles counted' },
          query: ofReadings({
            types: traffic,
            quantity: 'vehicleCount',
            channels: true,
            reduce: 'sum',
            join: { as: 'sum', by: [] },
          }),
        }),
        reporting({ da: 'Tællere med data', en: 'Counters with data' }, { types: traffic, quantity: 'vehicleCount' }),
        figure({
          title: { da: 'Ledige pladser lige nu', en: 'Free spaces right now' },
          query: ofReadings({ types: areas, quantity: 'availableSpots', reduce: 'last', join: { as: 'sum', by: [] } }),
        }),
        countState(
          { da: 'Ledige enkeltpladser', en: 'Free single spaces' },
          { types: spaces, quantity: 'spotState', state: 'free' },
        ),
      ],
    },
    {
      title: { da: 'Trafik', en: 'Traffic' },
      panels: [
        graph({
          title: { da: 'Køretøjer pr. tæller', en: 'Vehicles by counter' },
          query: ofReadings({
            types: traffic,
            quantity: 'vehicleCount',
            channels: true,
            reduce: 'sum',
            join: { as: 'sum', by: ['asset'] },
          }),
          style: 'bars',
        }),
        graph({
          title: { da: 'Samme periode sidste år', en: 'The same period last year' },
          description: {
            da: '52 uger tilbage, så ugedagene passer.',
            en: '52 weeks back, so that the weekdays agree.',
          },
          query: ofReadings({
            types: traffic,
            quantity: 'vehicleCount',
            channels: true,
            reduce: 'sum',
            join: { as: 'sum', by: ['asset'] },
          }),
          style: 'bars',
          ago: '52w',
        }),
        ranking({
          title: { da: 'Køretøjer pr. tæller og retning', en: 'Vehicles by counter and direction' },
          query: ofReadings({ types: traffic, quantity: 'vehicleCount', channels: true, reduce: 'sum' }),
          worst: 'highest',
        }),
        graph({
          title: { da: 'Middelhastighed', en: 'Average speed' },
          query: ofReadings({ types: traffic, quantity: 'averageVehicleSpeed', channels: true, reduce: 'mean' }),
        }),
        ranking({
          title: { da: '85 %-fraktil af hastighed: højest først', en: '85th percentile speed: highest first' },
          description: { da: 'Den højeste måling i perioden.', en: 'The highest reading of the period.' },
          query: ofReadings({ types: traffic, quantity: 'speedV85', channels: true, reduce: 'max' }),
          worst: 'highest',
        }),
        longestSilent(types),
      ],
    },
    {
      title: { da: 'Parkering og personer', en: 'Parking and people' },
      panels: [
        ranking({
          title: { da: 'Belægning: de fyldigste først', en: 'Occupancy: the fullest first' },
          query: ofReadings({ types: areas, quantity: 'occupancy', reduce: 'last' }),
          worst: 'highest',
        }),
        graph({
          title: { da: 'Ledige pladser', en: 'Free spaces' },
          query: ofReadings({ types: areas, quantity: 'availableSpots', reduce: 'mean' }),
        }),
        graph({
          title: { da: 'Personer til stede', en: 'People inside' },
          query: ofReadings({ types: people, quantity: 'peopleInside', reduce: 'max' }),
        }),
        graph({
          title: { da: 'Passager pr. retning', en: 'Passages by direction' },
          query: ofReadings({ types: people, quantity: 'peopleCount', channels: true, reduce: 'sum' }),
          style: 'bars',
        }),
      ],
    },
  ],
};
