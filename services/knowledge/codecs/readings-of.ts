/** What a device model makes of what a codec answers, for whoever tries a frame: readings as they would be kept, and the keys nobody knows. */
import type { DeviceModel } from '../../model/catalogue.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { modelReadings } from '../catalogue/stored-model.ts';
import type { FlatRecord } from './flatten.ts';

export interface ReadingOfFrame {
  /** RFC 3339; absent: measured when the frame was heard. */
  time?: string;
  /** With its channel. */
  quantity: string;
  /** In the unit of the quantity; a state by its name. */
  value: number | string;
  /** UCUM; empty for a state. */
  unit: string;
  /** Outside what a sensor can measure: kept, marked, and not judged by rules. */
  suspect?: true;
}

export interface FrameReadings {
  readings: ReadingOfFrame[];
  /** Keys that are neither in the mapping nor a quantity here: kept with the message, never a reading. */
  unknownKeys: string[];
}

export function readingsOf(
  records: readonly FlatRecord[],
  model: Pick<DeviceModel, 'mapping'>,
  catalogue: Catalogue,
): FrameReadings {
  const readings = Object.entries(modelReadings(records, model, catalogue)).flatMap(([time, values]) =>
    Object.entries(values).map(([quantity, value]): ReadingOfFrame => {
      const { unit = '', range } = catalogue.quantity(quantity) ?? {};
      const isOutside = typeof value === 'number' && range !== undefined && (value < range[0] || value > range[1]);
      return {
        ...(time !== 'now' && { time }),
        quantity,
        value,
        unit,
        ...(isOutside && { suspect: true }),
      };
    }),
  );
  const { mapping } = model;
  const isKnown = (key: string) =>
    catalogue.quantity((mapping && Object.hasOwn(mapping, key) ? mapping[key]?.quantity : undefined) ?? key);
  const keys = new Set(records.flatMap((r) => r.values.map(([key]) => key)));
  return { readings, unknownKeys: [...keys].filter((key) => !isKnown(key)) };
}
