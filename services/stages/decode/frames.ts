/**
 * What must be known of messages before they are decoded in their order: a network server's is parsed and its device found,
 * and scripts have run, all those of a batch in one call of the sandbox.
 */
import { parseJson } from '../../knowledge/codecs/json-text.ts';
import { readMessage } from '../../knowledge/lorawan/read-message.ts';
import { withOs2iotNames } from '../../knowledge/os2iot/metadata.ts';
import type { CodecAnswer, CodecRunner, DecodeJob, Frame } from '../../model/codec.ts';
import type { Directory } from '../../model/directory.ts';
import { Rejected, Unavailable } from '../../model/errors.ts';
import type { LorawanMessage } from '../../model/lorawan.ts';
import { type Uplink, viaOf } from '../../model/uplink.ts';
import { attributeTexts } from './attribute-texts.ts';
import type { DevicePlan } from './device-plan.ts';
import type { DevicePlans, Refusal } from './device-plans.ts';

export interface Prepared {
  plan: DevicePlan | Refusal;
  /** Of the network server; absent for a device's own bytes, and where it cannot be read. */
  message?: LorawanMessage;
  networkServer: string;
  /** The message itself is at fault. */
  problem?: { reason: 'malformed-message'; detail: string };
  frame?: Frame;
  /** What the device's script made of the frame. */
  answer?: CodecAnswer;
}

export interface FramesOptions {
  directory: Directory;
  plans: DevicePlans;
  /** Absent: scripts are not run here, and their frames are rejected. */
  codecs: CodecRunner | undefined;
  /** Asks the registry, once a batch, before anything is refused. */
  askRegistry(what: string): Promise<boolean>;
}

export class Frames {
  #o: FramesOptions;

  constructor(options: FramesOptions) {
    this.#o = options;
  }

  /**
   * By place in `uplinks`; nothing for those that need no preparation. `only`: no other codec's script is run.
   * @throws Unavailable when the sandbox is away.
   */
  async prepare(uplinks: readonly Uplink[], only?: string): Promise<Map<number, Prepared>> {
    const prepared = new Map<number, Prepared>();
    const jobs: { to: Prepared; job: DecodeJob }[] = [];
    for (const [i, u] of uplinks.entries()) {
      const one = u.kind === 'lorawan' ? await this.#ofServer(u) : this.#ofDevice(u);
      if (!one) continue;
      prepared.set(i, one);
      const job = this.#job(one);
      if (job && (only === undefined || job.script.id === only)) jobs.push({ to: one, job });
    }
    if (jobs.length === 0 || !this.#o.codecs) return prepared;
    let answers: CodecAnswer[];
    try {
      answers = await this.#o.codecs.decode(jobs.map(({ job }) => job));
    } catch (cause) {
      throw new Unavailable('decode: the sandbox of the codecs does not answer', { cause });
    }
    for (const [i, { to }] of jobs.entries()) to.answer = answers[i]!; // one a job
    return prepared;
  }

  async #ofServer(u: Uplink): Promise<Prepared> {
    const { networkServer, event } = viaOf(u.session);
    const { directory } = this.#o;
    let server = directory.networkServer(networkServer);
    if (!server && (await this.#o.askRegistry(`network server ${networkServer}`)))
      server = directory.networkServer(networkServer);
    const nobody: Refusal = { reason: 'unknown-device', detail: `no device with EUI ${u.device} is registered` };
    if (!server) {
      const detail = `there is no network server ${networkServer} any more`;
      return { plan: nobody, networkServer, problem: { reason: 'malformed-message', detail } };
    }
    let message: LorawanMessage;
    try {
      message = readMessage(server.kind, event, u.payload);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      return { plan: nobody, networkServer, problem: { reason: 'malformed-message', detail: error.message } };
    }
    const devEui = message.devEui || u.device;
    let device = directory.deviceByEui(devEui, networkServer);
    if (!device && message.event !== 'gateway' && (await this.#o.askRegistry(`the device ${devEui}`)))
      device = directory.deviceByEui(devEui, networkServer);
    const plan = device ? this.#o.plans.get(device.id) : nobody;
    const prepared: Prepared = { plan, message, networkServer };
    const { up } = message;
    if (!up || 'reason' in plan) return prepared;
    const recvTime = message.time ?? u.receivedAt;
    prepared.frame = {
      bytes: up.bytes,
      fPort: up.fPort,
      recvTime,
      variables: { ...message.tags, ...attributeTexts(assetOf(plan, recvTime), recvTime) },
    };
    const { codec } = plan;
    if (codec?.kind === 'script' && codec.script.signature === 'os2iot') {
      prepared.frame.message = wholeMessage(u.payload);
      prepared.frame.metadata = metadataOf(plan, recvTime);
    }
    return prepared;
  }

  /** Bytes that the device sends itself, where its model names a script. */
  #ofDevice(u: Uplink): Prepared | undefined {
    if (u.kind === 'status') return undefined;
    const plan = this.#o.plans.get(u.device);
    if ('reason' in plan || plan.codec?.kind !== 'script') return undefined;
    const variables = attributeTexts(assetOf(plan, u.receivedAt), u.receivedAt);
    const frame: Frame = { bytes: u.payload, fPort: 1, recvTime: u.receivedAt, variables };
    // To a decoder of OS2iot, what the device sent is the whole message.
    if (plan.codec.script.signature === 'os2iot') {
      frame.message = wholeMessage(u.payload);
      frame.metadata = metadataOf(plan, u.receivedAt);
    }
    return { plan, networkServer: '', frame };
  }

  #job({ plan, frame }: Prepared): DecodeJob | undefined {
    if (!frame || frame.bytes.byteLength === 0 || 'reason' in plan || plan.codec?.kind !== 'script') return undefined;
    return { script: plan.codec.script, owner: plan.device.owner, frame };
  }
}

function assetOf({ assets }: DevicePlan, time: number) {
  return (assets.findLast(({ from }) => from <= time) ?? assets[0]!).asset; // a plan has one
}

/** Decoders of OS2iot read the message as ChirpStack sends it as JSON. */
function wholeMessage(payload: Uint8Array): unknown {
  try {
    return parseJson(payload);
  } catch {
    return undefined;
  }
}

/** What OS2iot hands a decoder of the device; `metadata` inside is a text of JSON there, and decoders parse it. */
function metadataOf(plan: DevicePlan, time: number): unknown {
  const asset = assetOf(plan, time);
  const { location } = asset;
  const point = location && 'lat' in location ? { type: 'Point', coordinates: [location.lon, location.lat] } : location;
  const metadata = JSON.stringify(withOs2iotNames(attributeTexts(asset, time)));
  return { name: asset.name, ...(point && { location: point }), metadata };
}
