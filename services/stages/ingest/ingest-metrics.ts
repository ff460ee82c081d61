/** What the front door says of itself, for Prometheus. */
import prom from 'prom-client';
import type { Metrics } from '../../ops/metrics.ts';

export type IngestMetrics = ReturnType<typeof createIngestMetrics>;

export function createIngestMetrics({ registry, counter, gauge }: Metrics) {
  const registers = [registry];
  return {
    accepted: counter('ingest_accepted_total', 'Uplinks made durable, by door', ['door']),
    refused: counter('ingest_refused_total', 'Connections, packets and requests refused, by reason', ['reason']),
    connections: gauge('ingest_connections', 'Device connections', ['state']),
    paused: gauge('ingest_sockets_paused', 'Sockets that wait for their turn to be read'),
    waiting: gauge('ingest_waiting_bytes', 'Bytes accepted and not yet durable'),
    groupRecords: new prom.Histogram({
      name: 'sansevaerk_ingest_group_records',
      help: 'Uplinks made durable by one commit',
      buckets: [1, 10, 100, 1_000, 10_000],
      registers,
    }),
    commitSeconds: new prom.Histogram({
      name: 'sansevaerk_ingest_commit_seconds',
      help: 'Time of one synced commit of uplinks',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.05, 0.2, 1, 5],
      registers,
    }),
  };
}
