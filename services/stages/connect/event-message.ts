/** What a network server published or posted becomes an uplink: whole, with the device it is about and the event it is. */
import { deviceOf } from '../../knowledge/lorawan/device-of.ts';
import { filterOf, matchTopic } from '../../knowledge/lorawan/topic.ts';
import type { NetworkServer } from '../../model/network-server.ts';
import { type ForwardedUplink, sessionOf } from '../../model/uplink.ts';

/** Where the templates say nothing: the network servers' own defaults. */
const EVENT_TOPICS: Readonly<Record<NetworkServer['kind'], string>> = {
  chirpstack: 'application/{application}/device/{devEui}/event/{event}',
  tts: 'v3/{application}/devices/{device}/{event}',
};

/** An uplink has to name a device; decode rejects what names none, with its bytes. */
const NO_DEVICE = 'unknown';
const EUI = /^[0-9a-f]{16}$/;
/** As long as the session of an uplink has room for beside an id. */
const MOST_EVENT_CHARACTERS = 60;

/** How commands to a device are addressed. */
export interface HowToReach {
  application: string;
  deviceName?: string;
}

export interface EventMessage {
  uplink: ForwardedUplink;
  reach: HowToReach | undefined;
}

/** What to subscribe to. */
export function filtersOf(server: NetworkServer): string[] {
  const templates = [eventTopicOf(server), ...(server.gatewayTopic === undefined ? [] : [server.gatewayTopic])];
  return [...new Set(templates.map(filterOf))];
}

/** `undefined` when the topic is none of the network server's: a session may still hold what was subscribed to before. */
export function publishedEvent(server: NetworkServer, topic: string, payload: Uint8Array): EventMessage | undefined {
  const event = matchTopic(eventTopicOf(server), topic);
  if (event) return eventMessage(server, payload, event);
  const gateway = server.gatewayTopic === undefined ? undefined : matchTopic(server.gatewayTopic, topic);
  if (!gateway) return undefined;
  const device = gateway.gateway?.toLowerCase() ?? NO_DEVICE;
  return { uplink: uplink(server, device, 'gateway', payload), reach: undefined };
}

/** `event` as the query or the path of a webhook has it; The Things Stack's body says it too. */
export function postedEvent(server: NetworkServer, event: string, payload: Uint8Array): EventMessage {
  return eventMessage(server, payload, { event });
}

function eventMessage(server: NetworkServer, payload: Uint8Array, named: Record<string, string>): EventMessage {
  const fromTopic = named.devEui?.toLowerCase();
  const known = fromTopic !== undefined && EUI.test(fromTopic);
  const about = known && named.application !== undefined ? undefined : deviceOf(server.kind, payload);
  const device = known ? fromTopic : (about?.devEui ?? NO_DEVICE);
  const event = named.event || about?.event || 'up';
  const application = named.application ?? about?.application;
  const deviceName = named.device ?? about?.deviceId;
  return {
    uplink: uplink(server, device, event, payload),
    reach: application === undefined ? undefined : { application, ...(deviceName !== undefined && { deviceName }) },
  };
}

function uplink(server: NetworkServer, device: string, event: string, payload: Uint8Array): ForwardedUplink {
  return {
    device: Buffer.byteLength(device) > 255 ? NO_DEVICE : device,
    owner: server.owner,
    kind: 'lorawan',
    door: 'lorawan',
    session: sessionOf(server.id, event.slice(0, MOST_EVENT_CHARACTERS)),
    identity: '',
    payload,
  };
}

function eventTopicOf({ kind, eventTopic }: NetworkServer): string {
  return eventTopic ?? EVENT_TOPICS[kind];
}
