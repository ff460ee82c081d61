/** Goes through what was read from OS2iot, object by object: says what each becomes, and makes it so unless it is a dry run. */
import { assetTypeOf } from '../../knowledge/os2iot/asset-type-of.ts';
import { isFunctionAddress } from '../../knowledge/os2iot/function-address.ts';
import { placeOf } from '../../knowledge/os2iot/place.ts';
import { nameOf, planDevice, type WantedDevice } from '../../knowledge/os2iot/plan-device.ts';
import type {
  Application,
  IotDevice,
  Gateway as Os2iotGateway,
  PayloadDecoder,
} from '../../knowledge/os2iot/shapes.ts';
import { words } from '../../knowledge/os2iot/words.ts';
import type { Asset } from '../../model/asset.ts';
import type { AssetType } from '../../model/catalogue.ts';
import type { Codec } from '../../model/codec.ts';
import type { Device } from '../../model/device.ts';
import { etagOf } from '../../model/etag.ts';
import type { Gateway } from '../../model/gateway.ts';
import type { Text } from '../../model/rule.ts';
import { hashSecret } from '../../model/secret.ts';
import type { Os2iotContent } from './os2iot-client.ts';
import { describeApplication, describeTarget, differences, type ImportItem, item } from './os2iot-items.ts';
import type { Services } from './services.ts';

export interface ImporterOptions {
  content: Os2iotContent;
  owner: string;
  dryRun: boolean;
  mapping?: Readonly<Record<string, { type?: string; model?: string }>>;
  networkServer?: string;
  services: Services;
}

const MOST_SCRIPT = 512 * 1024;
/** A shorter one could be guessed from its hash. OS2iot's are UUIDs. */
const LEAST_SECRET = 32;

export class Os2iotImporter {
  #o: ImporterOptions;
  #prefix: string;
  #decodersOf = new Map<number, Set<number>>();
  /** Models made of decoders, by the decoder's id there. */
  #models = new Map<number, string>();
  #deviceOfEui = new Map<string, string>();

  constructor(options: ImporterOptions) {
    this.#o = options;
    const { owner, content, services } = options;
    // The same object of the same owner has the same id here whenever it is imported.
    this.#prefix = `os2iot-${owner.slice(0, 36)}`;
    for (const { iotDevices, payloadDecoder } of content.connections) {
      if (!payloadDecoder) continue;
      for (const { id } of iotDevices) {
        const decoders = this.#decodersOf.get(id) ?? new Set();
        this.#decodersOf.set(id, decoders.add(payloadDecoder.id));
      }
    }
    for (const { id, owner: whose, connection } of services.directory.devices())
      if (whose === owner && connection.devEui) this.#deviceOfEui.set(connection.devEui.toLowerCase(), id);
  }

  async *run(): AsyncGenerator<ImportItem> {
    const { applications, decoders, gateways, dataTargets, unread } = this.#o.content;
    for (const { path, why } of unread) yield item('list', path, path, { action: 'skip', why });
    const used = new Set(applications.flatMap(({ devices }) => devices.flatMap(({ id }) => [...this.#decoders(id)])));
    for (const decoder of decoders) yield await this.#decoder(decoder, used.has(decoder.id));
    for (const { application, devices } of applications) {
      const type = this.#typeOf(application);
      yield describeApplication(application, type);
      for (const device of devices) yield await this.#device(application, device, type);
    }
    for (const gateway of gateways) yield await this.#gateway(gateway);
    const chosen = new Set(applications.map(({ application }) => application.id));
    for (const target of dataTargets) {
      if (target.application && !chosen.has(target.application.id)) continue;
      yield describeTarget(target);
    }
  }

  #decoders(device: number): ReadonlySet<number> {
    return this.#decodersOf.get(device) ?? new Set();
  }

  #typeOf(application: Application): AssetType | readonly string[] {
    const { catalogue } = this.#o.services;
    const chosen = catalogue.assetType(this.#o.mapping?.[application.id]?.type ?? '');
    if (chosen) return chosen;
    const properties = (application.controlledProperties ?? []).map(({ type }) => type);
    const found = assetTypeOf(properties, catalogue.assetTypes);
    return 'type' in found ? (catalogue.assetType(found.type) ?? []) : found.choices;
  }

  async #decoder(decoder: PayloadDecoder, used: boolean): Promise<ImportItem> {
    const { owner, dryRun, services } = this.#o;
    const { registry, now } = services;
    const name = nameOf(decoder.name, `OS2iot ${decoder.id}`);
    const about = (more: Partial<ImportItem> & Pick<ImportItem, 'action'>) =>
      item('decoder', String(decoder.id), name, more);
    if (!used) return about({ action: 'skip', why: words.decoderUnused });
    const script = decoder.decodingFunction;
    if (script.trim() === '' || script.length > MOST_SCRIPT)
      return about({ action: 'refuse', why: words.decoderUnfit });
    const id = `${this.#prefix}-decoder-${decoder.id}`;
    const [codec, model] = await Promise.all([registry.codecs.get(id), registry.deviceModels.get(id)]);
    if ((codec ?? model)?.owner !== undefined && (codec ?? model)?.owner !== owner)
      return about({ action: 'refuse', why: words.idTaken });
    if (codec?.script !== script) {
      const { signature, error = 'decode(payload, metadata)' } = (await services.codecs?.inspect(script)) ?? {
        signature: 'os2iot',
      };
      if (signature !== 'os2iot') return about({ action: 'refuse', why: words.decoderFails(error) });
    }
    this.#models.set(decoder.id, id);
    const changed = codec !== undefined && codec.script !== script;
    const next: Codec = {
      ...(codec ?? { id, owner, signature: 'os2iot', examples: [], version: 1, createdAt: now() }),
      name,
      script,
      ...(changed && { version: codec.version + 1, createdAt: now() }),
    };
    const changes = codec ? differences(codec, next, ['name', 'version']) : [];
    if (!dryRun) {
      if (!codec || changes.length > 0) await registry.codecs.put(next, { expected: codec ? etagOf(codec) : null });
      // Made once: what people wrote into it since then is theirs.
      if (!model) {
        const fresh = { id, owner, vendor: 'OS2iot', product: name, format: 'frame', codec: `script:${id}` } as const;
        await registry.deviceModels.put(fresh, { expected: null });
      }
    }
    const action = codec && model ? (changes.length > 0 ? 'update' : 'same') : 'create';
    return about({ id, action, changes, notes: action === 'create' ? [words.decoderMapping] : [] });
  }

  async #device(application: Application, device: IotDevice, type: AssetType | readonly string[]): Promise<ImportItem> {
    const { owner, dryRun, mapping, networkServer, services } = this.#o;
    const { registry, catalogue } = services;
    const about = (more: Partial<ImportItem> & Pick<ImportItem, 'action'>) =>
      item('device', String(device.id), nameOf(device.name, `OS2iot ${device.id}`), more);
    const id = `${this.#prefix}-${device.id}`;
    const [asset, stored] = await Promise.all([registry.assets.get(id), registry.devices.get(id)]);
    if ([asset, stored].some((there) => there && there.owner !== owner))
      return about({ action: 'refuse', why: words.idTaken });
    const other = this.#deviceOfEui.get(device.deviceEUI?.toLowerCase() ?? '');
    if (other !== undefined && other !== id) return about({ id: other, action: 'same', why: words.euiTaken(other) });
    const chosen = mapping?.[application.id];
    if (asset && chosen?.type !== undefined && chosen.type !== asset.type)
      return about({ id, action: 'refuse', why: words.keepsType });
    const plan = planDevice({
      application,
      device,
      type: (asset && catalogue.assetType(asset.type)) ?? type,
      model: chosen?.model ?? stored?.model,
      decoderModels: [...this.#decoders(device.id)].flatMap((decoder) => this.#models.get(decoder) ?? []),
      networkServer,
      builtIn: catalogue.deviceModels,
    });
    if (!('wanted' in plan)) return about(plan);
    const { wanted } = plan;
    const nextAsset = this.#asset(id, wanted, asset);
    const nextDevice = this.#deviceOf(id, wanted, stored);
    const changes = [
      ...(asset ? differences(asset, nextAsset, ['name', 'location', 'tags', 'externalIds']) : []),
      ...(stored ? differences(stored, nextDevice, ['model', 'connection']) : []),
    ];
    const secret = await this.#secret(id, wanted.secret);
    if (secret.hash !== undefined) changes.push({ field: 'secret' });
    if (!dryRun) {
      const put = { expected: asset ? etagOf(asset) : null };
      if (!asset || etagOf(asset) !== etagOf(nextAsset)) await registry.assets.put(nextAsset, put);
      const putDevice = { expected: stored ? etagOf(stored) : null };
      if (!stored || etagOf(stored) !== etagOf(nextDevice)) await registry.devices.put(nextDevice, putDevice);
      const at = services.now();
      if (secret.hash !== undefined)
        await registry.devices.addCredential({ device: id, hash: secret.hash, createdAt: at }, at);
    }
    if (nextDevice.connection.devEui) this.#deviceOfEui.set(nextDevice.connection.devEui, id);
    const notes = [...wanted.notes, ...secret.notes, ...(asset ? differingAttributes(asset, wanted) : [])];
    const action = !asset || !stored ? 'create' : changes.length > 0 ? 'update' : 'same';
    return about({ id, action, changes: action === 'create' ? [] : changes, notes });
  }

  /** Shared with nobody until its owner says so, whatever its type is shared with by default. */
  #asset(id: string, { asset }: WantedDevice, stored: Asset | undefined): Asset {
    const { owner, services } = this.#o;
    const { name, location, tags, externalIds } = asset;
    if (stored) {
      return {
        ...stored,
        name,
        ...(location && { location }),
        tags: [...new Set([...stored.tags, ...tags])].slice(0, 50),
        externalIds: { ...stored.externalIds, ...externalIds },
      };
    }
    const code = services.directory.organisation(owner)?.municipalityCode;
    const attributes = Object.entries(asset.attributes).map(([key, value]) => [key, [{ from: 0, value }]]);
    return {
      ...asset,
      id,
      owner,
      operator: owner,
      ...(code !== undefined && { municipalityCode: code }),
      attributes: Object.fromEntries(attributes),
      sharing: 'internal',
      createdAt: services.now(),
    };
  }

  #deviceOf(id: string, { model, connection }: WantedDevice, stored: Device | undefined): Device {
    const { owner, services } = this.#o;
    if (stored) return { ...stored, model, connection: { ...stored.connection, ...connection } };
    const at = services.now();
    return { id, owner, model, connection, assignments: [{ asset: id, from: at }], registeredAt: at };
  }

  /** Only for a device that has none: one that was given here since is the one that counts. */
  async #secret(id: string, secret: string | undefined): Promise<{ hash?: string; notes: Text[] }> {
    const { registry, directory } = this.#o.services;
    if (secret === undefined || directory.credentials(id).length > 0) return { notes: [] };
    if (secret.length < LEAST_SECRET) return { notes: [words.noKey] };
    const hash = hashSecret(secret);
    const holder = await registry.devices.ofSecret(hash);
    return holder === undefined ? { hash, notes: [] } : { notes: [words.keyTaken] };
  }

  async #gateway(gateway: Os2iotGateway): Promise<ImportItem> {
    const { owner, dryRun, services } = this.#o;
    const id = gateway.gatewayId.toLowerCase();
    const name = nameOf(gateway.name, id);
    const stored = await services.registry.gateways.get(id);
    if (stored && stored.owner !== owner) return item('gateway', id, name, { action: 'refuse', why: words.idTaken });
    const location = placeOf(gateway.location?.latitude, gateway.location?.longitude);
    const mails = [gateway.operationalResponsibleEmail, gateway.gatewayResponsibleEmail].filter((mail) => !!mail);
    const contact = mails.find((mail) => isFunctionAddress(mail ?? ''));
    const next: Gateway = {
      ...(stored ?? { id, owner }),
      name,
      ...(location && { location }),
      ...(contact && { contact: contact.slice(0, 200) }),
    };
    const changes = stored ? differences(stored, next, ['name', 'location', 'contact']) : [];
    const action = stored ? (changes.length > 0 ? 'update' : 'same') : 'create';
    if (!dryRun && action !== 'same')
      await services.registry.gateways.put(next, { expected: stored ? etagOf(stored) : null });
    const notes = mails.length > 0 && !contact ? [words.contactsLeft] : [];
    return item('gateway', id, name, { id, action, changes, notes });
  }
}

/** A corrected attribute derives history again, which is for people to order. */
function differingAttributes(asset: Asset, { asset: { attributes } }: WantedDevice): Text[] {
  return Object.entries(attributes)
    .filter(([name, value]) => etagOf(asset.attributes[name]?.at(-1)?.value ?? null) !== etagOf(value))
    .map(([name]) => words.attributeDiffers(name));
}
