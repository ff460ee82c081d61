/** Fælles overblik: all organisations on one page, the worst of each domain first. */
import { type Board, bars, ranking } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';
import { countState, countWhere, longestSilent, reporting } from '../layer/recipes.ts';
import { limitOf } from '../layer/thresholds.ts';

const full = limitOf('waste-container', 'full');

export const overview: Board = {
  id: 'overview',
  title: { da: 'Fælles overblik', en: 'Shared overview' },
  question: { da: 'Hvordan står det til hos os alle?', en: 'How are things with all of us?' },
  types: 'every',
  from: 'now-24h',
  sections: [
    {
      title: { da: 'Det der kræver nogen', en: 'What needs somebody' },
      panels: [
        countState(
          { da: 'Redningskranse taget eller mangler', en: 'Lifebuoys taken or missing' },
          { types: ['rescue-ring'], quantity: 'holderState', state: 'removed', colour: 'dark-red' },
        ),
        countState(
          { da: 'Pumpestationer uden strøm', en: 'Pumping stations without power' },
          { types: ['pumping-station'], quantity: 'mainsPower', state: 'off', colour: 'dark-red' },
        ),
        countWhere(
          { da: 'Vandløb og søer over faregrænsen', en: 'Waters above the danger level' },
          { types: ['water-level'], quantity: 'freeboard', is: '<=', limit: 0, colour: 'dark-red' },
        ),
        countWhere(
          {
            da: `Affaldsbeholdere der skal tømmes (mindst ${full} %)`,
            en: `Waste containers to empty (at least ${full} %)`,
          },
          { types: ['waste-container'], quantity: 'fillingLevel', is: '>=', limit: full, colour: 'blue' },
        ),
        reporting(
          { da: 'Redningskranse med data', en: 'Lifebuoys with data' },
          { types: ['rescue-ring'], quantity: 'holderState' },
        ),
        reporting(
          { da: 'Pumpestationer med data', en: 'Pumping stations with data' },
          { types: ['pumping-station'], quantity: 'waterDepth' },
        ),
        reporting(
          { da: 'Vandstandsmålere med data', en: 'Water level gauges with data' },
          { types: ['water-level'], quantity: 'waterLevel' },
        ),
        reporting(
          { da: 'Affaldsbeholdere med data', en: 'Waste containers with data' },
          { types: ['waste-container'], quantity: 'fillingLevel' },
        ),
      ],
    },
    {
      title: { da: 'Pr. organisation', en: 'By organisation' },
      panels: [
        bars({
          title: { da: 'Affaldsbeholdere med data', en: 'Waste containers with data' },
          query: ofReadings({
            types: ['waste-container'],
            quantity: 'fillingLevel',
            reduce: 'last',
            join: { as: 'assets', by: ['owner'] },
          }),
        }),
        bars({
          title: { da: 'Redningskranse taget eller mangler', en: 'Lifebuoys taken or missing' },
          query: ofReadings({
            types: ['rescue-ring'],
            quantity: 'holderState',
            reduce: 'last',
            where: { is: '>', limit: 0 },
            join: { as: 'assets', by: ['owner'] },
          }),
        }),
        ranking({
          title: { da: 'Afstand til faregrænse: mindst først', en: 'Freeboard: least first' },
          query: ofReadings({ types: ['water-level'], quantity: 'freeboard', reduce: 'last' }),
          worst: 'lowest',
        }),
        longestSilent('every'),
        bars({
          title: { da: 'Måleværdier pr. objekttype', en: 'Readings by asset type' },
          query: ofReadings({ types: 'every', quantity: 'every', reduce: 'count', join: { as: 'sum', by: ['type'] } }),
        }),
      ],
    },
  ],
};
