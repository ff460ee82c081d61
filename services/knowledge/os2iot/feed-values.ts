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

export function feedValues(
  messages: readonly Pick<FeedMessage, 'body' | 'receivedAt'>[],
  model: Pick<DeviceModel, 'mapping'>,
  catalogue: Catalogue,
): FeedValues {
  const values = new Map<string, TimedValue[]>();
  const unknown = new Set<string>();
  for (const { body, receivedAt } of messages) {
    for (const record of recordsOf(JSON.parse(body))) {
      for (const [key] of record.values)
        if (!model.mapping?.[key] && !catalogue.quantity(key) && unknown.size < MOST_UNKNOWN) unknown.add(key);
      // A decoder that states no time answers as soon as the message comes.
      const time = record.time ?? receivedAt;
      for (const readings of Object.values(modelReadings([record], model, catalogue)))
        for (const [name, value] of Object.entries(readings)) {
          const number = typeof value === 'number' ? value : stateNumber(catalogue, name, value);
          values.set(name, [...(values.get(name) ?? []), { time, value: number }]);
        }
    }
  }
  for (const list of values.values()) list.sort((a, b) => a.time - b.time);
  return { values, unknownKeys: [...unknown] };
}

function stateNumber(catalogue: Catalogue, quantity: string, state: string): number {
  return catalogue.quantity(quantity)?.states?.findIndex(({ name }) => name === state) ?? Number.NaN;
}
