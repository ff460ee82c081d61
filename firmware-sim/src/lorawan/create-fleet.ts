/** A seeded fleet of LoRaWAN devices with gateways around them, ready to be run. */
import type { Position } from '../kind.ts';
import { kindOf } from '../kinds/list.ts';
import { createTimeline } from '../timeline.ts';
import { createRng, type Rng } from '../world/rng.ts';
import { NO_SITUATIONS, type Situations } from '../world/situations.ts';
import { createWeather } from '../world/weather.ts';
import { chirpstackMessage } from './chirpstack-message.ts';
import type { ServerKind } from './deliver.ts';
import type { LorawanModel } from './lorawan-model.ts';
import { createRadio, type RadioGateway } from './radio.ts';
import type { ServerMessage, ServerNames } from './server-message.ts';
import { hex, type LorawanDevice, randomBytes, transmissions } from './transmission.ts';
import { ttsMessage } from './tts-message.ts';

export interface Fleet {
  gateways: RadioGateway[];
  devices: LorawanDevice[];
}

export interface FleetOptions {
  seed: string;
  models: readonly LorawanModel[];
  perModel: number;
  gateways: number;
  centre: Position;
  /** How far from the centre devices are, kilometres; default 3. */
  radius?: number;
}

/** The same options give the same fleet. Every seventh device has no join (activation by personalisation). */
export function createFleet({ seed, models, perModel, gateways, centre, radius = 3 }: FleetOptions): Fleet {
  const rng = createRng(`lorawan ${seed}`);
  const fleet: Fleet = {
    gateways: Array.from({ length: gateways }, (_, i) => {
      const own = rng.split(`gateway ${i}`);
      return { eui: eui(own, '24e124fffe'), name: `sim-gw-${i + 1}`, position: somewhere(own, centre, radius * 0.7) };
    }),
    devices: [],
  };
  for (const model of models) {
    for (let i = 0; i < perModel; i++) {
      const own = rng.split(`${model.id} ${i}`);
      fleet.devices.push({
        devEui: eui(own, 'a84041'),
        name: `${model.product} ${i + 1}`,
        model,
        position: somewhere(own, centre, radius),
        attributes: kindOf(model.kind).attributes(own.split('attributes')),
        ...(fleet.devices.length % 7 === 6 ? { abp: true } : {}),
      });
    }
  }
  return fleet;
}

export interface ServerMessagesOptions {
  device: LorawanDevice;
  gateways: readonly RadioGateway[];
  kind: ServerKind;
  names: ServerNames;
  seed: string;
  startMs: number;
  /** From this time on another interval holds; default as in life throughout. */
  live?: { fromMs: number; intervalSeconds: number };
  situations?: Situations;
  loss?: number;
  restart?: number;
  count?: number;
}

/** What the network server says of one device, one message after the other; endless unless `count` is given. */
export function* serverMessages(options: ServerMessagesOptions): Generator<ServerMessage> {
  const { device, gateways, kind, names, seed, startMs, live, loss, restart, count } = options;
  const rng = createRng(`lorawan ${seed}`).split(device.devEui);
  const weather = createWeather(seed);
  const instance = kindOf(device.model.kind).create({
    rng: rng.split('world'),
    attributes: device.attributes,
    position: device.position,
    weather,
    startMs,
    situations: options.situations ?? NO_SITUATIONS,
    index: 0,
  });
  const frames = transmissions({
    device,
    timeline: createTimeline({ instance, startMs, phase: rng.split('phase').next(), ...(live ? { live } : {}) }),
    radio: createRadio({ gateways, position: device.position, rng: rng.split('radio') }),
    weather,
    // With its beginning: another run of the same devices is no repetition of this one's messages.
    rng: rng.split(`session ${startMs}`),
    ...(loss === undefined ? {} : { loss }),
    ...(restart === undefined ? {} : { restart }),
    ...(count === undefined ? {} : { count }),
  });
  for (const frame of frames) {
    const message = kind === 'chirpstack' ? chirpstackMessage(frame, names) : ttsMessage(frame, names);
    if (message) yield message;
  }
}

function eui(rng: Rng, prefix: string): string {
  return prefix + hex(randomBytes(rng, (16 - prefix.length) / 2));
}

function somewhere(rng: Rng, { lat, lon }: Position, kilometres: number): Position {
  const angle = rng.between(0, 2 * Math.PI);
  const distance = kilometres * Math.sqrt(rng.next());
  const degrees = (n: number): number => Math.round(n * 1e5) / 1e5;
  return {
    lat: degrees(lat + (distance * Math.sin(angle)) / 111.2),
    lon: degrees(lon + (distance * Math.cos(angle)) / (111.2 * Math.cos((lat * Math.PI) / 180))),
  };
}
