/**
 * Messages as The Things Stack v3 writes them (documentation, "Data Formats"): snake_case, EUIs in capitals, and nothing that
 * is zero, empty or false. It has no event for a device's state: the battery comes along with the next uplink.
 */
import { Buffer } from 'node:buffer';
import type { Reception } from './radio.ts';
import { type ServerMessage, type ServerNames, stamp } from './server-message.ts';
import { hex, type Transmission } from './transmission.ts';

/** What the network server needs to collect what all gateways heard, and the application server after it; ms. */
const NETWORK_MS = 200;
const APPLICATION_MS = 205;

/** `undefined` for what The Things Stack says nothing of. */
export function ttsMessage(t: Transmission, { tenant, application }: ServerNames): ServerMessage | undefined {
  const { device, at, session, event } = t;
  if (event === 'status') return undefined;
  const id = spelledId(device.name, device.devEui);
  return {
    at,
    topic: `v3/${application.id}@${tenant}/devices/${id}/${event}`,
    event,
    body: JSON.stringify({
      end_device_ids: {
        device_id: id,
        application_ids: { application_id: application.id },
        dev_eui: device.devEui.toUpperCase(),
        join_eui: 'A000000000000101',
        dev_addr: session.devAddr.toUpperCase(),
      },
      correlation_ids: [`gs:uplink:${hex(t.id)}`],
      received_at: stamp(at + APPLICATION_MS, 9, 'Z'),
      ...particular(t, tenant),
    }),
  };
}

function particular(t: Exclude<Transmission, { event: 'status' }>, tenant: string): object {
  const keys = { session_key_id: Buffer.from(t.session.keyId).toString('base64') };
  const received_at = stamp(t.at + NETWORK_MS, 9, 'Z');
  if (t.event === 'join') return { join_accept: { ...keys, received_at } };
  const { model } = t.device;
  return {
    uplink_message: withoutEmpty({
      ...keys,
      f_port: t.fPort,
      f_cnt: t.fCnt,
      frm_payload: Buffer.from(t.bytes).toString('base64'),
      rx_metadata: t.heard.map((r) => rxMetadata(r, t.at)),
      settings: {
        data_rate: { lora: { bandwidth: 125_000, spreading_factor: t.spreadingFactor, coding_rate: '4/5' } },
        frequency: String(t.frequency),
        time: stamp(t.at, 9, 'Z'),
      },
      received_at,
      last_battery_percentage: { value: Math.round(t.batteryLevel * 100) / 100 },
      version_ids: { brand_id: model.vendor.toLowerCase(), model_id: model.product.toLowerCase().replaceAll(' ', '-') },
      network_ids: { net_id: '000013', tenant_id: tenant, cluster_id: 'eu1' },
    }),
  };
}

function rxMetadata({ gateway, rssi, snr }: Reception, at: number): object {
  return withoutEmpty({
    gateway_ids: { gateway_id: spelledId(gateway.name, gateway.eui), eui: gateway.eui.toUpperCase() },
    time: stamp(at, 9, 'Z'),
    rssi,
    channel_rssi: rssi,
    snr,
    location: withoutEmpty({
      latitude: gateway.position.lat,
      longitude: gateway.position.lon,
      source: 'SOURCE_REGISTRY',
    }),
    received_at: stamp(at + 40, 9, 'Z'),
  });
}

function withoutEmpty(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== 0 && value !== ''));
}

/** Its ids are 3 to 36 of these characters; names of people's making are not. */
function spelledId(name: string, eui: string): string {
  const spelled = name.toLowerCase().replaceAll('æ', 'ae').replaceAll('ø', 'oe').replaceAll('å', 'aa');
  const id = spelled.replace(/[^a-z0-9]+/g, '-').slice(0, 30);
  return id.replace(/^-+|-+$/g, '') || `eui-${eui}`;
}
