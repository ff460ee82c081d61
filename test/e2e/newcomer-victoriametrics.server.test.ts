/** The newcomer's path with VictoriaMetrics behind the store. */
import { startVictoriaMetrics } from '../lib/servers/victoria-metrics.ts';
import { newcomer } from './newcomer.ts';

newcomer('with VictoriaMetrics behind the store', async () => {
  const server = await startVictoriaMetrics();
  const url = `victoriametrics://127.0.0.1:${server.port}?corrections=ignored`;
  return { env: { SANSEVAERK_SERIES_URL: url }, stop: () => server.stop() };
});
