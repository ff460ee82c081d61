/** What a network server learns of one device, one thing after the other: joins, frames, states. Endless, and seeded. */
import type { Attributes, Position } from '../kind.ts';
import type { Timeline } from '../timeline.ts';
import { lithiumVoltage } from '../world/battery.ts';
import { DAY } from '../world/local-time.ts';
import type { Rng } from '../world/rng.ts';
import type { Weather } from '../world/weather.ts';
import type { LorawanModel } from './lorawan-model.ts';
import type { Radio, Reception } from './radio.ts';

export interface LorawanDevice {
  /** 16 lower-case hex digits. */
  devEui: string;
  /** As its network server's operators call it. */
  name: string;
  model: LorawanModel;
  position: Position;
  attributes: Attributes;
  /** Activated by personalisation: it never joins, and a restart sets its counter to 0 in the same session. */
  abp?: boolean;
}

export interface Session {
  devAddr: string;
  /** Of the session keys; a join makes new ones. */
  keyId: Uint8Array;
}

interface Common {
  /** When it was heard, on the simulation's clock, epoch ms. */
  at: number;
  device: LorawanDevice;
  session: Session;
  /** Seeded, 16 bytes. */
  id: Uint8Array;
}

export type Transmission =
  | (Common & { event: 'join' })
  | (Common & { event: 'status'; marginDb: number; batteryLevel: number })
  | (Common & {
      event: 'up';
      fCnt: number;
      fPort: number;
      bytes: Uint8Array;
      heard: Reception[];
      spreadingFactor: number;
      frequency: number;
      /** Percent, of the last answer to DevStatusReq. */
      batteryLevel: number;
    });

export interface TransmissionOptions {
  device: LorawanDevice;
  timeline: Timeline;
  radio: Radio;
  weather: Weather;
  rng: Rng;
  /** Frames that no gateway hears, beside those too far away; 0 … 1, default 0.02. */
  loss?: number;
  /** How likely it restarts before a frame: a new join, or a counter from 0; default 1 in 400. */
  restart?: number;
  /** Stops after so many frames, lost ones counted. */
  count?: number;
}

/** EU868's channels that every device knows (RP002-1.0.4 section 2.4.2), Hz. */
const CHANNELS = [868_100_000, 868_300_000, 868_500_000];
/** DevStatusReq goes out once in so many frames. */
const STATUS_EVERY = 24;
/** Only an answer to the network, nothing of the device's own. */
const MAC_ONLY = 1 / 80;

export function* transmissions(options: TransmissionOptions): Generator<Transmission> {
  const { device, timeline, radio, weather, rng, loss = 0.02, restart = 1 / 400, count = Infinity } = options;
  const volts = lithiumVoltage(rng.split('battery'));
  const full = rng.between(55, 100);
  let began: number | undefined;
  let session = newSession(rng);
  let fCnt = 0;
  let joined = device.abp === true;
  let battery = full;
  const common = (at: number) => ({ at, device, session, id: randomBytes(rng, 16) });

  for (let n = 0; n < count; n++) {
    const { time, values } = timeline.take();
    began ??= time;
    if (joined && rng.chance(restart)) {
      fCnt = 0;
      joined = device.abp === true;
    }
    if (!joined) {
      session = newSession(rng);
      joined = true;
      // ChirpStack tells of a join with the first frame after it; The Things Stack a little earlier. Both before the frame.
      yield { ...common(time), event: 'join' };
    }
    // Batteries last eight years, give or take.
    const batteryLevel = Math.max(1, full - ((time - began) * 100) / (8 * 365 * DAY));
    const spreadingFactor = spreadingFactorFor(radio);
    const heard = rng.chance(loss) ? [] : radio(spreadingFactor);
    const macOnly = rng.chance(MAC_ONLY);
    const temperature = weather.temperature(time);
    const bytes = device.model.encode({
      values,
      attributes: device.attributes,
      temperature,
      humidity: weather.humidity(time),
      batteryLevel,
      batteryVoltage: volts(time, temperature),
    });
    // What nobody hears the network server cannot tell: the next counter shows the gap.
    if (heard.length > 0) {
      yield {
        ...common(time),
        event: 'up',
        fCnt,
        ...(macOnly ? { fPort: 0, bytes: new Uint8Array() } : { fPort: device.model.fPort, bytes }),
        heard,
        spreadingFactor,
        frequency: rng.pick(CHANNELS),
        batteryLevel: battery,
      };
      if (n % STATUS_EVERY === STATUS_EVERY - 1) {
        battery = batteryLevel;
        // LoRaWAN 1.0.4 section 5.5: margin from -32 to 31 dB, battery in 254 steps.
        const marginDb = Math.max(-32, Math.min(31, Math.round(heard[0]!.snr + 10))); // somebody heard it
        yield {
          ...common(time),
          event: 'status',
          marginDb,
          batteryLevel: (Math.round((batteryLevel / 100) * 254) * 100) / 254,
        };
      }
    }
    fCnt++;
  }
}

/** Adaptive data rate, in short: the fastest at which somebody hears it with 5 dB to spare, else the slowest. */
function spreadingFactorFor(radio: Radio): number {
  const best = radio(12)[0]?.snr ?? -20;
  for (let sf = 7; sf < 12; sf++) if (best >= -7.5 - 2.5 * (sf - 7) + 5) return sf;
  return 12;
}

function newSession(rng: Rng): Session {
  // NwkID of The Things Network and ChirpStack's default both begin low; any 32 bits are an address.
  return { devAddr: hex(Uint8Array.from([0x01, ...randomBytes(rng, 3)])), keyId: randomBytes(rng, 16) };
}

export function randomBytes(rng: Rng, n: number): Uint8Array {
  return Uint8Array.from({ length: n }, () => rng.int(256));
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
