/** What may be measured, on what, by what: the catalogue as one object to look things up in. */
import type { AssetType, DeviceModel, Quantity } from '../../model/catalogue.ts';
import { assetTypes } from './asset-types.ts';
import { deviceModels } from './device-models.ts';
import { quantities } from './quantities.ts';

export interface Catalogue {
  readonly quantities: readonly Quantity[];
  readonly assetTypes: readonly AssetType[];
  readonly deviceModels: readonly DeviceModel[];
  /** The entry of `temperature` for `temperature` and for `temperature.2`; `undefined` when name or channel will not do. */
  quantity(nameWithChannel: string): Quantity | undefined;
  assetType(id: string): AssetType | undefined;
  deviceModel(id: string): DeviceModel | undefined;
}

// Safe in MQTT topics, URLs, file names and CSV headings. A number has one spelling, without zeros before it: `.2` and
// `.02` would be two series of one thing. What is spelled otherwise is no quantity; the device's page shows it.
const CHANNEL = /^(?!0\d+$)[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;

/** `temperature.2` → `['temperature', '2']`; the channel is empty where there is none. */
export function splitChannel(nameWithChannel: string): [name: string, channel: string] {
  const dot = nameWithChannel.indexOf('.');
  return dot < 0 ? [nameWithChannel, ''] : [nameWithChannel.slice(0, dot), nameWithChannel.slice(dot + 1)];
}

export function createCatalogue(entries: {
  quantities: readonly Quantity[];
  assetTypes: readonly AssetType[];
  deviceModels: readonly DeviceModel[];
}): Catalogue {
  const quantityOf = new Map(entries.quantities.map((q) => [q.name, q]));
  const typeOf = new Map(entries.assetTypes.map((t) => [t.id, t]));
  const modelOf = new Map(entries.deviceModels.map((m) => [m.id, m]));
  return {
    ...entries,
    quantity(nameWithChannel) {
      const plain = quantityOf.get(nameWithChannel);
      if (plain) return plain;
      const dot = nameWithChannel.indexOf('.');
      if (dot < 0 || !CHANNEL.test(nameWithChannel.slice(dot + 1))) return undefined;
      return quantityOf.get(nameWithChannel.slice(0, dot));
    },
    assetType: (id) => typeOf.get(id),
    deviceModel: (id) => modelOf.get(id),
  };
}

/** The one that ships. */
export const catalogue: Catalogue = createCatalogue({ quantities, assetTypes, deviceModels });
