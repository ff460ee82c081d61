/** Belysning: what is lit, what is broken, and what it uses. */
import { type Board, figure, graph, ranking, states } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';
import { countState, countWhere, longestSilent, reporting } from '../layer/recipes.ts';
import { stateNumber } from '../layer/states.ts';

const cabinets = ['lighting-cabinet'];
const lamps = ['street-light'];
const types = [...cabinets, ...lamps];

export const lighting: Board = {
  id: 'lighting',
  title: { da: 'Belysning', en: 'Lighting' },
  question: {
    da: 'Hvad lyser, hvad er mørkt, og hvad er i stykker?',
    en: 'What is lit, what is dark, what is broken?',
  },
  types,
  from: 'now-48h',
  sections: [
    {
      title: { da: 'Lige nu', en: 'Right now' },
      panels: [
        figure({
          title: { da: 'Tændte kredse', en: 'Circuits that are on' },
          query: ofReadings({
            types: cabinets,
            quantity: 'powerState',
            channels: true,
            reduce: 'last',
            where: { is: '=', limit: stateNumber('powerState', 'on') },
            join: { as: 'series', by: [] },
          }),
        }),
        countState(
          { da: 'Tændskabe med åben dør', en: 'Cabinets with an open door' },
          { types: cabinets, quantity: 'doorState', state: 'open', colour: 'orange' },
        ),
        countWhere(
          { da: 'Lyspunkter med fejl', en: 'Street lights with a fault' },
          { types: lamps, quantity: 'lampStatus', is: '>', limit: stateNumber('lampStatus', 'ok'), colour: 'blue' },
        ),
        reporting({ da: 'Tændskabe med data', en: 'Cabinets with data' }, { types: cabinets, quantity: 'activePower' }),
        ranking({
          title: { da: 'Lyspunkter: fejl først', en: 'Street lights: faults first' },
          query: ofReadings({ types: lamps, quantity: 'lampStatus', reduce: 'last' }),
          worst: 'highest',
          height: 10,
        }),
        states({
          title: { da: 'Tændt og slukket', en: 'On and off' },
          query: ofReadings({ types: cabinets, quantity: 'powerState', channels: true, reduce: 'last' }),
          height: 10,
        }),
      ],
    },
    {
      title: { da: 'Forbrug og mekanik', en: 'Consumption and mechanics' },
      panels: [
        graph({
          title: { da: 'Effekt pr. tændskab', en: 'Power by cabinet' },
          query: ofReadings({ types: cabinets, quantity: 'activePower', channels: true, reduce: 'mean' }),
        }),
        ranking({
          title: { da: 'Elforbrug i perioden', en: 'Electricity used in the period' },
          query: ofReadings({ types: cabinets, quantity: 'energy', reduce: 'rise' }),
          worst: 'highest',
        }),
        ranking({
          title: { da: 'Master: størst hældning først', en: 'Posts: tilt, greatest first' },
          query: ofReadings({ types: lamps, quantity: 'tiltAngle', reduce: 'last' }),
          worst: 'highest',
        }),
        longestSilent(types),
      ],
    },
  ],
};
