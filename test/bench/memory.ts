/** Memory over ten minutes at 20,000 messages a second: what it is after a minute it must still be at the end. */
import { readFileSync } from 'node:fs';
import { LoadedPlatform } from './lib/loaded-platform.ts';
import { type Benchmark, judged, quantile, round, spread } from './lib/result.ts';

const RATE = 20_000;
const DEVICES = 200;

interface Sample {
  /** Resident, of all kinds, MiB. */
  rss: number;
  /** Of it what is the process's own, MiB. The rest are pages of files, which the kernel takes back when it needs them. */
  anonymous: number;
}

export const memory: Benchmark = async ({ quick, say }) => {
  const seconds = quick ? 60 : 600;
  const window = quick ? 10 : 60;
  const loaded = await LoadedPlatform.start(DEVICES);
  const { platform } = loaded;
  try {
    const samples: Sample[] = [];
    const timer = setInterval(() => samples.push(sample(platform.pid)), 1000);
    const loading = loaded.load({ connections: DEVICES, inFlight: 100, seconds, rate: RATE });
    const result = await loading.finally(() => clearInterval(timer));
    await loaded.drained();
    // The first window is the warming up: caches fill, code is compiled.
    const windows = Array.from({ length: Math.floor(samples.length / window) }, (_, n) =>
      samples.slice(n * window, (n + 1) * window),
    ).slice(1);
    const medians = (of: keyof Sample) =>
      windows.map((w) =>
        round(
          quantile(
            w.map((s) => s[of]),
            0.5,
          ),
        ),
      );
    const rss = medians('rss');
    const first = rss[0] ?? Number.NaN;
    say(`memory: ${rss.join(', ')} MiB at ${Math.round(result.rate)}/s`);
    return [
      judged({
        id: 'memory',
        what: `highest resident memory of a window of ${window} s in ${seconds} s at ${RATE.toLocaleString('en')} messages/s, to that of the first after warming up`,
        unit: 'ratio',
        ours: { ...spread(rss.map((m) => m / first)), median: round(Math.max(...rss) / first) },
        peer: null,
        ratio: null,
        count: await loaded.count(),
        target: { of: 'ours', atMost: 1.1 },
        details: { rssMiB: rss, anonymousMiB: medians('anonymous'), rate: result.rate, pubackP99Ms: round(result.p99) },
      }),
    ];
  } finally {
    await platform.stop();
  }
};

function sample(pid: number): Sample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
  return { rss: mib('VmRSS'), anonymous: mib('RssAnon') };
}
