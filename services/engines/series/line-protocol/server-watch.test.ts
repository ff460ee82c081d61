import { expect, it } from 'vitest';
import { ServerWatch } from './server-watch.ts';

function watched() {
  const log: [string, object, string][] = [];
  const alerts = new Map<string, string>();
  const say = (level: string) => (details: object, message: string) => void log.push([level, details, message]);
  const watch = new ServerWatch({
    server: 'InfluxDB',
    logger: { info: say('info'), warn: say('warn'), error: say('error') },
    alerts: {
      raise: (name, detail) => void alerts.set(name, detail),
      clear: (name) => void alerts.delete(name),
    },
  });
  return { log, alerts, watch };
}

it('says once that an outage began, and that it is over', () => {
  const { log, watch } = watched();
  watch.well('writing');
  for (let n = 0; n < 5; n++) watch.again('writing', new Error('connect\n  ECONNREFUSED'), n);
  watch.failed('asking', new Error('connect ECONNREFUSED'));
  watch.well('asking');
  watch.well('writing');
  watch.well('writing');
  expect(log).toEqual([
    ['warn', { reason: 'connect ECONNREFUSED' }, expect.stringMatching(/^InfluxDB does not/)],
    ['info', { seconds: expect.any(Number) }, 'InfluxDB answers again'],
  ]);
});

it('raises the alert once it has been tried for two seconds, and keeps it while writing or asking fails', () => {
  const { alerts, watch } = watched();
  watch.again('writing', new Error('hung up'), 1999);
  expect(alerts.size).toBe(0);
  watch.again('writing', new Error('hung up'), 2000);
  expect(alerts.get('series-server')).toBe('series: InfluxDB: hung up');
  watch.failed('asking', new Error('series: unable to ask'));
  watch.well('asking');
  expect(alerts.size).toBe(1);
  watch.well('writing');
  expect(alerts.size).toBe(0);
});
