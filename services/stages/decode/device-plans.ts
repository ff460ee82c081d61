/** The plans of all devices, each made when first needed and again when something it rests on has changed. */
import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import { format } from '../../knowledge/codecs/formats.ts';
import { frameCodec } from '../../knowledge/codecs/frames.ts';
import type { Asset } from '../../model/asset.ts';
import type { DeviceModel, Quantity } from '../../model/catalogue.ts';
import type { CodecScript } from '../../model/codec.ts';
import type { Assignment, Device } from '../../model/device.ts';
import type { StoredModel } from '../../model/device-model.ts';
import type { Directory } from '../../model/directory.ts';
import type { RejectReason } from '../../model/reject.ts';
import { bytesFormat } from './bytes-format.ts';
import type { DeviceMemories } from './device-memory.ts';
import { type AssetPlan, createAssetPlan, type DevicePlan, type PlanCodec, type Rival } from './device-plan.ts';
import type { LedgerCounts } from './ledger-counts.ts';

/** Before the id of a codec that an operator gave. */
const SCRIPT = 'script:';

export interface Refusal {
  reason: RejectReason;
  detail: string;
}

interface Kept {
  plan: DevicePlan;
  /** Of the directory it was last found right at. */
  version: number;
  assets: readonly (Asset | undefined)[];
  neighbours: readonly (readonly Device[])[];
  /** The model, where an operator added it. */
  stored: StoredModel | undefined;
  script: CodecScript | undefined;
}

export interface DevicePlansOptions {
  directory: Directory;
  catalogue: Catalogue;
  memories: DeviceMemories;
  ledger: LedgerCounts;
  rawDays: (quantity: Quantity) => number;
}

export class DevicePlans {
  #options: DevicePlansOptions;
  #kept = new Map<string, Kept>();

  constructor(options: DevicePlansOptions) {
    this.#options = options;
  }

  /** Everything anew: the memories and counts the plans point to were replaced. */
  clear(): void {
    this.#kept.clear();
  }

  get(id: string): DevicePlan | Refusal {
    const kept = this.#kept.get(id);
    if (kept) {
      const { version } = this.#options.directory;
      if (kept.version === version) return kept.plan;
      if (this.#stillRight(kept)) {
        kept.version = version;
        return kept.plan;
      }
      this.#kept.delete(id);
    }
    return this.#make(id);
  }

  /** The directory keeps the object of whatever did not change. */
  #stillRight({ plan, assets, neighbours, stored, script }: Kept): boolean {
    const { directory } = this.#options;
    const { device } = plan;
    if (directory.device(device.id) !== device || directory.deviceModel(device.model) !== stored) return false;
    if (script && directory.codec(script.id) !== script) return false;
    return device.assignments.every(
      ({ asset }, i) => directory.asset(asset) === assets[i] && same(directory.devicesOf(asset), neighbours[i]!), // one an assignment
    );
  }

  #make(id: string): DevicePlan | Refusal {
    const { directory, catalogue, memories } = this.#options;
    const device = directory.device(id);
    if (!device) return { reason: 'unknown-device', detail: `no device ${id} is registered` };
    const { assignments } = device;
    if (assignments.length === 0) return { reason: 'device-unassigned', detail: `${id} is bound to no asset` };
    const model = catalogue.deviceModel(device.model) ?? directory.deviceModel(device.model);
    if (!model) return { reason: 'codec-failed', detail: `no device model ${device.model} is known` };
    const codec = this.#codec(model);
    if (codec === 'unknown')
      return { reason: 'codec-failed', detail: `no codec ${model.codec} is known, which ${model.id} names` };
    const read = model.format === 'frame' ? bytesFormat(codec) : format(model.format);
    if (!read) return { reason: 'codec-failed', detail: `no format ${model.format} is known, which ${model.id} names` };
    const found = assignments.map(({ asset }) => directory.asset(asset));
    const assets: AssetPlan[] = [];
    for (const [i, asset] of found.entries()) {
      const assignment = assignments[i]!; // one an asset
      if (!asset) continue;
      assets.push(
        createAssetPlan({
          device,
          assignment,
          asset,
          type: catalogue.assetType(asset.type),
          model,
          catalogue,
          counts: this.#options.ledger.of(asset.owner),
          rivals: this.#rivals(device, assignment),
          rawDays: this.#options.rawDays,
        }),
      );
    }
    if (assets.length === 0)
      return { reason: 'device-unassigned', detail: `${id} is bound to ${assignments.at(-1)!.asset}, which is gone` }; // there is one
    const plan: DevicePlan = { device, memory: memories.of(id), format: read, codec, assets };
    const neighbours = assignments.map(({ asset }) => directory.devicesOf(asset));
    const stored = directory.deviceModel(device.model);
    const script = codec?.kind === 'script' ? codec.script : undefined;
    this.#kept.set(id, { plan, version: directory.version, assets: found, neighbours, stored, script });
    return plan;
  }

  #codec({ codec }: Pick<DeviceModel, 'codec'>): PlanCodec | 'unknown' | undefined {
    if (codec === undefined) return undefined;
    if (codec.startsWith(SCRIPT)) {
      const script = this.#options.directory.codec(codec.slice(SCRIPT.length));
      return script ? { kind: 'script', script } : 'unknown';
    }
    const ours = frameCodec(codec);
    return ours ? { kind: 'frame', codec: ours } : 'unknown';
  }

  /** Devices bound to the asset now that were bound to it before this one was. */
  #rivals(device: Device, { asset, from }: Assignment): Rival[] {
    return this.#options.directory.devicesOf(asset).flatMap((other) => {
      const theirs = other.assignments.findLast((a) => a.asset === asset);
      if (other.id === device.id || !theirs) return [];
      const order = theirs.from - from || other.registeredAt - device.registeredAt || (other.id < device.id ? -1 : 1);
      return order < 0 ? [{ device: other.id, from: theirs.from, to: theirs.to ?? Number.POSITIVE_INFINITY }] : [];
    });
  }
}

function same(a: readonly Device[], b: readonly Device[]): boolean {
  return a === b || (a.length === b.length && a.every((d, i) => d === b[i]));
}
