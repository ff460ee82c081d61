/** What a device of OS2iot becomes here: an object, a device on it, and the secret it has already. */
import type { AttributeValue, Location } from '../../model/asset.ts';
import type { AssetType, DeviceModel } from '../../model/catalogue.ts';
import type { DeviceBody } from '../../model/device.ts';
import type { Text } from '../../model/rule.ts';
import { metadataOf } from './metadata.ts';
import { placeOf } from './place.ts';
import type { Application, IotDevice } from './shapes.ts';
import { sigfoxSecret } from './sigfox.ts';
import { words } from './words.ts';

export interface WantedDevice {
  asset: {
    type: string;
    name: string;
    location?: Location;
    tags: string[];
    externalIds: Record<string, string>;
    attributes: Record<string, AttributeValue>;
  };
  model: string;
  connection: DeviceBody['connection'];
  /** What it proves itself with in OS2iot; to be kept as a hash. */
  secret?: string;
  notes: Text[];
}

export type DevicePlan =
  | { wanted: WantedDevice }
  | { action: 'refuse' | 'skip'; why: Text; choices?: readonly string[] };

export interface PlanDeviceOptions {
  application: Application;
  device: IotDevice;
  /** What it is, or from which types to choose. */
  type: AssetType | readonly string[];
  /** Chosen by whoever imports, or what the device has here already. */
  model?: string | undefined;
  /** Models made of the decoders it goes through in OS2iot. */
  decoderModels: readonly string[];
  networkServer?: string | undefined;
  builtIn: readonly DeviceModel[];
}

export function planDevice(options: PlanDeviceOptions): DevicePlan {
  const { application, device, type } = options;
  const connected = connect(device, options.networkServer);
  if ('why' in connected) return connected;
  if (!('id' in type)) return { action: 'refuse', why: words.chooseType, choices: type };
  const model = chooseModel(options);
  if (typeof model !== 'string') return { action: 'refuse', why: model };
  const { attributes, left } = metadataOf(device.metadata, type);
  const [lon, lat] = device.location?.coordinates ?? [];
  const location = placeOf(lat, lon);
  const fitting = builtInModel(device, options.builtIn);
  const notes = [
    ...connected.notes,
    ...(left.length > 0 ? [words.metadataLeft(left)] : []),
    ...(device.comment || device.commentOnLocation ? [words.commentsLeft] : []),
    ...(fitting !== undefined && fitting !== model ? [words.builtInModel(fitting)] : []),
  ];
  const { connection, secret } = connected;
  return {
    wanted: {
      asset: {
        type: type.id,
        name: nameOf(device.name, `OS2iot ${device.id}`),
        ...(location && { location }),
        tags: [tagOf(application)],
        externalIds: { os2iot: String(device.id), os2iotApplication: String(application.id) },
        attributes,
      },
      model,
      connection,
      ...(secret !== undefined && { secret }),
      notes,
    },
  };
}

/** Without control characters, which neither names nor tags may have. */
export function nameOf(text: string, otherwise: string, most = 200): string {
  const name = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return name === '' ? otherwise : name.slice(0, most).trim();
}

export function tagOf({ id, name }: Application): string {
  return nameOf(name, `OS2iot ${id}`, 64);
}

type Connected =
  | { connection: DeviceBody['connection']; secret?: string; notes: Text[] }
  | { action: 'refuse' | 'skip'; why: Text };

function connect(device: IotDevice, networkServer: string | undefined): Connected {
  switch (device.type) {
    case 'LORAWAN': {
      const devEui = device.deviceEUI?.toLowerCase() ?? '';
      if (!/^[0-9a-f]{16}$/.test(devEui)) return { action: 'refuse', why: words.noEui };
      const through = networkServer === undefined ? {} : { networkServer };
      return { connection: { kind: 'lorawan', devEui, ...through }, notes: [words.keysStay] };
    }
    case 'GENERIC_HTTP':
      return device.apiKey
        ? { connection: { kind: 'http' }, secret: device.apiKey, notes: [] }
        : { connection: { kind: 'http' }, notes: [words.noKey] };
    case 'SIGFOX': {
      const { deviceId, deviceTypeId } = device;
      if (!deviceId || !deviceTypeId) return { connection: { kind: 'http' }, notes: [words.noKey] };
      return { connection: { kind: 'http' }, secret: sigfoxSecret({ deviceId, deviceTypeId }), notes: [] };
    }
    case 'MQTT_INTERNAL_BROKER':
      return { connection: { kind: 'mqtt' }, notes: [words.mqttSecret] };
    case 'MQTT_EXTERNAL_BROKER': {
      const broker = `${withoutUser(device.mqttURL ?? '')}:${device.mqttPort ?? 1883}`;
      return { action: 'skip', why: words.foreignBroker(broker, device.mqtttopicname ?? '') };
    }
    default:
      return { action: 'skip', why: words.otherType(device.type.slice(0, 40)) };
  }
}

/** Somebody may have written name and password into the address. */
function withoutUser(url: string): string {
  return url.replace(/^([a-z]+:\/\/)?[^/]*@/i, '$1');
}

function chooseModel({ model, decoderModels, device }: PlanDeviceOptions): string | Text {
  if (model !== undefined) return model;
  const [decoder, another] = decoderModels;
  if (another !== undefined) return words.severalDecoders;
  if (decoder !== undefined) return decoder;
  // What it sends is JSON, and keys with our names need no decoder.
  return device.type === 'GENERIC_HTTP' || device.type === 'MQTT_INTERNAL_BROKER' ? 'generic-json' : words.chooseModel;
}

/** FIWARE DeviceModel, which OS2iot keeps with a device: brandName, modelName. */
function builtInModel({ deviceModel }: IotDevice, builtIn: readonly DeviceModel[]): string | undefined {
  const body = deviceModel?.body;
  if (typeof body !== 'object' || body === null) return undefined;
  const { brandName, modelName } = body as { brandName?: unknown; modelName?: unknown };
  if (typeof brandName !== 'string' || typeof modelName !== 'string' || plain(modelName) === '') return undefined;
  return builtIn.find((m) => plain(m.vendor) === plain(brandName) && plain(m.product).startsWith(plain(modelName)))?.id;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
