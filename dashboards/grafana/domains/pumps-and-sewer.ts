/** Pumper og kloak: which station needs somebody now; levels, starts, hours, energy and overflows. */
import { type Board, graph, ranking, states } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';
import { countState, countWhere, longestSilent, reporting } from '../layer/recipes.ts';
import { limitOf } from '../layer/thresholds.ts';

const stations = ['pumping-station'];
const pumps = ['pump'];
const overflows = ['overflow'];
const manholes = ['manhole'];
const types = [...stations, ...pumps, ...overflows, ...manholes];

export const pumpsAndSewer: Board = {
  id: 'pumps-and-sewer',
  title: { da: 'Pumper og kloak', en: 'Pumps and sewer' },
  question: { da: 'Hvilken station har brug for os nu?', en: 'Which station needs us now?' },
  types,
  from: 'now-24h',
  sections: [
    {
      title: { da: 'Lige nu', en: 'Right now' },
      panels: [
        countState(
          { da: 'Stationer uden strøm', en: 'Stations without power' },
          { types: stations, quantity: 'mainsPower', state: 'off', colour: 'dark-red' },
        ),
        countState(
          { da: 'Udfaldne pumper', en: 'Failed pumps' },
          { types: pumps, quantity: 'pumpState', state: 'fault', colour: 'orange' },
        ),
        countWhere(
          { da: 'Brønde med vand tæt under dækslet', en: 'Manholes with water just below the cover' },
          {
            types: manholes,
            quantity: 'depthToWater',
            is: '<=',
            limit: limitOf('manhole', 'surcharge'),
            colour: 'dark-red',
          },
        ),
        reporting({ da: 'Stationer med data', en: 'Stations with data' }, { types: stations, quantity: 'waterDepth' }),
        ranking({
          title: { da: 'Vanddybde i pumpesumpene: de højeste først', en: 'Depth in the sumps: the highest first' },
          query: ofReadings({ types: stations, quantity: 'waterDepth', reduce: 'last' }),
          worst: 'highest',
          height: 10,
        }),
        graph({
          title: { da: 'Vanddybde i pumpesumpene', en: 'Depth in the sumps' },
          query: ofReadings({ types: stations, quantity: 'waterDepth', reduce: 'max' }),
          height: 10,
        }),
      ],
    },
    {
      title: { da: 'Pumpedrift', en: 'Running of the pumps' },
      panels: [
        states({
          title: { da: 'Pumpedrift', en: 'State of the pumps' },
          query: ofReadings({ types: pumps, quantity: 'pumpState', reduce: 'last' }),
        }),
        states({
          title: { da: 'Netspænding', en: 'Mains power' },
          query: ofReadings({ types: stations, quantity: 'mainsPower', reduce: 'last' }),
        }),
        ranking({
          title: { da: 'Starter i perioden: flest først', en: 'Starts in the period: most first' },
          query: ofReadings({ types: pumps, quantity: 'startCount', reduce: 'rise' }),
          worst: 'highest',
        }),
        ranking({
          title: { da: 'Driftstimer i perioden: flest først', en: 'Hours run in the period: most first' },
          query: ofReadings({ types: pumps, quantity: 'runTime', reduce: 'rise' }),
          worst: 'highest',
        }),
        graph({
          title: { da: 'Motorstrøm', en: 'Motor current' },
          query: ofReadings({ types: pumps, quantity: 'current', channels: true, reduce: 'mean' }),
        }),
        graph({
          title: { da: 'Elforbrug', en: 'Electricity used' },
          query: ofReadings({ types: stations, quantity: 'energy', reduce: 'rise' }),
          style: 'bars',
        }),
        graph({
          title: { da: 'Flow', en: 'Flow' },
          query: ofReadings({ types: stations, quantity: 'flow', reduce: 'mean' }),
        }),
        longestSilent(types),
      ],
    },
    {
      title: { da: 'Overløb og brønde', en: 'Overflows and manholes' },
      panels: [
        graph({
          title: { da: 'Vandstand ved overløbsbygværker (kote)', en: 'Level at overflows (elevation)' },
          query: ofReadings({ types: overflows, quantity: 'waterLevel', reduce: 'max' }),
        }),
        graph({
          title: { da: 'Overløb, beregnet', en: 'Overflow, computed' },
          description: {
            da: 'Beregnet af vandstanden over overløbskanten (Poleni, Cd 0,62). ISO 1438 er finere.',
            en: 'Computed from the level above the crest (Poleni, Cd 0.62). ISO 1438 is finer.',
          },
          query: ofReadings({ types: overflows, quantity: 'flow', reduce: 'mean' }),
        }),
        ranking({
          title: {
            da: 'Vandspejl tættest på terræn først',
            en: 'Depth to water: the shallowest first',
          },
          query: ofReadings({ types: manholes, quantity: 'depthToWater', reduce: 'last' }),
          worst: 'lowest',
        }),
        graph({
          title: { da: 'Vandspejl under terræn', en: 'Depth to water' },
          query: ofReadings({ types: manholes, quantity: 'depthToWater', reduce: 'min' }),
        }),
      ],
    },
  ],
};
