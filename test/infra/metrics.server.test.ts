/** infra/metrics.yaml as compose.influxdb.yaml gives it to VictoriaMetrics: the platform's own figures arrive and can be asked for. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, startPlatform } from '../lib/platform.ts';
import { findOnPath } from '../lib/servers/server-process.ts';
import { readCompose } from './compose.ts';
import { ROOT } from './dockerfile.ts';
import { freePort } from './free-port.ts';

interface Answer {
  data: { result: { metric: Record<string, string>; value: [number, string] }[] };
}

const VICTORIA_METRICS = findOnPath('victoria-metrics');

test.skipIf(VICTORIA_METRICS === undefined)(
  'VictoriaMetrics collects the figures of the platform',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sansevaerk-metrics-'));
    const port = await freePort();
    const platform = await startPlatform();
    // The same flags; inside the container the paths are the container's.
    const flags = readCompose('compose.influxdb.yaml').services.metrics?.command ?? [];
    const config = readFileSync(join(ROOT, 'infra/metrics.yaml'), 'utf8')
      .replace('sansevaerk:8080', new URL(platform.http).host)
      .replace('scrape_interval: 15s', 'scrape_interval: 1s');
    writeFileSync(join(folder, 'metrics.yaml'), config);
    const server = spawn(
      VICTORIA_METRICS ?? '',
      [
        ...flags.map((flag) =>
          flag.replace('/etc/metrics.yaml', join(folder, 'metrics.yaml')).replace('/storage', folder),
        ),
        `-httpListenAddr=127.0.0.1:${port}`,
        // Else nothing younger than half a minute is shown.
        '-search.latencyOffset=0s',
      ],
      { stdio: 'ignore' },
    );
    const ended = new Promise((done) => server.once('exit', done));
    try {
      const ask = async (query: string): Promise<Answer['data']['result']> => {
        const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`;
        const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
        return answer?.ok ? ((await answer.json()) as Answer).data.result : [];
      };
      const up = await eventually(
        () => ask('up{job="sansevaerk"}'),
        (found) => found[0]?.value[1] === '1',
        30_000,
      );
      expect(up).toHaveLength(1);
      const stages = await eventually(
        () => ask('sansevaerk_stage_pending_records'),
        (found) => found.length > 0,
        30_000,
      );
      expect(stages.map(({ metric }) => metric.stage)).toEqual(expect.arrayContaining(['decode', 'store', 'rules']));
    } finally {
      server.kill('SIGTERM');
      await ended;
      await platform.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  90_000,
);
