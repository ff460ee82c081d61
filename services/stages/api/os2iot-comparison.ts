/** While OS2iot and we both run: device by device, what was seen there, what here, and whether the values are the same. */
import { setImmediate } from 'node:timers/promises';
import Type from 'typebox';
import { decideNew } from '../../knowledge/access/decide.ts';
import { type Comparison, compareValues, type TimedValue } from '../../knowledge/os2iot/compare.ts';
import { feedValues } from '../../knowledge/os2iot/feed-values.ts';
import type { Device } from '../../model/device.ts';
import { Id } from '../../model/ids.ts';
import { FEED_MESSAGES, FEED_MS, type FeedSender } from '../../model/os2iot.ts';
import { formatTime } from '../../model/time.ts';
import { endpoint } from './endpoint.ts';
import { invalid } from './problems.ts';
import { readPeriod } from './query.ts';
import { PageQuery, Time } from './schemas/common.ts';
import type { Services } from './services.ts';

/** Values of one series that are looked at. */
const MOST_POINTS = 10_000;
/** Where a quantity does not say how exact it is. */
const DECIMALS = 3;
/** A page whose devices were nearly all left out is filled from at most so many more. */
const MOST_PAGES = 20;

const Value = Type.Object({ time: Type.String(), value: Type.Number() });
const Counts = {
  equal: Type.Integer(),
  different: Type.Integer(),
  onlyThere: Type.Integer(),
  onlyHere: Type.Integer(),
};
const STATES = ['same', 'different', 'only-there', 'only-here', 'silent'] as const;
const Item = Type.Object({
  device: Type.String(),
  name: Type.String(),
  state: Type.Enum([...STATES]),
  there: Type.Object({ messages: Type.Integer(), last: Type.Optional(Type.String()) }),
  here: Type.Object({ last: Type.Optional(Type.String()) }),
  values: Type.Object(Counts),
  quantities: Type.Array(
    Type.Object({
      quantity: Type.String(),
      ...Counts,
      lastThere: Type.Optional(Value),
      lastHere: Type.Optional(Value),
      difference: Type.Optional(Type.Object({ there: Value, here: Value })),
    }),
  ),
  unknownKeys: Type.Array(Type.String(), { description: 'what the decoder calls values that no mapping names' }),
});

export const get = endpoint(
  {
    summary: 'OS2iot and here compared, device by device; the last 24 hours where nothing is said',
    query: Type.Object(
      {
        ...PageQuery,
        owner: Type.Optional(Id),
        from: Type.Optional(Time),
        to: Type.Optional(Time),
        tolerance: Type.Integer({
          minimum: 0,
          maximum: 3600,
          default: 120,
          description: 'seconds that both may date one measurement apart',
        }),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      from: Type.String(),
      to: Type.String(),
      items: Type.Array(Item),
      next: Type.Optional(Type.String()),
      unknown: Type.Array(Type.Object({ label: Type.String(), messages: Type.Integer(), last: Type.String() }), {
        description: 'senders of the feed that are no device here; on the first page',
      }),
    }),
  },
  async (call, services) => {
    const { limit, cursor, tolerance } = call.query;
    const owner = call.query.owner ?? call.principal.organisation;
    call.settle(decideNew(call.principal, 'compare-os2iot', { owner }), {
      action: 'compare-os2iot',
      what: 'organisation',
      id: owner,
    });
    if (owner === '') throw invalid('/owner', 'say whose devices');
    const period = readPeriod(call.query, services.now());
    if (period.to - period.from > FEED_MS) throw invalid('/from', 'what OS2iot sends is kept for 31 days');
    const senders = await services.registry.os2iot.senders({ owner, ...period });
    const feed = new Map(senders.filter(({ device }) => device !== '').map((sender) => [sender.device, sender]));
    const concerned = (device: Device) => feed.has(device.id) || comesFromOs2iot(device, services);
    const list = (from: string | undefined) =>
      services.registry.devices.list({ owners: [owner] }, { limit, ...(from !== undefined && { cursor: from }) });
    let page = await list(cursor);
    let devices = page.items.filter(concerned);
    for (let i = 1; i < MOST_PAGES && devices.length === 0 && page.next !== undefined; i++) {
      page = await list(page.next);
      devices = page.items.filter(concerned);
    }
    const items: object[] = [];
    for (const device of devices) {
      await setImmediate(); // a page of devices that sent much takes a while: others are answered between
      const toleranceMs = tolerance * 1000;
      items.push(await compareDevice({ device, sender: feed.get(device.id), ...period, toleranceMs }, services));
    }
    const strangers = cursor === undefined ? senders.filter(({ device }) => device === '') : [];
    return {
      from: formatTime(period.from),
      to: formatTime(period.to),
      items,
      ...(page.next !== undefined && { next: page.next }),
      unknown: strangers.map(({ label, messages, lastAt }) => ({ label, messages, last: formatTime(lastAt) })),
    };
  },
);

function presentAsset(device: Device, { directory }: Services) {
  const last = device.assignments.at(-1);
  return last && last.to === undefined ? directory.asset(last.asset) : undefined;
}

function comesFromOs2iot(device: Device, services: Services): boolean {
  return presentAsset(device, services)?.externalIds.os2iot !== undefined;
}

interface DevicePeriod {
  device: Device;
  sender: FeedSender | undefined;
  from: number;
  to: number;
  toleranceMs: number;
}

async function compareDevice({ device, sender, from, to, toleranceMs }: DevicePeriod, services: Services) {
  const { registry, catalogue, directory, series } = services;
  const asset = presentAsset(device, services);
  const filter = { owner: device.owner, device: device.id, from, to };
  const messages = sender ? await registry.os2iot.list(filter, FEED_MESSAGES) : [];
  const model = catalogue.deviceModel(device.model) ?? directory.deviceModel(device.model) ?? {};
  const { values, unknownKeys } = feedValues(messages, model, catalogue);
  const latest = asset ? await series.latest([asset.id]) : [];
  const lastHere = latest.reduce((newest, { received }) => Math.max(newest, received), 0);
  const quantities: object[] = [];
  const total = { equal: 0, different: 0, onlyThere: 0, onlyHere: 0 };
  for (const [quantity, there] of [...values].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const wanted = { quantity, from: (there[0]?.time ?? from) - toleranceMs, to: to + toleranceMs };
    const points = asset && (await series.points({ asset: asset.id, ...wanted, limit: MOST_POINTS }));
    const here = Array.from(points?.time ?? [], (time, i) => ({ time, value: points!.value[i]! })); // one value a time
    const decimals = catalogue.quantity(quantity)?.decimals ?? DECIMALS;
    const compared = compareValues(there, here, { toleranceMs, decimals });
    for (const key of ['equal', 'different', 'onlyThere', 'onlyHere'] as const) total[key] += compared[key];
    quantities.push(showQuantity(quantity, compared, there.at(-1), here.at(-1)));
  }
  return {
    device: device.id,
    name: asset?.name ?? device.id,
    state: stateOf(total, messages.length > 0, lastHere >= from),
    there: { messages: sender?.messages ?? 0, ...(sender && { last: formatTime(sender.lastAt) }) },
    here: { ...(lastHere > 0 && { last: formatTime(lastHere) }) },
    values: total,
    quantities,
    unknownKeys,
  };
}

/** What is on one side alone for a value now and then is no difference: OS2iot does not promise to deliver everything. */
function stateOf(counts: Omit<Comparison, 'difference'>, there: boolean, here: boolean): (typeof STATES)[number] {
  if (!there) return here ? 'only-here' : 'silent';
  if (!here) return 'only-there';
  return counts.different > 0 || counts.equal === 0 ? 'different' : 'same';
}

function showQuantity(quantity: string, compared: Comparison, there?: TimedValue, here?: TimedValue) {
  const { difference, ...counts } = compared;
  return {
    quantity,
    ...counts,
    ...(there && { lastThere: show(there) }),
    ...(here && { lastHere: show(here) }),
    ...(difference && { difference: { there: show(difference.there), here: show(difference.here) } }),
  };
}

const show = ({ time, value }: TimedValue) => ({ time: formatTime(time), value });
