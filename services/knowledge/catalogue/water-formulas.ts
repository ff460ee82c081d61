/** Formulas that several asset types with water in them share. All levels are elevations in metres of one datum. */
import type { DerivedQuantity } from '../../model/catalogue.ts';

const MM_PER_M = 1000;

/** A sensor that looks down on the water gives the distance; a pressure cell gives the depth above itself. */
export const waterLevelFromSensor: readonly DerivedQuantity[] = [
  {
    quantity: 'waterLevel',
    from: 'distance',
    attributes: ['sensorElevation'],
    source: 'waterLevel = sensorElevation − distance; sensor mounted above the water, distance converted from mm',
    formula: (distance, { sensorElevation }) => sensorElevation! - distance / MM_PER_M,
  },
  {
    quantity: 'waterLevel',
    from: 'waterDepth',
    attributes: ['sensorElevation'],
    source: 'waterLevel = sensorElevation + waterDepth; pressure cell in the water',
    formula: (depth, { sensorElevation }) => sensorElevation! + depth,
  },
];

/** A quantity that depends on the water level, however the level is known: reported, from above, or by pressure. */
export function fromWaterLevel(
  quantity: string,
  attributes: readonly string[],
  source: string,
  formula: (level: number, attributes: Readonly<Record<string, number>>) => number | undefined,
): readonly DerivedQuantity[] {
  const withSensor = ['sensorElevation', ...attributes];
  return [
    { quantity, from: 'waterLevel', attributes, source, formula },
    {
      quantity,
      from: 'distance',
      attributes: withSensor,
      source: `${source}; waterLevel = sensorElevation − distance`,
      formula: (distance, a) => formula(a.sensorElevation! - distance / MM_PER_M, a),
    },
    {
      quantity,
      from: 'waterDepth',
      attributes: withSensor,
      source: `${source}; waterLevel = sensorElevation + waterDepth`,
      formula: (depth, a) => formula(a.sensorElevation! + depth, a),
    },
  ];
}
