/** What a decoder of OS2iot answered, in our quantities and units, by the mapping of the device's model here. */
import type { DeviceModel } from '../../model/catalogue.ts';
import type { FeedMessage } from '../../model/os2iot.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { modelReadings } from '../catalogue/stored-model.ts';
import { recordsOf } from '../codecs/flatten.ts';
import type { TimedValue } from './compare.ts';

export interface FeedValues {
  /** By quantity with its channel, in the order of time. A state by its number. */
  values: Map<string, TimedValue[]>;
  /** Keys of the messages that are none of our quantities, for lack of a mapping. */
  unknownKeys: string[];
}

const MOST_UNKNOWN = 50;
/** The newest of them: five for each message that is kept of a device. */
const MOST_RECORDS = 5000;

/** `messages` in the order of their receipt. */
export function feedValues(
  messages: readonly Pick<FeedMessage, 'body' | 'receivedAt'>[],
  model: Pick<DeviceModel, 'mapping'>,
  catalogue: Catalogue,
): FeedValues {
  const values = new Map<string, TimedValue[]>();
  const unknown = new Set<string>();
  let records = 0;
  for (const { body, receivedAt } of messages.toReversed()) {
    if (records >= MOST_RECORDS) break;
    for (const record of recordsOf(JSON.parse(body))) {
      records++;
      // Texts are names and types of devices, more often than states.
      for (const [key, value] of record.values)
        if (typeof value !== 'string' && !isKnown(key, model, catalogue) && unknown.size < MOST_UNKNOWN)
          unknown.add(key);
      // A decoder that states no time answers as soon as the message comes.
      const time = record.time ?? receivedAt;
      for (const readings of Object.values(modelReadings([record], model, catalogue)))
        for (const [name, value] of Object.entries(readings)) {
          const number = typeof value === 'number' ? value : stateNumber(catalogue, name, value);
          const series = values.get(name) ?? [];
          if (series.length === 0) values.set(name, series);
          series.push({ time, value: number });
        }
    }
  }
  for (const series of values.values()) series.sort((a, b) => a.time - b.time);
  return { values, unknownKeys: [...unknown] };
}

function isKnown(key: string, { mapping }: Pick<DeviceModel, 'mapping'>, catalogue: Catalogue): boolean {
  return (mapping !== undefined && Object.hasOwn(mapping, key)) || catalogue.quantity(key) !== undefined;
}

function stateNumber(catalogue: Catalogue, quantity: string, state: string): number {
  return catalogue.quantity(quantity)?.states?.findIndex(({ name }) => name === state) ?? Number.NaN;
}
