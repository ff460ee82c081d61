/** Vand: level and freeboard of streams, lakes, fjords and basins, and the groundwater. */
import { type Board, graph, ranking } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';
import { countWhere, longestSilent, reporting } from '../layer/recipes.ts';

const surface = ['water-level'];
const ground = ['groundwater'];
const types = [...surface, ...ground];

export const water: Board = {
  id: 'water',
  title: { da: 'Vand', en: 'Water' },
  question: {
    da: 'Hvor er vandet højest i forhold til grænserne, og stiger det?',
    en: 'Where is the water highest against its limits, and is it rising?',
  },
  types,
  from: 'now-24h',
  sections: [
    {
      title: { da: 'Lige nu', en: 'Right now' },
      panels: [
        countWhere(
          { da: 'Over faregrænsen', en: 'Above the danger level' },
          { types: surface, quantity: 'freeboard', is: '<=', limit: 0, colour: 'dark-red' },
        ),
        countWhere(
          { da: 'Under 25 cm til faregrænsen', en: 'Less than 25 cm to the danger level' },
          { types: surface, quantity: 'freeboard', is: '<', limit: 0.25, colour: 'orange' },
        ),
        reporting({ da: 'Steder med data', en: 'Places with data' }, { types: surface, quantity: 'waterLevel' }),
        reporting(
          { da: 'Pejleboringer med data', en: 'Boreholes with data' },
          { types: ground, quantity: 'waterLevel' },
        ),
        ranking({
          title: { da: 'Afstand til faregrænse: mindst først', en: 'Freeboard: least first' },
          query: ofReadings({ types: surface, quantity: 'freeboard', reduce: 'last' }),
          worst: 'lowest',
        }),
        ranking({
          title: { da: 'Steget mest i perioden', en: 'Risen most in the period' },
          description: {
            da: 'Seneste vandstand minus periodens første.',
            en: 'The latest level less the first of the period.',
          },
          query: ofReadings({ types: surface, quantity: 'waterLevel', reduce: 'change' }),
          column: { da: 'Stigning', en: 'Rise' },
          worst: 'highest',
        }),
      ],
    },
    {
      title: { da: 'Udvikling', en: 'Over time' },
      panels: [
        graph({
          title: { da: 'Vandstand (kote)', en: 'Water level (elevation)' },
          query: ofReadings({ types: surface, quantity: 'waterLevel', reduce: 'max' }),
          width: 24,
          height: 10,
        }),
        ranking({
          title: { da: 'Højeste vandstand i perioden', en: 'Highest level in the period' },
          query: ofReadings({ types: surface, quantity: 'waterLevel', reduce: 'max' }),
          worst: 'highest',
        }),
        graph({
          title: { da: 'Vandtemperatur', en: 'Water temperature' },
          query: ofReadings({ types: surface, quantity: 'temperature', reduce: 'mean' }),
        }),
        graph({
          title: { da: 'Grundvand: vandspejl under terræn', en: 'Groundwater: depth to water' },
          query: ofReadings({ types: ground, quantity: 'depthToWater', reduce: 'mean' }),
        }),
        longestSilent(types),
      ],
    },
  ],
};
