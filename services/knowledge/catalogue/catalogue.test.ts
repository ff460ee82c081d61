/** The catalogue is data, so its tests are about all of it: every entry hangs together with every other. */
import { describe, expect, it } from 'vitest';
import { catalogue, splitChannel } from './catalogue.ts';

const duplicates = (names: string[]): string[] => names.filter((n, i) => names.indexOf(n) !== i);

describe('catalogue', () => {
  it('names every entry once', () => {
    expect(duplicates(catalogue.quantities.map((q) => q.name))).toEqual([]);
    expect(duplicates(catalogue.assetTypes.map((t) => t.id))).toEqual([]);
    expect(duplicates(catalogue.deviceModels.map((m) => m.id))).toEqual([]);
  });

  it.each(catalogue.quantities.map((q) => [q.name, q] as const))('quantity %s is complete', (_, q) => {
    expect(q.name).toMatch(/^[a-z][A-Za-z0-9]*$/);
    expect(q.label.da).not.toBe('');
    expect(q.label.en).not.toBe('');
    if (q.kind === 'state') {
      const names = q.states?.map((s) => s.name) ?? [];
      expect(names.length).toBeGreaterThan(1);
      expect(duplicates(names)).toEqual([]);
      for (const b of q.booleans ?? []) expect(names).toContain(b);
      expect(q.unit).toBe('');
    } else {
      expect(q.unit).not.toBe('');
      expect(q.range![0]).toBeLessThan(q.range![1]);
      expect(JSON.parse(JSON.stringify(q.range))).toEqual(q.range);
    }
  });

  it.each(catalogue.assetTypes.map((t) => [t.id, t] as const))('asset type %s hangs together', (_, type) => {
    for (const name of type.quantities) expect(catalogue.quantity(name), name).toBeDefined();
    expect(duplicates(type.attributes.map((a) => a.name))).toEqual([]);
    const numbers = type.attributes.filter((a) => a.kind === 'number').map((a) => a.name);
    for (const a of type.attributes) {
      expect(a.label.da && a.label.en).not.toBe('');
      if (a.kind === 'choice') expect(a.choices!.length).toBeGreaterThan(1);
    }
    for (const d of type.derived) {
      expect(catalogue.quantity(d.quantity), d.quantity).toBeDefined();
      for (const name of [d.from, ...(d.with ?? [])]) expect(catalogue.quantity(name), name).toBeDefined();
      for (const name of d.attributes) expect(numbers).toContain(name);
      expect(d.source).not.toBe('');
    }
    // Formulas do not chain: one that needed another's result would depend on their order.
    expect(duplicates(type.derived.map((d) => `${d.quantity} from ${d.from}`))).toEqual([]);
    for (const parent of type.parent ?? []) expect(catalogue.assetType(parent), parent).toBeDefined();
    for (const { attribute, values } of type.sharingWhere ?? []) {
      const choices = type.attributes.find((a) => a.name === attribute)?.choices ?? [];
      for (const value of values) expect(choices).toContain(value);
    }
  });

  it('has the asset types of the domain', () => {
    expect(catalogue.assetTypes.map((t) => t.id)).toEqual(
      expect.arrayContaining([
        ...['waste-container', 'pumping-station', 'pump', 'overflow', 'water-level', 'manhole', 'groundwater'],
        ...['street-light', 'lighting-cabinet', 'rescue-ring', 'traffic-counter', 'people-counter', 'air-quality'],
        ...['indoor-climate', 'parking-space', 'parking-area', 'soil-moisture', 'road-weather', 'building', 'room'],
      ]),
    );
  });

  it.each(catalogue.deviceModels.map((m) => [m.id, m] as const))(
    'device model %s names known quantities',
    (_, model) => {
      const named = [...Object.values(model.mapping ?? {}).map((m) => m.quantity), ...(model.quantities ?? [])];
      for (const name of named) expect(catalogue.quantity(name), name).toBeDefined();
    },
  );

  it('gives the entry of a quantity for each of its channels', () => {
    expect(catalogue.quantity('temperature.2')).toBe(catalogue.quantity('temperature'));
    expect(catalogue.quantity('soilMoistureVwc.30cm')?.unit).toBe('%');
    for (const bad of ['temperature.', 'temperature.a/b', 'temperature.a.b', 'temperature.+', '.2', '__proto__', ''])
      expect(catalogue.quantity(bad), bad).toBeUndefined();
    expect(splitChannel('vehicleCount.north')).toEqual(['vehicleCount', 'north']);
    expect(splitChannel('temperature')).toEqual(['temperature', '']);
  });
});

describe('formulas', () => {
  const derive = (
    type: string,
    quantity: string,
    from: string,
    value: number,
    attributes: Record<string, number>,
    others: Record<string, number> = {},
  ): number | undefined =>
    catalogue
      .assetType(type)!
      .derived.find((d) => d.quantity === quantity && d.from === from)!
      .formula(value, attributes, others);

  it('filling level from distance', () => {
    const at = { emptyDistance: 1500, fullDistance: 300 };
    expect(derive('waste-container', 'fillingLevel', 'distance', 600, at)).toBe(75);
    expect(
      derive('waste-container', 'fillingLevel', 'distance', 600, { emptyDistance: 5, fullDistance: 5 }),
    ).toBeUndefined();
  });

  it('water level from above and by pressure, and what follows from it', () => {
    expect(derive('water-level', 'waterLevel', 'distance', 1250, { sensorElevation: 3 })).toBeCloseTo(1.75);
    expect(derive('water-level', 'waterLevel', 'waterDepth', 0.5, { sensorElevation: 1 })).toBeCloseTo(1.5);
    expect(derive('water-level', 'freeboard', 'distance', 1250, { sensorElevation: 3, dangerLevel: 2.5 })).toBeCloseTo(
      0.75,
    );
    expect(derive('manhole', 'depthToWater', 'waterLevel', 10, { terrainElevation: 12.5 })).toBeCloseTo(2.5);
    expect(derive('groundwater', 'depthToWater', 'waterLevel', 10, { referencePoint: 14 })).toBe(4);
  });

  it('flow over a weir', () => {
    const at = { crestLevel: 2, crestWidth: 1.5 };
    // ⅔ · 0.62 · 1.5 · √(2 · 9.80665) · 0.2^1.5 = 0.24560 m³/s
    expect(derive('overflow', 'flow', 'waterLevel', 2.2, at)).toBeCloseTo(884.17, 1);
    expect(derive('overflow', 'flow', 'waterLevel', 1.9, at)).toBe(0);
  });

  it('dew point, occupancy', () => {
    expect(derive('road-weather', 'dewPoint', 'temperature', 20, {}, { relativeHumidity: 100 })).toBeCloseTo(20);
    expect(derive('road-weather', 'dewPoint', 'temperature', 20, {}, { relativeHumidity: 50 })).toBeCloseTo(9.26, 1);
    expect(derive('road-weather', 'dewPoint', 'temperature', 20, {}, { relativeHumidity: 0 })).toBeUndefined();
    expect(derive('parking-area', 'occupancy', 'availableSpots', 25, { capacity: 100 })).toBe(75);
  });
});
