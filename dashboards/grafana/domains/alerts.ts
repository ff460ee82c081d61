/** Alarmer: what the platform raises and tells, from its own figures. The alerts themselves are handled in the web app. */
import type { Severity } from '../../../services/model/rule.ts';
import type { Text } from '../layer/language.ts';
import { type Board, figure, graph, note } from '../layer/panels.ts';
import { ofPlatform } from '../layer/query.ts';
import { COLOUR } from '../layer/severity-colours.ts';

/** A severity of which none stands has no series; the freshness of a stage always has, unless we are blind. */
const standing = (title: Text, severity: Severity) =>
  figure({
    title,
    description: {
      da: 'Alarmer og opgaver der står, kvitterede medregnet.',
      en: 'Alerts and worklist entries that stand, acknowledged ones too.',
    },
    query: ofPlatform({
      promql: `sum(sansevaerk_alerts{severity="${severity}"}) or (0 * max(sansevaerk_stage_freshness_seconds))`,
    }),
    unit: 'none',
    decimals: 0,
    alarmFrom: { value: 1, colour: COLOUR[severity] },
  });

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
      title: { da: 'Lige nu', en: 'Right now' },
      panels: [
        standing({ da: 'Kritiske', en: 'Critical' }, 'critical'),
        standing({ da: 'Høje', en: 'High' }, 'high'),
        standing({ da: 'Lave', en: 'Low' }, 'low'),
        standing({ da: 'Info', en: 'Info' }, 'info'),
        graph({
          title: { da: 'Alarmer der står, efter alvor', en: 'Alerts that stand, by severity' },
          query: ofPlatform({ promql: 'sum by (severity) (sansevaerk_alerts)', legend: 'severity' }),
          unit: 'none',
          stacked: true,
          width: 24,
        }),
      ],
    },
    {
      title: { da: 'I perioden', en: 'In the period' },
      panels: [
        figure({
          title: { da: 'Rejst', en: 'Raised' },
          query: ofPlatform({ promql: 'sum(increase(sansevaerk_transitions_total{to="raised"}[$__range]))' }),
          unit: 'none',
          decimals: 0,
        }),
        figure({
          title: { da: 'Ophørt', en: 'Cleared' },
          query: ofPlatform({ promql: 'sum(increase(sansevaerk_transitions_total{to="cleared"}[$__range]))' }),
          unit: 'none',
          decimals: 0,
        }),
        graph({
          title: { da: 'Rejst og ophørt', en: 'Raised and cleared' },
          query: ofPlatform({
            promql: 'sum by (to) (increase(sansevaerk_transitions_total[$__interval]))',
            legend: 'to',
          }),
          unit: 'none',
          style: 'bars',
        }),
        graph({
          title: { da: 'Beskeder til mennesker, efter udfald', en: 'Messages to people, by outcome' },
          query: ofPlatform({
            promql: 'sum by (outcome) (increase(sansevaerk_notifications_total[$__interval]))',
            legend: 'outcome',
          }),
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
