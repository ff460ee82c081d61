/** Ledelse: per organisation over a quarter. Handling times of alerts are in the web app and its API, not in these data. */
import { type Board, bars, figure, graph, note } from '../layer/panels.ts';
import { ofReadings } from '../layer/query.ts';
import { reporting } from '../layer/recipes.ts';

const types = 'every';

export const management: Board = {
  id: 'management',
  title: { da: 'Ledelse', en: 'Management' },
  question: { da: 'Hvad har platformen givet i kvartalet?', en: 'What has the platform given in the quarter?' },
  types,
  from: 'now-90d',
  refresh: '1h',
  page: '/alarmer',
  sections: [
    {
      title: { da: 'Omfang', en: 'Extent' },
      panels: [
        reporting(
          { da: 'Affaldsbeholdere', en: 'Waste containers' },
          { types: ['waste-container'], quantity: 'fillingLevel' },
        ),
        reporting(
          { da: 'Pumpestationer', en: 'Pumping stations' },
          { types: ['pumping-station'], quantity: 'waterDepth' },
        ),
        reporting(
          { da: 'Tændskabe', en: 'Lighting cabinets' },
          { types: ['lighting-cabinet'], quantity: 'activePower' },
        ),
        reporting({ da: 'Redningskranse', en: 'Lifebuoys' }, { types: ['rescue-ring'], quantity: 'holderState' }),
        graph({
          title: { da: 'Måleværdier pr. objekttype', en: 'Readings by asset type' },
          query: ofReadings({ types, quantity: 'every', reduce: 'count', join: { as: 'sum', by: ['type'] } }),
          style: 'bars',
          stacked: true,
          width: 24,
        }),
      ],
    },
    {
      title: { da: 'Forbrug og trafik i perioden', en: 'Consumption and traffic in the period' },
      panels: [
        bars({
          title: { da: 'Elforbrug til vejbelysning', en: 'Electricity for street lighting' },
          query: ofReadings({
            types: ['lighting-cabinet'],
            quantity: 'energy',
            reduce: 'rise',
            join: { as: 'sum', by: ['owner'] },
          }),
        }),
        bars({
          title: { da: 'Elforbrug til pumpestationer', en: 'Electricity for pumping stations' },
          query: ofReadings({
            types: ['pumping-station'],
            quantity: 'energy',
            reduce: 'rise',
            join: { as: 'sum', by: ['owner'] },
          }),
        }),
        bars({
          title: { da: 'Køretøjer talt', en: 'Vehicles counted' },
          query: ofReadings({
            types: ['traffic-counter'],
            quantity: 'vehicleCount',
            channels: true,
            reduce: 'sum',
            join: { as: 'sum', by: ['owner'] },
          }),
        }),
        figure({
          title: { da: 'Tabte beskeder', en: 'Lost messages' },
          query: ofReadings({ types, quantity: 'lostUplinks', reduce: 'sum', join: { as: 'sum', by: [] } }),
        }),
        note({
          title: { da: 'Alarmer og gevinster', en: 'Alerts and gains' },
          text: {
            da: 'Antal alarmer og tid til kvittering og løsning står i [alarmerne]($web/alarmer). Sparede kroner vises ikke: de afhænger af priser, som ikke står i måledata.',
            en: 'Numbers of alerts and the time to acknowledge and solve them are in [the alerts]($web/alarmer). Money saved is not shown: it depends on prices that are not in the readings.',
          },
        }),
      ],
    },
  ],
};
