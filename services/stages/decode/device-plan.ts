/**
 * How the messages of one device become values: worked out once from directory and catalogue, then only looked up.
 *
 *   payload key ──▶ Input (factor, offset) ──▶ Target (series, range, states) ──▶ Derivation ──▶ Target
 */

import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import { splitChannel } from '../../knowledge/catalogue/catalogue.ts';
import type { Format } from '../../knowledge/codecs/format.ts';
import type { FrameCodec } from '../../knowledge/codecs/frame-codec.ts';
import type { Asset } from '../../model/asset.ts';
import type { AssetType, DerivedQuantity, DeviceModel, Quantity } from '../../model/catalogue.ts';
import type { CodecScript } from '../../model/codec.ts';
import type { Assignment, Device } from '../../model/device.ts';
import type { SeriesRef } from '../../model/readings.ts';
import { type AttributesAt, attributesAt } from './attributes-at.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { OwnerCounts } from './ledger-counts.ts';

/** A series this device may give values of. The last fields are scratch of the uplink decoder. */
export interface Target {
  readonly quantity: Quantity;
  readonly ref: SeriesRef;
  readonly low: number;
  readonly high: number;
  /** Name of a state → its number; absent for quantities that are not states. */
  readonly states: ReadonlyMap<string, number> | undefined;
  /** Oldest age on arrival, ms. */
  readonly rawMs: number;
  derivations: readonly Derivation[];
  /** Index in the writer of batch number `batch`. */
  series: number;
  batch: number;
  /** The record it last had a value in, and that value. */
  record: number;
  value: number;
  marks: number;
  derivedIn: number;
  /** The device's memory knows that it reports this, or that it is derived from what it reports. */
  reported: boolean;
  derived: boolean;
}

export interface Input {
  target: Target;
  factor: number;
  offset: number;
}

export interface Derivation {
  target: Target;
  attributes: AttributesAt;
  /** What else of the record it needs: of the same channel, else without one. */
  needs: readonly { name: string; targets: readonly Target[] }[];
  formula: DerivedQuantity['formula'];
}

/** Another device on the asset, bound earlier: what it reports, this one may not. */
export interface Rival {
  device: string;
  from: number;
  to: number;
}

/** The device while it is bound to one asset. */
export interface AssetPlan {
  asset: Asset;
  from: number;
  to: number;
  counts: OwnerCounts;
  rivals: readonly Rival[];
  /** `undefined`: no quantity of the catalogue. */
  input(key: string): Input | undefined;
}

/** What reads a device's frames: one of ours, or a script. */
export type PlanCodec = { kind: 'frame'; codec: FrameCodec } | { kind: 'script'; script: CodecScript };

export interface DevicePlan {
  device: Device;
  memory: DeviceMemory;
  format: Format;
  /** Absent: the model names none, and a codec at the network server has decoded the frame or nobody has. */
  codec: PlanCodec | undefined;
  /** Ascending; the first also covers the time before it. */
  assets: readonly AssetPlan[];
}

/** A device sends some twenty keys; one that invents new ones all the time must not fill the memory. */
const MAX_INPUTS = 1024;

export interface AssetPlanOptions {
  device: Device;
  assignment: Assignment;
  asset: Asset;
  type: AssetType | undefined;
  model: Pick<DeviceModel, 'mapping'>;
  catalogue: Catalogue;
  counts: OwnerCounts;
  rivals: readonly Rival[];
  /** Days raw values of a quantity are kept. */
  rawDays: (quantity: Quantity) => number;
}

export function createAssetPlan(options: AssetPlanOptions): AssetPlan {
  const { assignment, asset, model, catalogue, counts, rivals } = options;
  const inputs = new Map<string, Input>();
  const targets = new Map<string, Target>();
  return {
    asset,
    from: assignment.from,
    to: assignment.to ?? Number.POSITIVE_INFINITY,
    counts,
    rivals,
    input(key) {
      const known = inputs.get(key);
      if (known) return known;
      const mapped = model.mapping && Object.hasOwn(model.mapping, key) ? model.mapping[key] : undefined;
      const name = mapped?.quantity ?? key;
      if (!catalogue.quantity(name)) return undefined;
      if (inputs.size >= MAX_INPUTS) {
        inputs.clear();
        targets.clear();
      }
      const input = { target: target(name), factor: mapped?.factor ?? 1, offset: mapped?.offset ?? 0 };
      inputs.set(key, input);
      return input;
    },
  };

  function target(name: string): Target {
    const known = targets.get(name);
    if (known) return known;
    const quantity = catalogue.quantity(name)!; // checked for inputs above, by the catalogue's test for derived ones
    const made = createTarget(name, quantity, options);
    targets.set(name, made); // before its derivations, so that formulas in a circle end
    made.derivations = derivations(name);
    return made;
  }

  function derivations(name: string): Derivation[] {
    const [plain, channel] = splitChannel(name);
    const inChannel = (n: string) => (channel === '' ? n : `${n}.${channel}`);
    return (options.type?.derived ?? [])
      .filter((d) => d.from === plain)
      .flatMap((d) => {
        const attributes = attributesAt(asset, options.type, d.attributes);
        if (!attributes) return [];
        const needs = (d.with ?? []).map((n) => ({
          name: n,
          targets: channel === '' ? [target(n)] : [target(inChannel(n)), target(n)],
        }));
        return [{ target: target(inChannel(d.quantity)), attributes, needs, formula: d.formula }];
      });
  }
}

function createTarget(name: string, quantity: Quantity, { asset, rawDays }: AssetPlanOptions): Target {
  const [low, high] = quantity.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return {
    quantity,
    ref: { asset: asset.id, quantity: name, owner: asset.owner, type: asset.type },
    low,
    high,
    states: quantity.states && new Map(quantity.states.map((s, i) => [s.name, i])),
    rawMs: rawDays(quantity) * 86_400_000,
    derivations: [],
    series: -1,
    batch: -1,
    record: -1,
    value: 0,
    marks: 0,
    derivedIn: -1,
    reported: false,
    derived: false,
  };
}
