/** Redningskranse: on its place, missing, or unknown. */
import { type Board, ranking, states } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';
import { countState, longestSilent, reporting } from '../layer/recipes.ts';

const types = ['rescue-ring'];
const quantity = 'holderState';

export const rescueRings: Board = {
  id: 'rescue-rings',
  title: { da: 'Redningskranse', en: 'Lifebuoys' },
  question: { da: 'Hænger alle kranse på plads?', en: 'Does every ring hang in its place?' },
  types,
  from: 'now-7d',
  sections: [
    {
      title: { da: 'Lige nu', en: 'Right now' },
      panels: [
        countState(
          { da: 'Taget eller mangler', en: 'Taken or missing' },
          { types, quantity, state: 'removed', colour: 'dark-red' },
        ),
        countState({ da: 'På plads', en: 'In place' }, { types, quantity, state: 'present' }),
        reporting({ da: 'Kranse med data', en: 'Rings with data' }, { types, quantity }),
        ranking({
          title: { da: 'Kranse: de manglende først', en: 'Rings: the missing first' },
          query: ofReadings({ types, quantity, reduce: 'last' }),
          worst: 'highest',
          height: 11,
        }),
        states({
          title: { da: 'På plads eller taget', en: 'Present or taken' },
          query: ofReadings({ types, quantity, reduce: 'last' }),
          height: 11,
        }),
      ],
    },
    {
      title: { da: 'Sensorer', en: 'Sensors' },
      panels: [
        ranking({
          title: { da: 'Batterispænding: lavest først', en: 'Battery voltage: lowest first' },
          query: ofReadings({ types, quantity: 'batteryVoltage', reduce: 'last' }),
          worst: 'lowest',
        }),
        longestSilent(types),
      ],
    },
  ],
};
