/** Debian's VictoriaMetrics (single node) on a free port, as the engine tests need it: everything written is seen at once. */
import { type EngineServer, findOnPath, startServerProcess } from './server-process.ts';

const COMMAND = 'victoria-metrics';

export function hasVictoriaMetrics(): boolean {
  return findOnPath(COMMAND) !== undefined;
}

/** @see https://docs.victoriametrics.com/single-server-victoriametrics/#list-of-command-line-flags */
export function startVictoriaMetrics(): Promise<EngineServer> {
  return startServerProcess({
    name: COMMAND,
    command: COMMAND,
    args: (port, dataDir) => [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${dataDir}/data`,
      '-retentionPeriod=100y',
      // A write sent again after a broken answer is one sample, not two.
      '-dedup.minScrapeInterval=1ms',
      '-search.latencyOffset=0s',
      // Half of the machine for caches is too much beside the tests.
      '-memory.allowedBytes=256MB',
    ],
    readyPath: '/health',
  });
}
