/** Turns what a format finds in a payload into rows: time, value, range and marks of each. The hot path of decode. */
import { type Format, MAX_READINGS, type RecordSink } from '../../knowledge/codecs/format.ts';
import { conversion } from '../../knowledge/codecs/unit.ts';
import { Rejected } from '../../model/errors.ts';
import { MARK, type ReadingWriter } from '../../model/readings.ts';
import type { RejectReason } from '../../model/reject.ts';
import type { Uplink } from '../../model/uplink.ts';
import { BadItems } from './bad-items.ts';
import type { DeviceMemories } from './device-memory.ts';
import type { AssetPlan, DevicePlan, Target } from './device-plan.ts';
import { disbelieved, earliestBelieved, lateMark } from './judge-time.ts';
import type { OwnerCounts } from './ledger-counts.ts';
import type { OwnTimes } from './own-times.ts';
import { readValue } from './read-value.ts';

export interface HowToDecode {
  /** Of the uplink. */
  offset: number;
  /** 0 at first, one more each time it is tried again. */
  revision: number;
  /** For all its rows. */
  marks: number;
  /** Receipt time of the newest record handled before, epoch ms. */
  clock: number;
  /** Of an uplink that is tried again: what its first record without a time was given. */
  ownTime?: number;
}

export class UplinkDecoder implements RecordSink {
  #memories: DeviceMemories;
  #ownTimes: OwnTimes;
  /** Receipt time of the newest record handled before the uplink in hand, epoch ms. */
  #clock = 0;
  #writer: ReadingWriter | undefined;
  #batch = 0;

  // The uplink in hand.
  #plan: DevicePlan | undefined;
  #kind: Uplink['kind'] = 'readings';
  #received = 0;
  #offset = 0;
  #revision = 0;
  #uplinkMarks = 0;
  #earliest = 0;
  #startRow = 0;
  #readings = 0;
  #items = 0;
  #owners: OwnerCounts[] = [];
  /** A record carried no time of its own. */
  timeless = false;
  /** What such records were given: the first of them, the others follow by a millisecond each. */
  ownTime: number | undefined;
  #replayed = false;
  #ownTimesGiven = 0;
  #badItems = new BadItems();

  // The record in hand.
  #record = 0;
  /** Its number among the items of the uplink. */
  #recordItem = 0;
  #asset: AssetPlan | undefined;
  #time = 0;
  #marks = 0;
  #recordRow = 0;
  #known = 0;
  #unknown = '';
  #sources: Target[] = [];

  constructor(memories: DeviceMemories, ownTimes: OwnTimes) {
    this.#memories = memories;
    this.#ownTimes = ownTimes;
  }

  /** Rows go to `writer` from now on. */
  batch(writer: ReadingWriter): void {
    this.#writer = writer;
    this.#batch++;
  }

  /**
   * Writes the rows of an uplink. Nothing is left of them when it gives none or throws.
   * @returns the number of rows; `problem()` tells of bad items.
   * @throws Rejected when the payload as a whole is at fault.
   */
  decode(
    u: Uplink,
    plan: DevicePlan,
    { offset, revision, marks, clock, ownTime }: HowToDecode,
    format: Format = plan.format,
  ): number {
    const writer = this.#writer!; // batch() comes before
    this.#plan = plan;
    this.#kind = u.kind;
    this.#received = u.receivedAt;
    this.#clock = clock;
    this.#offset = offset;
    this.#revision = revision;
    this.#uplinkMarks = u.kind === 'import' ? marks | MARK.history : marks;
    this.#earliest = earliestBelieved(plan.device, u.kind);
    this.#startRow = writer.count;
    this.#readings = 0;
    this.#items = 0;
    this.#owners.length = 0;
    this.timeless = false;
    this.ownTime = ownTime;
    this.#replayed = ownTime !== undefined;
    this.#ownTimesGiven = 0;
    this.#badItems.reset();
    this.#asset = undefined;
    this.#sources.length = 0;
    try {
      format.parse(u.payload, u.receivedAt, this);
      this.#endRecord();
    } catch (error) {
      this.undo();
      // What cannot be read states no time either.
      this.timeless = true;
      throw error;
    }
    return writer.count - this.#startRow;
  }

  /** For an uplink that is refused before it is read: its first own time, should it be tried again. */
  refuse({ device, receivedAt }: Uplink, { clock, ownTime }: HowToDecode): void {
    this.ownTime = ownTime ?? this.#ownTimes.next(device, receivedAt, clock);
  }

  /** Takes the rows of the uplink in hand away again. */
  undo(): void {
    this.#writer!.rewind(this.#startRow); // batch() comes before
    for (const owner of this.#owners) owner.tentative = 0;
    this.#owners.length = 0;
  }

  /** Counts the rows of the uplink in hand for the owners of their assets. */
  count(): void {
    for (const owner of this.#owners) {
      owner.touch().values += owner.tentative;
      owner.tentative = 0;
    }
    this.#owners.length = 0;
  }

  /** Why items of the uplink in hand, or all of it, gave no values. */
  problem(): { reason: RejectReason; detail: string } | undefined {
    return this.#badItems.problem();
  }

  record(time: number | undefined, relative = false): void {
    this.#endRecord();
    this.#record++;
    this.#recordItem = ++this.#items;
    this.#known = 0;
    this.#unknown = '';
    this.#recordRow = this.#writer!.count; // batch() comes before
    this.#marks = this.#uplinkMarks;
    if (time === undefined || relative) this.timeless = true;
    if (time === undefined || (relative && time === this.#received)) this.#time = this.#ownTime();
    else if (disbelieved(time, this.#received, this.#earliest)) {
      this.#time = this.#ownTime();
      this.#marks |= MARK.clock;
    } else {
      this.#time = time;
      this.#marks |= lateMark(time, this.#received, this.#kind);
    }
    this.#asset = assetAt(this.#plan!.assets, this.#time); // decode() comes before
    if (!this.#asset) this.#bad('device-unassigned', 'the device was bound to no asset at that time');
  }

  #ownTime(): number {
    const nth = this.#ownTimesGiven++;
    if (this.#replayed) return this.ownTime! + nth; // decode() sets both
    const time = this.#ownTimes.next(this.#plan!.device.id, this.#received, this.#clock); // decode() comes before
    this.ownTime ??= time;
    return time;
  }

  bad(reason: RejectReason, detail: string): void {
    this.#bad(reason, detail, ++this.#items);
  }

  value(key: string, raw: unknown, unit?: string): void {
    const plan = this.#asset;
    if (!plan) return;
    const input = plan.input(key);
    if (!input) {
      if (this.#unknown === '') this.#unknown = key;
      this.#plan!.memory.unknownKey(key, this.#received); // decode() comes before
      return;
    }
    this.#known++;
    if (++this.#readings > MAX_READINGS)
      throw new Rejected('too-many-readings', `more than ${MAX_READINGS} readings in one message`);
    const { target } = input;
    let { factor, offset } = input;
    if (unit !== undefined && unit !== '' && unit !== target.quantity.unit) {
      const convert = conversion(unit, target.quantity.unit);
      if (!convert)
        return void this.#bad(
          'invalid-value',
          `${key}: unit ${unit} does not fit ${target.quantity.unit || 'a state'}`,
        );
      ({ factor, offset } = convert);
    } else if (unit === target.quantity.unit && unit !== '') {
      // The message says the unit itself: the model's guess is not needed.
      factor = 1;
      offset = 0;
    }
    const value = typeof raw === 'number' && !target.states ? raw * factor + offset : readValue(raw, target);
    // At 2^53 integers can no longer be told apart; NaN fails the comparison too.
    if (!(Math.abs(value) < 2 ** 53))
      return void this.#bad('invalid-value', `${key}: ${shown(raw)} is not a value of it`);
    if (this.#received - this.#time > target.rawMs)
      return void this.#bad('older-than-retention', `${key}: older than raw values are kept`);
    if (plan.rivals.length > 0) {
      const rival = this.#taken(plan, target);
      if (rival) return void this.#bad('quantity-taken', `${key}: ${rival} reports it on ${plan.asset.id}`);
    }
    this.#push(target, value + 0, this.#marks); // + 0: minus zero is zero
    target.record = this.#record;
    target.value = value;
    if (target.derivations.length > 0) this.#sources.push(target);
    if (!target.reported) {
      target.reported = true;
      this.#plan!.memory.reported(plan.asset.id, target.ref.quantity); // decode() comes before
    }
  }

  #push(target: Target, measured: number, marks: number): void {
    const writer = this.#writer!; // batch() comes before
    if (target.batch !== this.#batch) {
      target.batch = this.#batch;
      target.series = writer.series(target.ref);
    }
    let value = measured;
    let bits = marks;
    if (value < target.low || value > target.high) {
      const clamp = target.quantity.clampFrom;
      if (clamp && value >= clamp[0] && value <= clamp[1]) value = value < target.low ? target.low : target.high;
      else bits |= MARK.suspect;
    }
    target.marks = bits;
    writer.push(target.series, this.#time, value, this.#received, this.#offset, this.#revision, bits);
  }

  #endRecord(): void {
    const plan = this.#asset;
    if (!plan) return;
    if (this.#sources.length > 0) this.#derive(plan);
    this.#asset = undefined;
    const rows = this.#writer!.count - this.#recordRow; // batch() comes before
    if (rows > 0) {
      if (plan.counts.tentative === 0) this.#owners.push(plan.counts);
      plan.counts.tentative += rows;
    } else if (this.#known === 0) {
      const what = this.#unknown === '' ? 'it has no values' : `"${this.#unknown.slice(0, 64)}" is none`;
      this.#bad('no-known-quantity', `no key is a known quantity: ${what}`);
    }
  }

  #derive(plan: AssetPlan): void {
    for (const source of this.#sources) {
      for (const { target, attributes, needs, formula } of source.derivations) {
        // What the device says itself wins over what we work out, and the first formula that can wins over the next.
        if (target.record === this.#record || target.derivedIn === this.#record) continue;
        const known = attributes(this.#time);
        if (!known) continue;
        let marks = source.marks;
        let complete = true;
        const others: Record<string, number> = {};
        for (const need of needs) {
          const other = need.targets.find((t) => t.record === this.#record);
          complete &&= other !== undefined;
          if (!other) continue;
          others[need.name] = other.value;
          marks |= other.marks;
        }
        if (!complete) continue;
        const value = formula(source.value, known, others);
        if (value === undefined || !Number.isFinite(value)) continue;
        if (plan.rivals.length > 0 && this.#taken(plan, target)) continue;
        target.derivedIn = this.#record;
        this.#push(target, value + 0, marks);
        if (!target.derived) {
          target.derived = true;
          this.#plan!.memory.derived(plan.asset.id, target.ref.quantity); // decode() comes before
        }
      }
    }
    this.#sources.length = 0;
  }

  /** The device that was there first and reports the quantity. */
  #taken(plan: AssetPlan, { ref }: Target): string | undefined {
    const time = Math.max(this.#time, plan.from); // before its first assignment a device stands for its first day
    return plan.rivals.find(
      (r) => r.from <= time && time < r.to && this.#memories.get(r.device)?.gives(ref.asset, ref.quantity),
    )?.device;
  }

  #bad(reason: RejectReason, detail: string, item = this.#recordItem): void {
    this.#badItems.add(reason, detail, item);
  }
}

function assetAt(assets: readonly AssetPlan[], time: number): AssetPlan | undefined {
  for (let i = assets.length - 1; i >= 0; i--) {
    const plan = assets[i]!; // i is within the list
    if (time >= plan.from || i === 0) return time < plan.to ? plan : undefined;
  }
  return undefined;
}

function shown(raw: unknown): string {
  return typeof raw === 'number' ? String(raw) : JSON.stringify(raw).slice(0, 64);
}
