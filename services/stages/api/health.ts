/** Outside /api/v1: is the process alive, is it ready, and its figures. */
import { metricsText } from '../../ops/metrics.ts';
import { endpoint } from './endpoint.ts';

export const live = endpoint({ summary: 'The process answers' }, () => ({ status: 'ok' }));

export const ready = endpoint(
  { summary: 'Everything it depends on answers; 503 and which does not, otherwise' },
  async ({ reply }, { readiness }) => {
    const dependencies = await readiness();
    const ok = Object.values(dependencies).every((d) => d.ok);
    reply.code(ok ? 200 : 503);
    return { status: ok ? 'ready' : 'not-ready', dependencies };
  },
);

export const metrics = endpoint({ summary: 'Prometheus text, all threads summed' }, async ({ reply }, services) => {
  const text = await metricsText(await services.metricsOfThreads());
  reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8');
  return text;
});
