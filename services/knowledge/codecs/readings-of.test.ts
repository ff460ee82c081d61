import { expect, it } from 'vitest';
import { catalogue } from '../catalogue/catalogue.ts';
import { recordsOf } from './flatten.ts';
import { readingsOf } from './readings-of.ts';

const mapping = { temp: { quantity: 'temperature', factor: 0.1 }, 'air.h': { quantity: 'relativeHumidity' } };

it('maps keys, converts, names states, and tells what nobody knows', () => {
  const data = { temp: 215, air: { h: 40 }, batteryLevel: 90, lid: 3, firmware: '1.2' };
  expect(readingsOf(recordsOf(data), { mapping }, catalogue)).toEqual({
    readings: [
      { quantity: 'temperature', value: 21.5, unit: 'Cel' },
      { quantity: 'relativeHumidity', value: 40, unit: '%' },
      { quantity: 'batteryLevel', value: 90, unit: '%' },
    ],
    unknownKeys: ['lid', 'firmware'],
  });
});

it('keeps the times of records, and marks what no sensor can measure', () => {
  const data = [
    { time: '2026-11-24T10:00:00Z', temp: 200 },
    { time: '2026-11-24T11:00:00Z', temp: 99_990 },
  ];
  expect(readingsOf(recordsOf(data), { mapping }, catalogue).readings).toEqual([
    { time: '2026-11-24T10:00:00.000Z', quantity: 'temperature', value: 20, unit: 'Cel' },
    { time: '2026-11-24T11:00:00.000Z', quantity: 'temperature', value: 9999, unit: 'Cel', suspect: true },
  ]);
});
