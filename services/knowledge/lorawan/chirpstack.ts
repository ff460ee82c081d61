/**
 * A message of ChirpStack v4, from its JSON or from what its protobuf says in the same words.
 * Source: ChirpStack, api/proto/integration/integration.proto and gw/gw.proto; which members JSON leaves out:
 * the integration package emits zeros, the nested gw and common packages do not.
 */
import { Buffer } from 'node:buffer';
import type { Heard, LorawanEvent, LorawanMessage, UpPart } from '../../model/lorawan.ts';
import {
  bytesOf,
  euiOf,
  isObject,
  listOf,
  type Members,
  malformed,
  numberOf,
  objectOf,
  positionOf,
  tagsOf,
  textOf,
  timeOf,
  unsignedOf,
} from './members.ts';

/** As ChirpStack names them in topics and in `?event=`; the state of a gateway comes on a topic of its own. */
const EVENTS: Readonly<Record<string, LorawanEvent>> = {
  up: 'up',
  join: 'join',
  ack: 'ack',
  txack: 'txack',
  status: 'status',
  log: 'log',
  location: 'location',
  gateway: 'gateway',
  conn: 'gateway',
  'state/conn': 'gateway',
};

export function chirpstackEvent(event: string): LorawanEvent {
  return Object.hasOwn(EVENTS, event) ? EVENTS[event]! : 'other';
}

/** @throws Rejected `malformed-message`. */
export function readChirpstack(event: LorawanEvent, body: Members): LorawanMessage {
  if (event === 'gateway') return gatewayState(body);
  const info = objectOf(body.deviceInfo);
  const devEui = euiOf(info.devEui);
  if (devEui === undefined) throw malformed('deviceInfo.devEui is not an EUI of 16 hex digits');
  const message: LorawanMessage = {
    event,
    devEui,
    deviceName: textOf(info.deviceName),
    application: textOf(info.applicationName) ?? textOf(info.applicationId),
    profile: textOf(info.deviceProfileName),
    tags: tagsOf(info.tags),
    identity: identityOf(event, devEui, body),
    time: timeOf(body.time) ?? heardAt(body),
    simulated: false,
    devAddr: textOf(body.devAddr)?.toLowerCase(),
  };
  switch (event) {
    case 'up':
      message.up = upPart(body);
      break;
    case 'status':
      message.status = statusPart(body);
      break;
    case 'log':
      message.log = {
        level: textOf(body.level) ?? 'INFO',
        code: textOf(body.code) ?? 'UNKNOWN',
        description: textOf(body.description) ?? '',
      };
      message.downlink = downlinkOfLog(body);
      break;
    case 'location':
      message.location = positionOf(body.location);
      break;
    case 'ack':
    case 'txack':
      message.downlink = {
        queueItem: textOf(body.queueItemId) ?? '',
        ...(event === 'ack' && { acknowledged: body.acknowledged === true }),
        fCntDown: unsignedOf(body.fCntDown, 'fCntDown', 0xffff_ffff),
      };
  }
  return message;
}

function gatewayState(body: Members): LorawanMessage {
  // Before v4.1 the id came as its eight bytes (gw.proto, ConnState.gateway_id_legacy).
  const legacy = body.legacyId instanceof Uint8Array ? Buffer.from(body.legacyId).toString('hex') : undefined;
  const id = textOf(body.gatewayId)?.toLowerCase() ?? textOf(legacy);
  if (id === undefined) throw malformed('gatewayId is missing');
  return {
    event: 'gateway',
    devEui: '',
    tags: {},
    identity: '',
    time: undefined,
    simulated: false,
    gateway: { id, online: body.state === 'ONLINE' },
  };
}

/** Logs and txacks carry no deduplicationId: their time, and the downlink or the code they are about, tell them apart. */
function identityOf(event: LorawanEvent, devEui: string, body: Members): string {
  const id = textOf(body.deduplicationId);
  if (id !== undefined) return `${id}/${event}`;
  if (event === 'up') return `${devEui}/${textOf(body.devAddr) ?? ''}/${Number(body.fCnt ?? 0)}/${body.time}/${event}`;
  const about = textOf(body.queueItemId) ?? textOf(objectOf(body.context).queue_item_id) ?? textOf(body.code) ?? '';
  return body.time === undefined ? '' : `${devEui}/${body.time}/${about}/${event}`;
}

/** ChirpStack's `time` is that of the first gateway with a clock, else its own; older 4.x left it out at times. */
function heardAt(body: Members): number | undefined {
  for (const rx of listOf(body.rxInfo)) {
    const { gwTime, nsTime } = objectOf(rx);
    const time = timeOf(gwTime) ?? timeOf(nsTime);
    if (time !== undefined) return time;
  }
  return undefined;
}

function upPart(body: Members): UpPart {
  // integration.proto: "A non-empty value indicates that ChirpStack does not have access to the AppSKey".
  if (isObject(body.joinServerContext))
    throw malformed('the frame is still encrypted: the network server does not hold its application session key');
  const tx = objectOf(body.txInfo);
  const modulation = objectOf(tx.modulation);
  const lora = isObject(modulation.lora) ? modulation.lora : undefined;
  const spreadingFactor = numberOf(lora?.spreadingFactor);
  const frequency = numberOf(tx.frequency);
  return {
    fCnt: unsignedOf(body.fCnt, 'fCnt', 0xffff_ffff),
    fPort: unsignedOf(body.fPort, 'fPort', 255),
    bytes: bytesOf(body.data, 'data'),
    confirmed: body.confirmed === true,
    ...(isObject(body.object) && { object: body.object }),
    warnings: [],
    heard: listOf(body.rxInfo).flatMap((rx) => heard(rx, lora !== undefined)),
    ...(spreadingFactor !== undefined && { spreadingFactor }),
    ...(frequency !== undefined && { frequency }),
  };
}

function heard(rx: unknown, isLora: boolean): Heard[] {
  const { gatewayId, rssi, snr, location } = objectOf(rx);
  const gateway = textOf(gatewayId)?.toLowerCase();
  if (gateway === undefined) return [];
  const power = numberOf(rssi);
  // A zero SNR is left out; FSK has none. An RSSI of 0 dBm no receiver reports, so absent means not said.
  const ratio = numberOf(snr) ?? (isLora && power !== undefined ? 0 : undefined);
  const position = positionOf(location);
  return [
    {
      gateway,
      ...(power !== undefined && { rssi: power }),
      ...(ratio !== undefined && { snr: ratio }),
      ...(position && { location: position }),
    },
  ];
}

/** The level counts only where neither flag says that there is none. */
function statusPart(body: Members): NonNullable<LorawanMessage['status']> {
  const externalPower = body.externalPowerSource === true;
  const level = numberOf(body.batteryLevel) ?? 0;
  const known = !externalPower && body.batteryLevelUnavailable !== true && level >= 0 && level <= 100;
  return { marginDb: numberOf(body.margin) ?? 0, ...(known && { batteryPercent: level }), externalPower };
}

/** A downlink that ChirpStack discarded (its size, its age, the gateway) is told as a log with its queue item. */
function downlinkOfLog(body: Members): LorawanMessage['downlink'] {
  const queueItem = textOf(objectOf(body.context).queue_item_id);
  return queueItem === undefined ? undefined : { queueItem, error: textOf(body.description) ?? '' };
}
