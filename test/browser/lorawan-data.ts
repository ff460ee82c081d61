/** A network server that posts what gateways hear, and a sensor nobody has registered: what the pages about LoRaWAN look at. */
import { randomUUID } from 'node:crypto';
import { eventually, type Platform } from '../lib/platform.ts';
import { OWNER } from './sample-data.ts';

export const ROOM = { id: 'rum-2b', name: 'Lokale 2B' };
export const SERVER = { id: 'testbys-lns', name: 'Testbys ChirpStack' };
export const STRANGER = { devEui: '24e124136b000001', name: 'em300-lokale-2b' };
const GATEWAYS = [
  { gatewayId: '24e124fffef41a01', rssi: -97, snr: 6.2 },
  { gatewayId: '24e124fffef41a07', rssi: -117, snr: -12.5 },
];
/** Milesight EM300-TH: battery 100 %, 27.2 °C, 56.5 %. */
export const FRAME = { fPort: 85, bytesHex: '01756403671001046871' };

/** Enters them; resolves when the sensor is listed as one to take into use, with the way to be heard by one gateway alone. */
export async function enterLorawan(platform: Platform): Promise<() => Promise<void>> {
  await platform.api('PUT', `/assets/${ROOM.id}`, {
    owner: OWNER.id,
    type: 'room',
    name: ROOM.name,
    sharing: 'internal',
  });
  await platform.api('PUT', `/network-servers/${SERVER.id}`, {
    owner: OWNER.id,
    name: SERVER.name,
    kind: 'chirpstack',
    transport: 'http',
  });
  const { token } = await platform.api<{ token: string }>('POST', `/network-servers/${SERVER.id}/token`, {});
  const hear = async (fCnt: number, gateways = GATEWAYS): Promise<void> => {
    const path = `/network-servers/${SERVER.id}/events?event=up`;
    await platform.api('POST', path, up(fCnt, gateways), { token });
  };
  for (let fCnt = 0; fCnt < 3; fCnt++) await hear(fCnt);
  const unknown = () => platform.api<{ items: { device: string; uplinks: number }[] }>('GET', '/devices/unknown');
  await eventually(unknown, ({ items }) => items.some((d) => d.device === STRANGER.devEui && d.uplinks === 3));
  return () => hear(3, GATEWAYS.slice(0, 1));
}

/** As ChirpStack v4 posts it. */
function up(fCnt: number, gateways: typeof GATEWAYS): object {
  return {
    deduplicationId: randomUUID(),
    time: new Date(Date.now() - (3 - fCnt) * 60_000).toISOString(),
    deviceInfo: {
      applicationId: '9a7d2c11-0c4e-4a55-8a51-1f6f0a2b7c02',
      applicationName: 'skoler',
      deviceProfileName: 'Milesight EM300-TH',
      deviceName: STRANGER.name,
      devEui: STRANGER.devEui,
      tags: {},
    },
    devAddr: '01a4c7f2',
    fCnt,
    fPort: FRAME.fPort,
    confirmed: false,
    data: Buffer.from(FRAME.bytesHex, 'hex').toString('base64'),
    rxInfo: gateways,
    txInfo: { frequency: 867_100_000, modulation: { lora: { bandwidth: 125_000, spreadingFactor: 9 } } },
  };
}
