/** Primitive: nothing received from an asset for too long. */
import type { Static } from 'typebox';
import type { AssetType, DeviceModel } from '../../model/catalogue.ts';
import type { Absence } from '../../model/condition.ts';

/** A time we ourselves did not listen, epoch ms: nobody can be blamed for silence in it. */
export type Blindness = readonly [from: number, to: number];

const FACTOR = 3;
/** Life or safety depends on it: silence is serious sooner. */
const SAFETY_FACTOR = 2;

/** The longest silence that is allowed, ms. */
export function allowedSilence(
  condition: Static<typeof Absence>,
  assetType: AssetType | undefined,
  models: readonly DeviceModel[],
): number {
  if (condition.seconds !== undefined) return condition.seconds * 1000;
  // The most talkative of its sensors: were it the laziest, a dead one would hide behind it.
  const heartbeats = models.map((m) => m.heartbeat).filter((h) => h !== undefined);
  const heartbeat = heartbeats.length > 0 ? Math.min(...heartbeats) : (assetType?.heartbeat ?? 24 * 3600);
  return (condition.factor ?? (assetType?.safety ? SAFETY_FACTOR : FACTOR)) * heartbeat * 1000;
}

/** When the silence since `heard` becomes too long, on the rule clock. `blind` ascending, without overlaps. */
export function absenceDue(heard: number, allowed: number, blind: readonly Blindness[]): number {
  let due = heard + allowed;
  for (const [from, to] of blind) {
    if (to <= heard) continue;
    if (from >= due) break;
    due += to - Math.max(from, heard);
  }
  return due;
}
