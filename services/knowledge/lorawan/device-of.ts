/** Which device a network server's message is about, for who stores it whole: one look at the body, nothing of it kept. */
import type { LorawanEvent } from '../../model/lorawan.ts';
import type { NetworkServer } from '../../model/network-server.ts';
import { chirpstackEvent } from './chirpstack.ts';
import { chirpstackBody } from './chirpstack-body.ts';
import { euiOf, type Members, objectOf, parseBody, textOf } from './members.ts';
import { ttsEvent } from './tts.ts';

export interface MessageDevice {
  /** 16 lower-case hex digits. */
  devEui: string;
  /** The Things Stack's body says what it is; ChirpStack's does not, its topic or `?event=` does. */
  event?: LorawanEvent;
  /** What commands are addressed with: ChirpStack's application id, The Things Stack's application and device ids. */
  application?: string;
  deviceId?: string;
}

/**
 * `undefined` for what names no device: other JSON, the state of a gateway, a device without an EUI. Never throws.
 * @param event as for readMessage; ChirpStack's protobuf of a log has the device at another place than that of an uplink.
 */
export function deviceOf(kind: NetworkServer['kind'], payload: Uint8Array, event = 'up'): MessageDevice | undefined {
  const body = bodyOf(kind, event, payload);
  if (!body) return undefined;
  if (kind === 'tts') {
    const ids = objectOf(body.end_device_ids);
    const devEui = euiOf(ids.dev_eui);
    const application = textOf(objectOf(ids.application_ids).application_id);
    return devEui === undefined
      ? undefined
      : { devEui, event: ttsEvent(body), application, deviceId: textOf(ids.device_id) };
  }
  const info = objectOf(body.deviceInfo);
  const devEui = euiOf(info.devEui);
  return devEui === undefined ? undefined : { devEui, application: textOf(info.applicationId) };
}

function bodyOf(kind: NetworkServer['kind'], event: string, payload: Uint8Array): Members | undefined {
  try {
    return kind === 'tts' ? parseBody(payload) : chirpstackBody(chirpstackEvent(event), payload);
  } catch {
    // Whatever is wrong with it, decode says so when it reads the stored message.
    return undefined;
  }
}
