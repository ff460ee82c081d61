/** A command as the network server wants to be told: its topic, and the JSON with the frame in it. */

import { correlationOf } from '../../knowledge/lorawan/correlation.ts';
import { fillTopic } from '../../knowledge/lorawan/topic.ts';
import type { Downlink } from '../../model/command-sender.ts';
import { Rejected, Unavailable } from '../../model/errors.ts';
import type { NetworkServer } from '../../model/network-server.ts';
import { formatTime } from '../../model/time.ts';
import type { HowToReach } from './event-message.ts';

const COMMAND_TOPICS: Readonly<Record<NetworkServer['kind'], string>> = {
  chirpstack: 'application/{application}/device/{devEui}/command/down',
  tts: 'v3/{application}/devices/{device}/down/push',
};

/**
 * @throws Unavailable while it is not known how the network server calls the device; Rejected `no-command-path` when its
 *   names cannot be part of a topic.
 */
export function commandMessage(
  server: NetworkServer,
  downlink: Downlink,
  learnt: HowToReach | undefined,
): { topic: string; payload: Buffer } {
  const { devEui, application = learnt?.application, deviceName = learnt?.deviceName } = downlink;
  const template = server.commandTopic ?? COMMAND_TOPICS[server.kind];
  const values = { application, devEui, device: deviceName };
  for (const name of ['application', 'device'] as const) {
    if (template.includes(`{${name}}`) && values[name] === undefined)
      throw new Unavailable(`command to ${devEui}: the network server has not been heard to name its ${name} yet`);
  }
  const topic = fillTopic(template, values);
  if (topic === undefined) throw new Rejected('no-command-path', `${devEui}: its names do not fit into "${template}"`);
  const body = server.kind === 'tts' ? forTts(downlink) : forChirpstack(downlink);
  return { topic, payload: Buffer.from(JSON.stringify(body)) };
}

/** chirpstack api/proto/integration/integration.proto, DownlinkCommand, in its JSON form. */
function forChirpstack({ id, devEui, confirmed, fPort, bytes, expiresAt }: Downlink): object {
  return {
    id,
    devEui,
    confirmed,
    fPort,
    data: base64(bytes),
    ...(expiresAt !== undefined && { expiresAt: formatTime(expiresAt) }),
  };
}

/** The Things Stack, "Scheduling downlinks": `down/push` puts it behind what is queued already. */
function forTts({ id, confirmed, fPort, bytes }: Downlink): object {
  const downlink = { f_port: fPort, frm_payload: base64(bytes), confirmed, priority: 'NORMAL' };
  return { downlinks: [{ ...downlink, correlation_ids: [correlationOf(id)] }] };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
