/** Indeklima og luft: rooms with bad air, cold or damp; air outdoors, which is indicative unless measured by reference. */
import { type Board, graph, note, ranking } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';
import { countState, countWhere, longestSilent, reporting } from '../layer/recipes.ts';

const rooms = ['indoor-climate', 'room'];
const air = ['air-quality'];
const types = [...rooms, ...air];
/** The working indicator of building rules and labour inspectorate; no rule that ships uses it, since it holds in brugstid only. */
const CO2_INDICATOR = 1000;

export const indoorAndAir: Board = {
  id: 'indoor-and-air',
  title: { da: 'Indeklima og luft', en: 'Indoor climate and air' },
  question: { da: 'Hvor er luften dårlig, kold eller fugtig?', en: 'Where is the air bad, cold or damp?' },
  types,
  from: 'now-24h',
  sections: [
    {
      title: { da: 'Indeklima lige nu', en: 'Indoor climate right now' },
      panels: [
        countWhere(
          { da: 'Rum over 1.000 ppm CO₂', en: 'Rooms above 1,000 ppm CO₂' },
          { types: rooms, quantity: 'co2', is: '>', limit: CO2_INDICATOR, colour: 'blue' },
        ),
        countWhere(
          { da: 'Rum under 18 °C', en: 'Rooms below 18 °C' },
          { types: rooms, quantity: 'temperature', is: '<', limit: 18, colour: 'blue' },
        ),
        countState(
          { da: 'Vand på gulvet', en: 'Water on the floor' },
          { types: rooms, quantity: 'waterLeak', state: 'leak', colour: 'dark-red' },
        ),
        reporting({ da: 'Rum med data', en: 'Rooms with data' }, { types: rooms, quantity: 'temperature' }),
        ranking({
          title: { da: 'CO₂: højest først', en: 'CO₂: highest first' },
          query: ofReadings({ types: rooms, quantity: 'co2', reduce: 'last' }),
          worst: 'highest',
        }),
        graph({
          title: { da: 'CO₂', en: 'CO₂' },
          query: ofReadings({ types: rooms, quantity: 'co2', reduce: 'mean' }),
        }),
        graph({
          title: { da: 'Temperatur', en: 'Temperature' },
          query: ofReadings({ types: rooms, quantity: 'temperature', reduce: 'mean' }),
        }),
        graph({
          title: { da: 'Luftfugtighed', en: 'Relative humidity' },
          query: ofReadings({ types: rooms, quantity: 'relativeHumidity', reduce: 'mean' }),
        }),
      ],
    },
    {
      title: { da: 'Luften ude', en: 'Air outdoors' },
      panels: [
        note({
          title: { da: 'Indikative målinger', en: 'Indicative readings' },
          text: {
            da: 'Små sensorer måler **indikativt**. De viser udvikling og forskelle, men kan ikke sammenlignes med grænseværdier, som gælder for referencestationer. Optiske partikelmålere viser for meget i tåge.',
            en: 'Small sensors are **indicative**. They show trends and differences, and cannot be compared with limit values, which hold for reference stations. Optical particle counters read too high in fog.',
          },
        }),
        graph({
          title: { da: 'Partikler (PM2,5 og PM10)', en: 'Particles (PM2.5 and PM10)' },
          query: ofReadings({ types: air, quantity: ['pm25', 'pm10'], reduce: 'mean' }),
        }),
        graph({
          title: { da: 'Kvælstofdioxid og ozon', en: 'Nitrogen dioxide and ozone' },
          query: ofReadings({ types: air, quantity: ['no2', 'o3'], reduce: 'mean' }),
        }),
        ranking({
          title: { da: 'Partikler PM2,5: højeste måling først', en: 'Particles PM2.5: highest reading first' },
          query: ofReadings({ types: air, quantity: 'pm25', reduce: 'max' }),
          worst: 'highest',
        }),
        longestSilent(types),
      ],
    },
  ],
};
