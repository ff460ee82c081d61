/** `sim lorawan`: a network server with a fleet of real models, at a broker or at a webhook. */
import { createFleet, serverMessages } from '../lorawan/create-fleet.ts';
import { mqttDelivery, type ServerKind, webhookDelivery } from '../lorawan/deliver.ts';
import { lorawanModelOf, lorawanModels } from '../lorawan/models.ts';
import { runServer } from '../lorawan/run-server.ts';
import { createClock } from '../world/clock.ts';

export interface LorawanArguments {
  server?: string;
  mqtt?: string;
  webhook?: string;
  token?: string;
  model?: readonly string[];
  'per-model'?: string;
  gateways?: string;
  application?: string;
  seed: string;
  speed?: string;
  start?: string;
  count?: string;
  qos?: string;
  loss?: string;
  restart?: string;
}

interface Context {
  signal: AbortSignal;
  /** A line for people, on standard error. */
  say(line: string): void;
  print(text: string): void;
}

// The middle of the region.
const CENTRE = { lat: 56.16, lon: 9.55 };
const APPLICATION = '9a7d2c11-0c4e-4a55-8a51-1f6f0a2b7c02';

/** Resolves with the process's exit code. Without a place to send to, the messages are printed, one line each. */
export async function lorawanCommand(args: LorawanArguments, { signal, say, print }: Context): Promise<number> {
  const kind = serverKind(args.server);
  if (args.mqtt !== undefined && args.webhook !== undefined)
    throw new Error('lorawan: give --mqtt or --webhook, not both');
  const { seed } = args;
  const startMs = args.start === undefined ? Date.now() : Date.parse(args.start);
  if (Number.isNaN(startMs)) throw new Error(`--start ${args.start}: write it like 2026-11-23T12:00:00Z`);
  const speed = args.speed === 'max' ? Number.POSITIVE_INFINITY : number('speed', args.speed, 1, (n) => n > 0);
  const count =
    args.count === undefined ? undefined : number('count', args.count, 1, (n) => Number.isInteger(n) && n > 0);
  const share = (n: number): boolean => n >= 0 && n < 1;
  const whole = (n: number): boolean => Number.isInteger(n) && n > 0 && n <= 10_000;
  const fleet = createFleet({
    seed,
    models: args.model?.length ? args.model.map(lorawanModelOf) : lorawanModels,
    perModel: number('per-model', args['per-model'], 1, whole),
    gateways: number('gateways', args.gateways, 4, whole),
    centre: CENTRE,
  });
  const id = args.application ?? (kind === 'chirpstack' ? APPLICATION : 'simulated');
  const devices = fleet.devices.map((device) =>
    serverMessages({
      device,
      gateways: fleet.gateways,
      kind,
      names: {
        tenant: kind === 'tts' ? 'ttn' : 'Simulation',
        application: { id, name: args.application ?? 'simulated' },
      },
      seed,
      startMs,
      loss: number('loss', args.loss, 0.02, share),
      restart: number('restart', args.restart, 1 / 400, share),
      ...(count === undefined ? {} : { count }),
    }),
  );
  const delivery =
    args.mqtt !== undefined
      ? await mqttDelivery(args.mqtt, kind, args.qos === '0' ? { qos: 0 } : {})
      : args.webhook !== undefined
        ? webhookDelivery(args.webhook, kind, args.token ?? '')
        : {
            send: async ({ topic, body }: { topic: string; body: string }) => {
              print(`${JSON.stringify({ topic, payload: JSON.parse(body) })}\n`);
            },
            close: async () => {},
          };
  try {
    const problems = new Map<string, number>();
    const { sent, taken } = await runServer({
      devices,
      clock: createClock({ start: startMs, speed }),
      delivery,
      signal,
      onProblem: ({ message }) => {
        const before = problems.get(message) ?? 0;
        problems.set(message, before + 1);
        if (before === 0) say(message);
      },
    });
    say(`sent ${sent}, taken ${taken}`);
    return sent === taken ? 0 : 1;
  } finally {
    await delivery.close();
  }
}

function serverKind(text: string | undefined): ServerKind {
  if (text === 'chirpstack' || text === 'tts') return text;
  throw new Error('lorawan: --server is chirpstack or tts');
}

function number(
  name: string,
  text: string | undefined,
  otherwise: number,
  allowed: (value: number) => boolean,
): number {
  if (text === undefined) return otherwise;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value) || !allowed(value)) throw new Error(`--${name} ${text}: this number will not do; see --help`);
  return value;
}
