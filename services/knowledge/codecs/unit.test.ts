/** Conversions are right, and lead only to units our quantities have. */
import { describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue/catalogue.ts';
import { conversion } from './unit.ts';

const convert = (value: number, from: string, to: string): number | undefined => {
  const c = conversion(from, to);
  return c && Number((value * c.factor + c.offset).toPrecision(9));
};

describe('conversion', () => {
  it.each([
    [295.15, 'K', 'Cel', 22],
    [0.9, '/', '%', 90],
    [40, '%RH', '%', 40],
    [1.25, 'm', 'mm', 1250],
    [3600, 'mV', 'V', 3.6],
    [101_325, 'Pa', 'hPa', 1013.25],
    [10, 'm/s', 'km/h', 36],
    [0.01, 'm3/s', 'm3/h', 36],
    [7.2e6, 'J', 'kW.h', 2],
    [5, 'count', '{vehicle}', 5],
    [-70, 'dBm', 'dB{mW}', -70],
    [20, 'Cel', 'Cel', 20],
  ])('%d %s is %s', (value, from, to, expected) => {
    expect(convert(value, from, to)).toBe(expected);
  });

  it.each([
    ['kg', 'Cel'],
    ['Cel', '%'],
    ['count', '%'],
    ['__proto__', 'Cel'],
    ['m', 'constructor'],
  ])('%s does not become %s', (from, to) => {
    expect(conversion(from, to)).toBeUndefined();
  });

  it('knows the SenML unit of every unit of the catalogue that has one', () => {
    const units = new Set(catalogue.quantities.map((q) => q.unit));
    for (const unit of ['Cel', '%', 'mm', 'm', 'V', 'dB{mW}', 'm3/h', 'A', 'kW', 'kW.h', 'km/h', 'lx', 'hPa', '[ppm]'])
      expect(units).toContain(unit);
  });
});
