/**
 * A message of The Things Stack v3: its JSON, the same over MQTT and webhook. Zeros, empty texts and `false` are left out.
 * Source: lorawan-stack api/messages.proto and metadata.proto, and the documentation's page "Data Formats".
 */
import type { Heard, LorawanEvent, LorawanMessage, UpPart } from '../../model/lorawan.ts';
import { correlatedItem } from './correlation.ts';
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
  textsOf,
  timeOf,
  unsignedOf,
} from './members.ts';

/** Exactly one of these is in a message. A normalized uplink repeats the `uplink_message` it was made of. */
const EVENTS = {
  uplink_message: 'up',
  join_accept: 'join',
  downlink_ack: 'ack',
  downlink_nack: 'ack',
  downlink_sent: 'txack',
  downlink_failed: 'failed',
  location_solved: 'location',
  uplink_normalized: 'other',
  downlink_queued: 'other',
  downlink_queue_invalidated: 'other',
  service_data: 'other',
} as const satisfies Record<string, LorawanEvent>;
type Member = keyof typeof EVENTS;
const MEMBERS = Object.keys(EVENTS) as Member[]; // the object is the list above, nothing inherited

/** What the gateway's clock may differ from the server's; beyond it the server's time counts, as in ChirpStack. */
const CLOCK_DRIFT_MS = 60_000;

/** @throws Rejected `malformed-message`. */
export function readTts(body: Members): LorawanMessage {
  const ids = objectOf(body.end_device_ids);
  const devEui = euiOf(ids.dev_eui);
  if (devEui === undefined) throw malformed('end_device_ids.dev_eui is not an EUI of 16 hex digits');
  const member = memberOf(body);
  if (member === undefined) throw malformed('the message is none of the kinds of The Things Stack');
  const event = EVENTS[member];
  const part = objectOf(body[member]);
  const simulated = body.simulated === true;
  const devAddr = textOf(ids.dev_addr)?.toLowerCase();
  const message: LorawanMessage = {
    event,
    devEui,
    deviceName: textOf(ids.device_id),
    application: textOf(objectOf(ids.application_ids).application_id),
    profile: profileOf(part),
    tags: tagsOf(part.attributes),
    identity: identityOf({ event, devEui, devAddr, part, body }),
    time: event === 'up' ? heardAt(part, body) : (timeOf(part.received_at) ?? timeOf(body.received_at)),
    simulated,
    devAddr,
  };
  if (event === 'up') message.up = upPart(part);
  else if (event === 'location') message.location = positionOf(part.location);
  else if (event === 'ack' || event === 'txack' || event === 'failed') message.downlink = downlinkPart(member, part);
  return message;
}

/** Which event a message is, for who only wants to pass it on. */
export function ttsEvent(body: Members): LorawanEvent {
  const member = memberOf(body);
  return member === undefined ? 'other' : EVENTS[member];
}

function memberOf(body: Members): Member | undefined {
  return MEMBERS.find((m) => isObject(body[m]));
}

function profileOf(part: Members): string | undefined {
  const { brand_id, model_id } = objectOf(part.version_ids);
  const names = [textOf(brand_id), textOf(model_id)].filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names.join('/');
}

interface Told {
  event: LorawanEvent;
  devEui: string;
  devAddr: string | undefined;
  part: Members;
  body: Members;
}

/**
 * There is no id of the message itself, and a session's counter is not one: a device activated by personalisation begins at 0
 * again in the same session. When the network server took the frame is part of it, which a redelivery repeats to the
 * nanosecond; where a field mask strips that, the frame stands in.
 */
function identityOf({ event, devEui, devAddr, part, body }: Told): string {
  const session = textOf(part.session_key_id) ?? '';
  if (event === 'up') {
    const fCnt = unsignedOf(part.f_cnt, 'f_cnt', 0xffff_ffff);
    const taken = textOf(part.received_at) ?? textOf(part.frm_payload) ?? '';
    return `${devEui}/${session || devAddr || ''}/${fCnt}/${taken}/${event}`;
  }
  const taken = textOf(part.received_at) ?? textOf(body.received_at);
  if (taken === undefined) return '';
  return `${devEui}/${taken}/${textOf(objectOf(part.downlink).session_key_id) ?? session}/${event}`;
}

/**
 * When a gateway heard it, where a gateway says so and its clock agrees with the server's: many gateways have no source of
 * time, and The Things Stack passes on what they say (metadata.proto, RxMetadata.time).
 */
function heardAt(part: Members, body: Members): number | undefined {
  const taken = timeOf(part.received_at) ?? timeOf(body.received_at);
  for (const rx of listOf(part.rx_metadata)) {
    const { gps_time, time } = objectOf(rx);
    const said = timeOf(gps_time) ?? timeOf(time);
    if (said !== undefined && (taken === undefined || Math.abs(said - taken) <= CLOCK_DRIFT_MS)) return said;
  }
  return taken;
}

function upPart(part: Members): UpPart {
  // messages.proto, ApplicationUplink.app_s_key: given only when the payload was not decrypted.
  if (isObject(part.app_s_key))
    throw malformed('the frame is still encrypted: the network server skips its decryption');
  const settings = objectOf(part.settings);
  const lora = objectOf(settings.data_rate).lora;
  const spreadingFactor = numberOf(objectOf(lora).spreading_factor);
  const frequency = numberOf(settings.frequency);
  return {
    fCnt: unsignedOf(part.f_cnt, 'f_cnt', 0xffff_ffff),
    fPort: unsignedOf(part.f_port, 'f_port', 255),
    bytes: bytesOf(part.frm_payload, 'frm_payload'),
    confirmed: part.confirmed === true,
    ...(isObject(part.decoded_payload) && { object: part.decoded_payload }),
    ...(Array.isArray(part.normalized_payload) && { normalized: part.normalized_payload }),
    warnings: [...textsOf(part.decoded_payload_warnings), ...textsOf(part.normalized_payload_warnings)],
    heard: listOf(part.rx_metadata).flatMap((rx) => heard(rx, isObject(lora))),
    ...(spreadingFactor !== undefined && { spreadingFactor }),
    ...(frequency !== undefined && { frequency }),
  };
}

function heard(rx: unknown, isLora: boolean): Heard[] {
  const { gateway_ids, packet_broker, rssi, snr, location } = objectOf(rx);
  const ids = objectOf(gateway_ids);
  // Through Packet Broker all gateways are called "packetbroker"; whose they are stands beside it.
  const peer = objectOf(packet_broker);
  const gateway =
    euiOf(ids.eui) ??
    euiOf(peer.forwarder_gateway_eui) ??
    textOf(peer.forwarder_gateway_id) ??
    textOf(ids.gateway_id)?.toLowerCase();
  if (gateway === undefined) return [];
  const power = numberOf(rssi);
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

/** `downlink_failed` wraps the downlink and says why in a template with attributes. */
function downlinkPart(member: Member, part: Members): NonNullable<LorawanMessage['downlink']> {
  const failed = member === 'downlink_failed';
  const downlink = failed ? objectOf(part.downlink) : part;
  return {
    queueItem: correlatedItem(textsOf(downlink.correlation_ids)) ?? '',
    ...(member === 'downlink_ack' && { acknowledged: true }),
    ...(member === 'downlink_nack' && { acknowledged: false }),
    fCntDown: unsignedOf(downlink.f_cnt, 'f_cnt', 0xffff_ffff),
    ...(failed && { error: failureText(objectOf(part.error)) }),
  };
}

function failureText(error: Members): string {
  const attributes = objectOf(error.attributes);
  const text = textOf(error.message_format) ?? textOf(error.name) ?? 'the network server could not send it';
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(attributes, name) ? String(attributes[name]).slice(0, 200) : whole,
  );
}
