/** Prometheus metrics of one thread. Each thread has its own registry; `/metrics` adds them up. */
import prom from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;
export type MetricsJson = prom.MetricObjectWithValues<prom.MetricValue<string>>[];

export function createMetrics() {
  const registry = new prom.Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new prom.Counter({ name: `sansevaerk_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new prom.Gauge({ name: `sansevaerk_${name}`, help, labelNames, registers });
  return {
    registry,
    counter,
    gauge,
    stageRecords: counter('stage_records_total', 'Records a stage has handled', ['stage']),
    stageBatchSeconds: new prom.Histogram({
      name: 'sansevaerk_stage_batch_seconds',
      help: 'Time to handle and commit one batch',
      labelNames: ['stage'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
    stageRetries: counter('stage_retries_total', 'Batches tried again because something did not answer', ['stage']),
    stagePoison: counter('stage_poison_total', 'Records set aside because of a bug', ['stage']),
    stagePending: gauge('stage_pending_records', 'Records waiting for a stage: end of its streams minus its cursors', [
      'stage',
    ]),
    /** Promise 8 is an alert on this one figure. */
    stageFreshness: gauge(
      'stage_freshness_seconds',
      'Now minus receipt time of the newest record a stage has handled',
      ['stage'],
    ),
    /** By severity, not by organisation: `/metrics` asks nobody who he is. */
    standingAlerts: gauge('alerts', 'Alerts and worklist entries that stand', ['severity', 'outcome', 'state']),
    platformAlert: gauge('platform_alert', 'Platform alerts that stand: 1 a name', ['name']),
  };
}

/** Sums the metrics of several threads into one Prometheus text. */
export async function metricsText(threads: MetricsJson[]): Promise<string> {
  return await prom.AggregatorRegistry.aggregate(threads).metrics();
}
