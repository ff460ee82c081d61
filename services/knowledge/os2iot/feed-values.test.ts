import { describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue/catalogue.ts';
import { feedValues } from './feed-values.ts';

const at = Date.UTC(2026, 10, 23, 12);
const read = (body: unknown, mapping?: Record<string, { quantity: string; factor?: number }>) =>
  feedValues([{ body: JSON.stringify(body), receivedAt: at }], mapping ? { mapping } : {}, catalogue);

describe('feedValues', () => {
  it('gives our quantities and units, at the time stated or that of receipt', () => {
    const { values, unknownKeys } = read(
      [
        { time: '2026-11-23T11:00:00Z', level: 0.5, foo: 1 },
        { level: 0.6, temperature: 4, foo: 2, serial: 'x' },
      ],
      { level: { quantity: 'fillingLevel', factor: 100 } },
    );
    expect(values.get('fillingLevel')).toEqual([
      { time: at - 3_600_000, value: 50 },
      { time: at, value: 60 },
    ]);
    expect(values.get('temperature')).toEqual([{ time: at, value: 4 }]);
    expect(unknownKeys).toEqual(['foo']);
  });

  it('reads entities of NGSI-LD, and states by name or boolean', () => {
    const entity = { id: 'urn:ngsi-ld:X:1', type: 'X', temperature: { type: 'Property', value: 21.5 } };
    expect(read([entity]).values.get('temperature')).toEqual([{ time: at, value: 21.5 }]);
    expect(read({ doorState: 'open' }).values.get('doorState')).toEqual([{ time: at, value: 1 }]);
    expect(read({ doorState: false }).values.get('doorState')).toEqual([{ time: at, value: 0 }]);
    expect(read({ doorState: 'ajar' }).values.size).toBe(0);
  });

  it('is bounded: the newest messages count', () => {
    const body = JSON.stringify(Array.from({ length: 400 }, (_, i) => ({ time: at + i, temperature: i })));
    const messages = Array.from({ length: 1000 }, (_, i) => ({ body, receivedAt: at + i }));
    const newest = { body: '{"co2":400}', receivedAt: at + 1000 };
    const { values } = feedValues([...messages, newest], {}, catalogue);
    expect(values.get('co2')).toEqual([{ time: at + 1000, value: 400 }]);
    expect(values.get('temperature')?.length).toBeLessThanOrEqual(5200);
  });

  it('finds nothing in what says nothing, nor in names every object has', () => {
    for (const body of [{}, [], { constructor: 1, toString: true }])
      expect([...read(body, {}).values.keys()]).toEqual([]);
    expect(read({ constructor: 1 }, {}).unknownKeys).toEqual(['constructor']);
  });
});
