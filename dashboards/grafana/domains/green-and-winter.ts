/** Grønt og vinter: what is to be watered, and where it may freeze. */
import { type Board, graph, ranking, states } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';
import { countWhere, longestSilent, reporting } from '../layer/recipes.ts';

const soil = ['soil-moisture'];
const roads = ['road-weather'];
const types = [...soil, ...roads];

export const greenAndWinter: Board = {
  id: 'green-and-winter',
  title: { da: 'Grønt og vinter', en: 'Green and winter' },
  question: { da: 'Hvad skal vandes, og hvor kan det fryse?', en: 'What is to be watered, and where may it freeze?' },
  types,
  from: 'now-8h',
  sections: [
    {
      title: { da: 'Veje: de seneste otte timer', en: 'Roads: the last eight hours' },
      panels: [
        countWhere(
          { da: 'Veje på 1 °C eller derunder', en: 'Roads at 1 °C or below' },
          { types: roads, quantity: 'roadSurfaceTemperature', is: '<=', limit: 1, colour: 'orange' },
        ),
        countWhere(
          { da: 'Veje i frost', en: 'Roads below freezing' },
          { types: roads, quantity: 'roadSurfaceTemperature', is: '<=', limit: 0, colour: 'dark-red' },
        ),
        reporting(
          { da: 'Vejmålere med data', en: 'Road stations with data' },
          { types: roads, quantity: 'roadSurfaceTemperature' },
        ),
        graph({
          title: { da: 'Vejtemperatur og dugpunkt', en: 'Road surface temperature and dew point' },
          description: {
            da: 'Er vejen under 0 °C og under dugpunktet, kan der komme rim.',
            en: 'Rime may form where the road is below 0 °C and below the dew point.',
          },
          query: ofReadings({ types: roads, quantity: ['roadSurfaceTemperature', 'dewPoint'], reduce: 'mean' }),
          width: 24,
          height: 10,
        }),
        ranking({
          title: { da: 'Vejtemperatur: koldest først', en: 'Road surface: coldest first' },
          query: ofReadings({ types: roads, quantity: 'roadSurfaceTemperature', reduce: 'last' }),
          worst: 'lowest',
        }),
        states({
          title: { da: 'Vejoverflade', en: 'Road surface' },
          query: ofReadings({ types: roads, quantity: 'surfaceState', reduce: 'last' }),
        }),
      ],
    },
    {
      title: { da: 'Jordfugt', en: 'Soil moisture' },
      panels: [
        ranking({
          title: { da: 'Vandingsliste: højeste jordsug først', en: 'Watering list: highest suction first' },
          query: ofReadings({ types: soil, quantity: 'soilMoisturePressure', channels: true, reduce: 'last' }),
          worst: 'highest',
        }),
        ranking({
          title: { da: 'Vandingsliste: laveste jordfugt først', en: 'Watering list: lowest moisture first' },
          query: ofReadings({ types: soil, quantity: 'soilMoistureVwc', channels: true, reduce: 'last' }),
          worst: 'lowest',
        }),
        graph({
          title: { da: 'Jordfugt i dybder', en: 'Soil moisture by depth' },
          query: ofReadings({ types: soil, quantity: 'soilMoistureVwc', channels: true, reduce: 'mean' }),
        }),
        longestSilent(types),
      ],
    },
  ],
};
