/** Affald: what is to be emptied today, and is any of it burning or lying down. */
import { type Board, bars, graph, ranking, states } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';
import { countState, countWhere, longestSilent, reporting } from '../layer/recipes.ts';
import { limitOf } from '../layer/thresholds.ts';

const types = ['waste-container'];
const quantity = 'fillingLevel';
const full = limitOf('waste-container', 'full');
const overfull = limitOf('waste-container', 'overfull');
const fire = limitOf('waste-container', 'fire');

export const waste: Board = {
  id: 'waste',
  title: { da: 'Affald', en: 'Waste' },
  question: { da: 'Hvad skal tømmes i dag?', en: 'What is to be emptied today?' },
  types,
  from: 'now-48h',
  sections: [
    {
      title: { da: 'Lige nu', en: 'Right now' },
      panels: [
        countWhere(
          { da: `Skal tømmes (mindst ${full} %)`, en: `To be emptied (at least ${full} %)` },
          { types, quantity, is: '>=', limit: full, colour: 'blue' },
        ),
        countWhere(
          { da: `Overfyldte (mindst ${overfull} %)`, en: `Overfull (at least ${overfull} %)` },
          { types, quantity, is: '>=', limit: overfull, colour: 'orange' },
        ),
        countState({ da: 'Væltede', en: 'Overturned' }, { types, quantity: 'tilted', state: 'yes', colour: 'orange' }),
        reporting({ da: 'Beholdere med data', en: 'Containers with data' }, { types, quantity }),
        ranking({
          title: { da: 'Tømmeliste: de fyldigste først', en: 'Emptying list: the fullest first' },
          query: ofReadings({ types, quantity, reduce: 'last' }),
          worst: 'highest',
          height: 11,
        }),
        graph({
          title: { da: 'Fyldningsgrad', en: 'Filling level' },
          query: ofReadings({ types, quantity, reduce: 'mean' }),
          height: 11,
        }),
      ],
    },
    {
      title: { da: 'Brand, væltning og drift', en: 'Fire, overturning and operation' },
      panels: [
        graph({
          title: { da: 'Højeste temperatur i beholderne', en: 'Highest temperature in the containers' },
          description: {
            da: `Ved ${fire} °C eller mere er der mulig brand. Sol på stål når 60 °C.`,
            en: `At ${fire} °C or more there may be a fire. Sun on steel reaches 60 °C.`,
          },
          query: ofReadings({ types, quantity: 'temperature', reduce: 'max' }),
        }),
        states({
          title: { da: 'Væltede beholdere', en: 'Overturned containers' },
          query: ofReadings({ types, quantity: 'tilted', reduce: 'last' }),
        }),
        bars({
          title: { da: 'Gennemsnitlig fyldningsgrad pr. organisation', en: 'Mean filling level by organisation' },
          query: ofReadings({ types, quantity, reduce: 'last', join: { as: 'mean', by: ['owner'] } }),
        }),
        longestSilent(types),
      ],
    },
  ],
};
