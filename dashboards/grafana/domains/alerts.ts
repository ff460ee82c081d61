/** Alarmer: what the platform raises and tells, from its own figures. The alerts themselves are handled in the web app. */
import { type Board, figure, graph, note } from '../layer/panels.ts';

export const alerts: Board = {
  id: 'alerts',
  title: { da: 'Alarmer', en: 'Alerts' },
  question: {
    da: 'Hvor mange alarmer kommer der, og når de frem?',
    en: 'How many alerts come, and do they get through?',
  },
  types: 'none',
  page: '/alarmer',
  from: 'now-7d',
  sections: [
    {
      title: { da: 'I perioden', en: 'In the period' },
      panels: [
        figure({
          title: { da: 'Rejst', en: 'Raised' },
          query: { promql: 'sum(increase(sansevaerk_transitions_total{to="raised"}[$__range]))' },
          unit: 'none',
          decimals: 0,
        }),
        figure({
          title: { da: 'Ophørt', en: 'Cleared' },
          query: { promql: 'sum(increase(sansevaerk_transitions_total{to="cleared"}[$__range]))' },
          unit: 'none',
          decimals: 0,
        }),
        graph({
          title: { da: 'Rejst og ophørt', en: 'Raised and cleared' },
          query: { promql: 'sum by (to) (increase(sansevaerk_transitions_total[$__interval]))', legend: 'to' },
          unit: 'none',
          style: 'bars',
        }),
        graph({
          title: { da: 'Beskeder til mennesker, efter udfald', en: 'Messages to people, by outcome' },
          query: {
            promql: 'sum by (outcome) (increase(sansevaerk_notifications_total[$__interval]))',
            legend: 'outcome',
          },
          unit: 'none',
          style: 'bars',
        }),
        note({
          title: { da: 'Hvor alarmerne er', en: 'Where the alerts are' },
          text: {
            da: 'Åbne alarmer pr. organisation ses og kvitteres i [alarmerne]($web/alarmer), hvor adgangen afgøres. Her står kun antal for hele platformen.',
            en: 'Open alerts by organisation are seen and acknowledged in [the alerts]($web/alarmer), where access is decided. Here are only numbers for the whole platform.',
          },
        }),
      ],
    },
  ],
};
