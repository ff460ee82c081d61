/** Platformens helbred, from /metrics: does it receive, keep up, store and answer. */
import { type Board, figure, graph } from '../layer/panels.ts';
import { ofPlatform } from '../layer/query.ts';

// A gauge that has never been raised is not there; the freshness of a stage always is, unless we are blind.
const ALERTS = 'sum(sansevaerk_platform_alert) or (0 * max(sansevaerk_stage_freshness_seconds))';

export const platform: Board = {
  id: 'platform',
  title: { da: 'Platformens drift', en: 'Platform health' },
  question: { da: 'Modtager, gemmer og svarer platformen?', en: 'Does the platform receive, store and answer?' },
  types: 'none',
  page: '/regnskab',
  from: 'now-6h',
  refresh: '30s',
  sections: [
    {
      title: { da: 'Lige nu', en: 'Right now' },
      panels: [
        figure({
          title: { da: 'Platformalarmer der står', en: 'Platform alerts that stand' },
          query: ofPlatform({ promql: ALERTS }),
          unit: 'none',
          decimals: 0,
          alarmFrom: { value: 1, colour: 'dark-red' },
        }),
        figure({
          title: { da: 'Fra modtagelse til at værdien kan ses', en: 'From reception until the value can be seen' },
          description: {
            da: 'For den nyeste værdi i det seneste, der blev gemt.',
            en: 'Of the newest value in what was stored last.',
          },
          query: ofPlatform({ promql: 'max(sansevaerk_queryable_freshness_seconds)' }),
          unit: 's',
          alarmFrom: { value: 300, colour: 'orange' },
        }),
        figure({
          title: { da: 'Venter på behandling', en: 'Waiting to be handled' },
          query: ofPlatform({ promql: 'max(sansevaerk_stage_pending_records)' }),
          unit: 'none',
          decimals: 0,
        }),
        figure({
          title: { da: 'Tilsluttede sensorer', en: 'Connected devices' },
          query: ofPlatform({ promql: 'sum(sansevaerk_ingest_connections{state="open"})' }),
          unit: 'none',
          decimals: 0,
        }),
      ],
    },
    {
      title: { da: 'Modtagelse', en: 'Reception' },
      panels: [
        graph({
          title: { da: 'Modtagne beskeder pr. sekund', en: 'Messages accepted per second' },
          query: ofPlatform({
            promql: 'sum by (door) (rate(sansevaerk_ingest_accepted_total[$__rate_interval]))',
            legend: 'door',
          }),
          unit: 'none',
        }),
        graph({
          title: {
            da: 'Tid før en besked er sikret på disk (99 %)',
            en: 'Time until a message is safe on disk (99 %)',
          },
          query: ofPlatform({
            promql:
              'histogram_quantile(0.99, sum by (le) (rate(sansevaerk_ingest_commit_seconds_bucket[$__rate_interval])))',
          }),
          unit: 's',
        }),
        graph({
          title: { da: 'Afviste forbindelser og pakker', en: 'Connections and packets refused' },
          query: ofPlatform({
            promql: 'sum by (reason) (increase(sansevaerk_ingest_refused_total[$__interval]))',
            legend: 'reason',
          }),
          unit: 'none',
          style: 'bars',
        }),
        graph({
          title: { da: 'Afviste beskeder efter årsag', en: 'Rejected messages by reason' },
          query: ofPlatform({
            promql: 'sum by (reason) (increase(sansevaerk_rejects_total[$__interval]))',
            legend: 'reason',
          }),
          unit: 'none',
          style: 'bars',
        }),
      ],
    },
    {
      title: { da: 'Trin for trin', en: 'Stage by stage' },
      panels: [
        graph({
          title: { da: 'Venter pr. trin', en: 'Waiting by stage' },
          query: ofPlatform({ promql: 'sum by (stage) (sansevaerk_stage_pending_records)', legend: 'stage' }),
          unit: 'none',
        }),
        graph({
          title: { da: 'Forsinkelse pr. trin', en: 'Delay by stage' },
          query: ofPlatform({ promql: 'max by (stage) (sansevaerk_stage_freshness_seconds)', legend: 'stage' }),
          unit: 's',
        }),
        graph({
          title: { da: 'Behandlede poster pr. sekund', en: 'Records handled per second' },
          query: ofPlatform({
            promql: 'sum by (stage) (rate(sansevaerk_stage_records_total[$__rate_interval]))',
            legend: 'stage',
          }),
          unit: 'none',
        }),
        graph({
          title: { da: 'Prøvet igen, fordi noget ikke svarede', en: 'Tried again because something did not answer' },
          query: ofPlatform({
            promql: 'sum by (stage) (increase(sansevaerk_stage_retries_total[$__interval]))',
            legend: 'stage',
          }),
          unit: 'none',
          style: 'bars',
        }),
      ],
    },
  ],
};
