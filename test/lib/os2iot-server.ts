/**
 * A server that answers with the documented shapes of OS2iot's REST API (OS2iot-backend, /api/v1/docs): two applications,
 * a device of each kind, decoders, data targets, connections and gateways, all invented. Its content may be edited.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const OS2IOT_KEY = '0d7c6f0e-6b5a-4c1e-9a59-5d1b3c1f2a77';
export const HTTP_DEVICE_KEY = '5f0c2e1a-7b1d-4c55-9d6e-2f6c9a1b0d11';
const ORGANISATION = { id: 4, name: 'Egeby Kommune' };

/** Reads what a LoRaWAN decoder of OS2iot's library reads: the whole ChirpStack event, base64 in `data`. */
export const DECODER = `function decode(payload, metadata) {
  const bytes = Uint8Array.from(atob(payload.data), (c) => c.charCodeAt(0));
  return { deviceEUI: payload.deviceInfo.devEui, fillingLevel: bytes[0], name: metadata.name };
}
`;

const created = { createdAt: '2024-03-01T08:00:00.000Z', updatedAt: '2024-03-02T08:00:00.000Z' };
const device = (id: number, type: string, name: string, more: object): Record<string, unknown> => ({
  ...created,
  id,
  type,
  name,
  location: { type: 'Point', coordinates: [Number((9.59 + id / 1000).toFixed(3)), 56.17] },
  commentOnLocation: null,
  comment: null,
  metadata: null,
  deviceModel: null,
  latestReceivedMessage: null,
  receivedMessagesMetadata: [],
  createdBy: 1,
  updatedBy: 1,
  ...more,
});

/** As PostgreSQL has it; what lists and details answer is made of it. */
export function os2iotContent() {
  return {
    applications: [
      {
        ...created,
        id: 3,
        name: 'Affald midtby',
        description: null,
        status: 'IN-OPERATION',
        owner: 'Vej og Park',
        contactPerson: 'Ane Eksempel',
        contactEmail: 'drift@egeby.example.dk',
        contactPhone: '12345678',
        personalData: false,
        hardware: 'ultralyd',
        controlledProperties: [{ id: 1, type: 'fillingLevel' }],
        deviceTypes: [{ id: 1, type: 'LORAWAN' }],
        belongsTo: ORGANISATION,
        permissionIds: [7],
      },
      {
        ...created,
        id: 5,
        name: 'Vandstand',
        description: null,
        status: null,
        contactPerson: null,
        contactEmail: 'ane.eksempel@egeby.example.dk',
        contactPhone: null,
        personalData: true,
        hardware: null,
        controlledProperties: [{ id: 2, type: 'depth' }],
        deviceTypes: [],
        belongsTo: ORGANISATION,
        permissionIds: [7],
      },
    ],
    devices: new Map<number, Record<string, unknown>[]>([
      [
        3,
        [
          device(11, 'LORAWAN', 'Torvet 1', {
            deviceEUI: 'A81758FFFE012345',
            OTAAapplicationKey: null,
            chirpstackApplicationId: '9a7d2c11-0c4e-4a55-8a51-1f6f0a2b7c02',
            lorawanSettings: { activationType: 'OTAA', OTAAapplicationKey: '00112233445566778899aabbccddeeff' },
            metadata: { volume: '240', rute: 'syd', email: 'ane.eksempel@egeby.example.dk' },
            comment: 'Nøglen hos Ane',
          }),
          device(12, 'GENERIC_HTTP', 'Havnen 4', { apiKey: HTTP_DEVICE_KEY }),
          device(13, 'SIGFOX', 'Skoven', { deviceId: '1A2B3C', deviceTypeId: '5e74c2d8a1b2c3d4e5f60718' }),
        ],
      ],
      [
        5,
        [
          device(21, 'MQTT_INTERNAL_BROKER', 'Åen ved møllen', {
            mqttURL: 'os2iot.example.dk',
            mqttPort: 8885,
            mqttusername: 'moellen',
            mqttpassword: 'hemmelig-adgangskode',
            mqtttopicname: 'devices/4/5/21',
            metadata: '{"sensorkote_DVR90":"4,25"}',
          }),
          device(22, 'MQTT_EXTERNAL_BROKER', 'Søen', {
            mqttURL: 'mqtt://bruger:kode@broker.example.dk',
            mqttPort: 1883,
            mqttusername: 'bruger',
            mqttpassword: 'kode',
            mqtttopicname: 'soe/22',
            location: null,
          }),
        ],
      ],
    ]),
    decoders: [
      { ...created, id: 7, name: 'Ultralyd', decodingFunction: DECODER, organization: ORGANISATION },
      {
        ...created,
        id: 9,
        name: 'Skovsensor',
        decodingFunction: 'function decode(payload) { return { temperature: parseInt(payload.data, 16) / 10 }; }',
        organization: null,
      },
      { ...created, id: 8, name: 'Ubrugt', decodingFunction: 'function decode() {}', organization: ORGANISATION },
    ],
    connections: [
      {
        ...created,
        id: 1,
        iotDevices: [{ id: 11, name: 'Torvet 1' }],
        payloadDecoder: { id: 7, name: 'Ultralyd' },
        dataTarget: { id: 31 },
      },
      { ...created, id: 2, iotDevices: [{ id: 12, name: 'Havnen 4' }], payloadDecoder: null, dataTarget: { id: 31 } },
      {
        ...created,
        id: 3,
        iotDevices: [{ id: 13, name: 'Skoven' }],
        payloadDecoder: { id: 9, name: 'Skovsensor' },
        dataTarget: { id: 31 },
      },
    ],
    dataTargets: [
      {
        ...created,
        id: 31,
        type: 'HTTP_PUSH',
        name: 'Fagsystem',
        url: 'https://fagsystem.example.dk/in',
        timeout: 30000,
        authorizationHeader: 'Bearer hemmeligt-token',
        application: { id: 3, name: 'Affald midtby' },
        hasRecentErrors: false,
      },
    ],
    gateways: [
      {
        ...created,
        id: 1,
        gatewayId: '0016c001f1500812',
        name: 'Vandtårnet',
        location: { latitude: 56.18, longitude: 9.57, altitude: 61 },
        tags: {},
        organizationId: 4,
        organizationName: 'Egeby Kommune',
        gatewayResponsibleEmail: 'bo.eksempel@egeby.example.dk',
        operationalResponsibleEmail: 'iot@egeby.example.dk',
        lastSeenAt: '2026-11-23T12:00:00.000Z',
      },
      {
        ...created,
        id: 2,
        gatewayId: '0016c001f1500999',
        name: 'Naboens',
        location: { latitude: 56.5, longitude: 9.9 },
        tags: {},
        organizationId: 9,
        organizationName: 'Bogeby Kommune',
      },
    ],
  };
}

export interface Os2iotServer {
  url: string;
  content: ReturnType<typeof os2iotContent>;
  /** Paths that answer 403, as to a key that may not read them. */
  forbidden: Set<string>;
  /** Every path asked for, without its query. */
  asked: string[];
  close(): Promise<void>;
}

export async function startOs2iot(): Promise<Os2iotServer> {
  const content = os2iotContent();
  const forbidden = new Set<string>();
  const asked: string[] = [];
  const server = createServer((request, response) => answer(request, response, { content, forbidden, asked }));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    content,
    forbidden,
    asked,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

interface Answer {
  status: number;
  body: unknown;
}

const said = (body: unknown): Answer => ({ status: 200, body });
const refused = (statusCode: number, message: string, error: string): Answer => ({
  status: statusCode,
  body: { statusCode, message, error },
});
const found = (row: object | undefined): Answer =>
  row ? said(row) : refused(404, 'MESSAGE.ID-DOES-NOT-EXIST', 'Not Found');

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { content, forbidden, asked }: Pick<Os2iotServer, 'content' | 'forbidden' | 'asked'>,
): void {
  const url = new URL(request.url ?? '', 'http://os2iot');
  const path = url.pathname.replace(/^\/api\/v1/, '');
  asked.push(path);
  const { status, body } =
    request.headers['x-api-key'] !== OS2IOT_KEY
      ? refused(401, 'MESSAGE.API-KEY-AUTH-FAILED', 'Unauthorized')
      : forbidden.has(path)
        ? refused(403, 'Forbidden resource', 'Forbidden')
        : read(path, url.searchParams, content);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function read(path: string, query: URLSearchParams, content: Os2iotServer['content']): Answer {
  const page = (rows: readonly unknown[]): Answer => {
    const offset = Number(query.get('offset') ?? 0);
    const limit = Number(query.get('limit') ?? 100);
    return said({ data: rows.slice(offset, offset + limit), count: rows.length });
  };
  const [, noun = '', id = '', more] = path.split('/');
  const application = (wanted: number) => content.applications.find((a) => a.id === wanted);
  switch (path) {
    // Lists leave out what details have.
    case '/application':
      return page(content.applications.map(({ controlledProperties: _, ...rest }) => rest));
    case '/payload-decoder':
      return page(content.decoders);
    case '/iot-device-payload-decoder-data-target-connection':
      return page(content.connections);
    case '/data-target':
      return page(content.dataTargets);
    case '/chirpstack/gateway':
      return said({ resultList: content.gateways, totalCount: content.gateways.length });
  }
  if (noun === 'application' && more === 'iot-devices')
    return page((content.devices.get(Number(id)) ?? []).map(({ lorawanSettings: _, ...rest }) => rest));
  if (noun === 'application') return found(application(Number(id)));
  for (const [of, devices] of content.devices) {
    const known = noun === 'iot-device' && devices.find((d) => d.id === Number(id));
    if (known) return found({ ...known, application: application(of) });
  }
  return found(undefined);
}
