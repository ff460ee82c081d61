/** What is refused leaves a figure and a line, and not more lines than can be kept. */
import { describe, expect, test } from 'vitest';
import { createMetrics } from '../../ops/metrics.ts';
import { type AuditLine, Breaches } from './breaches.ts';
import { createIngestMetrics } from './ingest-metrics.ts';

function open() {
  const lines: AuditLine[] = [];
  const time = { now: 0 };
  const metrics = createIngestMetrics(createMetrics());
  const breaches = new Breaches({ audit: (line) => lines.push(line), metrics, now: () => time.now });
  return { lines, time, breaches, metrics };
}

describe('breaches', () => {
  test('an attack does not fill the registry: all are counted, some are written, the rest is told', async () => {
    const { lines, time, breaches, metrics } = open();
    for (let i = 0; i < 1000; i++) breaches.report({ reason: 'publish-denied', actor: 'd1' });
    expect(lines).toHaveLength(50);
    time.now = 1000;
    breaches.report({ reason: 'publish-denied', actor: 'd1' });
    expect(lines.at(-1)?.detail).toBe(' (950 more since the last line)');
    expect((await metrics.refused.get()).values).toMatchObject([{ value: 1001 }]);
  });

  test('what a stranger sent is made fit for a log', () => {
    const { lines, breaches } = open();
    breaches.report({ reason: 'x', actor: 'a\r\nb\u001b[31m', object: 'y'.repeat(1000), detail: '\u2028' });
    expect(lines[0]).toMatchObject({ actor: 'a\ufffd\ufffdb\ufffd[31m', object: 'y'.repeat(200), detail: '\ufffd' });
  });

  test('the ordinary life of a network leaves no line', () => {
    const { lines, breaches } = open();
    breaches.report({ reason: 'keep-alive', actor: 'd1' });
    expect(lines).toEqual([]);
  });
});
