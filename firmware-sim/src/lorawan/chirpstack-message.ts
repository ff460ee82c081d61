/**
 * Messages as ChirpStack v4 writes them with its JSON setting (api/proto/integration/integration.proto): the integration's own
 * members with zeros, the nested gw and common parts without.
 */
import { Buffer } from 'node:buffer';
import type { Reception } from './radio.ts';
import { type ServerMessage, type ServerNames, stamp } from './server-message.ts';
import { hex, type Transmission } from './transmission.ts';

const TENANT = '3f1c9a52-6c1d-4f0e-9b7a-5d2b8f64a001';

export function chirpstackMessage(t: Transmission, { tenant, application }: ServerNames): ServerMessage {
  const { device, at, event } = t;
  const { model } = device;
  const time = stamp(at, 6, '+00:00');
  const common = {
    deduplicationId: uuid(t.id),
    time,
    deviceInfo: {
      tenantId: TENANT,
      tenantName: tenant,
      applicationId: application.id,
      applicationName: application.name,
      deviceProfileId: uuid(Buffer.from(model.id.padEnd(16, '-'))),
      deviceProfileName: `${model.vendor} ${model.product}`,
      deviceName: device.name,
      devEui: device.devEui,
      deviceClassEnabled: 'CLASS_A',
      tags: {},
    },
  };
  return {
    at,
    topic: `application/${application.id}/device/${device.devEui}/event/${event}`,
    event,
    body: JSON.stringify({ ...common, ...particular(t, time) }),
  };
}

function particular(t: Transmission, time: string): object {
  const devAddr = t.session.devAddr;
  switch (t.event) {
    case 'join':
      return { devAddr, regionConfigId: 'eu868' };
    case 'status':
      return {
        margin: t.marginDb,
        externalPowerSource: false,
        batteryLevelUnavailable: false,
        batteryLevel: Math.round(t.batteryLevel * 100) / 100,
      };
    case 'up':
      return {
        devAddr,
        adr: true,
        dr: 12 - t.spreadingFactor,
        fCnt: t.fCnt,
        fPort: t.fPort,
        confirmed: false,
        data: Buffer.from(t.bytes).toString('base64'),
        rxInfo: t.heard.map((r, i) => rxInfo(r, time, t.id[i] ?? 0)),
        txInfo: {
          frequency: t.frequency,
          modulation: { lora: { bandwidth: 125_000, spreadingFactor: t.spreadingFactor, codeRate: 'CR_4_5' } },
        },
        regionConfigId: 'eu868',
      };
  }
}

function rxInfo({ gateway, rssi, snr }: Reception, time: string, salt: number): object {
  return withoutZeros({
    gatewayId: gateway.eui,
    uplinkId: 256 * (salt + 1),
    gwTime: time,
    nsTime: time,
    rssi,
    snr,
    channel: salt % 8,
    location: withoutZeros({ latitude: gateway.position.lat, longitude: gateway.position.lon, source: 'CONFIG' }),
    context: Buffer.from([salt, 1, 2, 3]).toString('base64'),
    crcStatus: 'CRC_OK',
  });
}

function withoutZeros(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== 0));
}

function uuid(bytes: Uint8Array): string {
  const text = hex(bytes);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20, 32)}`;
}
