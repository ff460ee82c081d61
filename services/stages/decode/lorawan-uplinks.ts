/** Messages of network servers: frames become readings, everything else is remembered of the device or the gateway. */
import type { Format } from '../../knowledge/codecs/format.ts';
import type { LorawanMessage } from '../../model/lorawan.ts';
import { MARK } from '../../model/readings.ts';
import type { Uplink } from '../../model/uplink.ts';
import { attempt, type Result } from './attempt.ts';
import type { DevicePlan } from './device-plan.ts';
import { frameFormat } from './frame-format.ts';
import type { Prepared } from './frames.ts';
import type { GatewayMemories } from './gateway-memory.ts';
import type { HowToDecode, UplinkDecoder } from './uplink-decoder.ts';

/** Nothing to store, and nothing wrong: the uplink is decoded. */
const NOTED: Result = { rows: 0, problem: undefined, noted: true };

export class LorawanUplinks {
  #decoder: UplinkDecoder;
  #gateways: GatewayMemories;

  constructor(decoder: UplinkDecoder, gateways: GatewayMemories) {
    this.#decoder = decoder;
    this.#gateways = gateways;
  }

  /** `again`: it was tried before, so counters and gateways have been told already. */
  take(u: Uplink, prepared: Prepared, how: HowToDecode, again: boolean): Result {
    const { message, problem, plan, networkServer } = prepared;
    if (problem || !message) return attempt(this.#decoder, u, problem ?? refused(plan), how);
    const heard = message.up?.heard ?? [];
    if (!again && !message.simulated) this.#gateways.heard(networkServer, u.owner, heard, u.receivedAt);
    if (message.gateway) {
      const { id, online } = message.gateway;
      if (!again) this.#gateways.connection(networkServer, u.owner, id, online, u.receivedAt);
      return NOTED;
    }
    if ('reason' in plan) {
      // A frame is lost without its device, and a join shows that the device is there; of the rest nothing is missed.
      const missed = message.event === 'up' || (message.event === 'join' && plan.reason === 'unknown-device');
      return missed ? attempt(this.#decoder, u, plan, how) : NOTED;
    }
    const radio = plan.memory.radio(networkServer);
    if (message.event !== 'up' || !message.up) {
      if (!again) radio.event(message, u.receivedAt);
      return this.#status(u, plan, message, how);
    }
    const { up, time, simulated } = message;
    const quiet = up.bytes.byteLength === 0 || up.fPort === 0;
    let lost = 0;
    if (!again && !simulated) {
      lost = radio.frame({ fCnt: up.fCnt, devAddr: message.devAddr }, u.receivedAt, quiet);
      radio.heard(heard, u.receivedAt);
    }
    if (quiet) return NOTED;
    const { frame, answer } = prepared;
    const parts = { frame: frame!, codec: plan.codec, answer, up, time }; // an `up` of a known device has one
    const format = frameFormat({ ...parts, radio: simulated ? [] : radioValues(message, lost) });
    // Somebody tries in a console: people see it as such, and rules never do.
    const marks = simulated ? how.marks | MARK.history | MARK.test : how.marks;
    const result = attempt(this.#decoder, u, plan, { ...how, marks }, format);
    if (result.rows === 0) radio.notTold(lost);
    return result;
  }

  /** The device answered the network's question for its state: its battery is a reading. */
  #status(u: Uplink, plan: DevicePlan, { status, time, simulated }: LorawanMessage, how: HowToDecode): Result {
    const battery = status?.batteryPercent;
    if (battery === undefined || simulated) return NOTED;
    const format: Format = {
      name: 'status',
      parse(_payload, _receivedAt, sink) {
        sink.record(time);
        sink.value('batteryLevel', battery, '%');
      },
    };
    const result = attempt(this.#decoder, u, plan, how, format);
    return result.rows === 0 ? NOTED : result;
  }
}

function refused(plan: Prepared['plan']) {
  return 'reason' in plan ? plan : { reason: 'malformed-message' as const, detail: 'the message says nothing' };
}

/** Of the gateway that heard it best, and how many frames before it nobody heard. */
function radioValues({ up }: LorawanMessage, lost: number): (readonly [string, number])[] {
  const best = up?.heard.reduce((a, b) => ((b.rssi ?? -Infinity) > (a.rssi ?? -Infinity) ? b : a), up.heard[0]!);
  const values: (readonly [string, number])[] = [];
  if (best?.rssi !== undefined) values.push(['rssi', best.rssi]);
  if (best?.snr !== undefined) values.push(['snr', best.snr]);
  if (lost > 0) values.push(['lostUplinks', lost]);
  return values;
}
