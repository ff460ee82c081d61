/** `sim run`: devices from a file, or a whole region. */
import { setInterval } from 'node:timers';
import { compose } from '../faults/fault.ts';
import { parseFault } from '../faults/parse-fault.ts';
import { liveRegion } from '../live-region.ts';
import { openRecordFile } from '../mqtt/record-file.ts';
import { type RunResult, runDevices } from '../mqtt/run-devices.ts';
import { reportSteps } from '../step.ts';
import { createClock } from '../world/clock.ts';
import { createRng } from '../world/rng.ts';
import { readDeviceFile, standaloneTimeline } from './device-file.ts';

export interface RunArguments {
  mqtt?: string;
  api?: string;
  token?: string;
  devices?: string;
  region?: boolean;
  seed: string;
  speed?: string;
  start?: string;
  count?: string;
  qos?: string;
  time: boolean;
  persistent?: boolean;
  status: boolean;
  record?: string;
  days?: string;
  fault: readonly string[];
}

interface Context {
  signal: AbortSignal;
  /** A line for people, on standard error. */
  say(line: string): void;
}

/** Resolves with the process's exit code. */
export async function runCommand(args: RunArguments, context: Context): Promise<number> {
  if ((args.devices === undefined) === (args.region !== true))
    throw new Error('run: give either --devices FILE or --region');
  if (args.mqtt === undefined) throw new Error('run: --mqtt URL is missing');
  return args.region ? runRegion(args, args.mqtt, context) : runFile(args, args.devices ?? '', args.mqtt, context);
}

async function runRegion(args: RunArguments, mqttUrl: string, { signal, say }: Context): Promise<number> {
  for (const name of ['start', 'count', 'qos', 'record', 'persistent'] as const) {
    if (args[name] !== undefined) throw new Error(`run: --${name} goes with --devices, not with --region`);
  }
  if (args.fault.length > 0) throw new Error('run: --fault goes with --devices, not with --region');
  if (args.api === undefined) throw new Error('run: --region needs --api URL');
  if (args.token === undefined) throw new Error('run: --region needs SANSEVAERK_ADMIN_TOKEN or --token-file');
  const region = await liveRegion({
    apiUrl: args.api,
    mqttUrl,
    adminToken: args.token,
    seed: args.seed,
    signal,
    speed: numberOf('speed', args.speed ?? '30', (n) => n > 0),
    days: numberOf('days', args.days ?? '30', (n) => n >= 0),
    log: say,
  });
  say(`${region.devices} devices are running; Ctrl-C stops`);
  return report(await region.done, say);
}

async function runFile(args: RunArguments, path: string, url: string, { signal, say }: Context): Promise<number> {
  const entries = await readDeviceFile(path);
  const { seed } = args;
  const startMs = args.start === undefined ? Date.now() : timeOf(args.start);
  const speed =
    args.speed === 'max'
      ? Number.POSITIVE_INFINITY
      : numberOf('speed', args.speed ?? '1', (n) => n > 0 && Number.isFinite(n));
  const count =
    args.count === undefined ? undefined : numberOf('count', args.count, (n) => Number.isInteger(n) && n > 0);
  if (speed === Number.POSITIVE_INFINITY && count === undefined)
    say('--speed max without --count: running until Ctrl-C');
  const qos = numberOf('qos', args.qos ?? '1', (n) => n === 0 || n === 1 || n === 2) as 0 | 1 | 2; // checked just here
  const faults = compose(args.fault.map(parseFault));
  const record = args.record === undefined ? undefined : await openRecordFile(args.record);
  let acked = 0;
  const progress = setInterval(() => say(`${acked} messages acknowledged`), 10_000);
  try {
    const result = await runDevices({
      url,
      devices: entries.map((entry) => {
        const timeline = standaloneTimeline(entry, { seed, startMs });
        const steps = reportSteps({ timeline, stamped: args.time, ...(count === undefined ? {} : { count }) });
        return { id: entry.id, secret: entry.secret, steps: faults(steps, createRng(`faults ${seed} ${entry.id}`)) };
      }),
      clock: createClock({ start: startMs, speed }),
      qos,
      clean: args.persistent !== true,
      status: args.status,
      signal,
      seed,
      ...(record ? { record } : {}),
      onAck: () => {
        acked++;
      },
      onProblem: (device, error) => say(`${device}: ${error.message}`),
    });
    return report(result, say);
  } finally {
    clearInterval(progress);
    await record?.close();
  }
}

function report({ sent, acked, unacked, reconnects, refused }: RunResult, say: (line: string) => void): number {
  say(`sent ${sent}, acknowledged ${acked}, unanswered ${unacked}, reconnections ${reconnects}`);
  if (refused.length === 0) return 0;
  say(
    `refused by the broker: ${refused.slice(0, 10).join(', ')}${refused.length > 10 ? ` and ${refused.length - 10} more` : ''}`,
  );
  return 1;
}

function numberOf(name: string, text: string, allowed: (value: number) => boolean): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value) || !allowed(value)) throw new Error(`--${name} ${text}: this number will not do; see --help`);
  return value;
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time) || !/(Z|[+-]\d\d:\d\d)$/.test(text))
    throw new Error(`--start ${text}: write it like 2026-11-23T12:00:00Z`);
  return time;
}
