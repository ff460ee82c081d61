import { describe, expect, it } from 'vitest';
import { catalogue } from '../../knowledge/catalogue/catalogue.ts';
import { derivedChangedFrom, readAttributes, showAttributes } from './attributes.ts';

const type = catalogue.assetType('waste-container')!; // it ships
const read = (given: Parameters<typeof readAttributes>[0]) => readAttributes(given, type);

describe('attributes', () => {
  it('come back as they were written', () => {
    const given = {
      emptyDistance: [
        { from: null, value: 1500 },
        { from: '2026-03-01T00:00:00.000Z', value: 1600 },
      ],
      fullDistance: 200,
      emptyingDays: ['mon', 'thu'],
    };
    const { attributes, errors } = read(given);
    expect(errors.filter((e) => e.pointer !== '/attributes/emptyingDays')).toEqual([]);
    expect(showAttributes(attributes)).toMatchObject({ emptyDistance: given.emptyDistance, fullDistance: 200 });
  });

  it('must be of the type, of the right kind, and begin at different times', () => {
    const { errors } = read({
      hight: 3,
      fullDistance: '200',
      emptyDistance: [
        { from: null, value: 1 },
        { from: null, value: 2 },
      ],
      volume: [{ from: '2026-03-01 00:00', value: 1 }],
    });
    const pointers = errors.map((e) => e.pointer);
    expect(pointers).toEqual([
      '/attributes/hight',
      '/attributes/fullDistance',
      '/attributes/emptyDistance',
      '/attributes/volume/0/from',
    ]);
  });
});

describe('semantics: Derived values', () => {
  const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
  const before = { emptyDistance: [{ from: 0, value: 1500 }], fullDistance: [{ from: 0, value: 200 }] };

  it('are derived again from where a corrected attribute differs', () => {
    const corrected = {
      ...before,
      emptyDistance: [
        { from: 0, value: 1500 },
        { from: at('2026-03-01'), value: 1600 },
      ],
    };
    expect(derivedChangedFrom(type, before, corrected)).toBe(at('2026-03-01'));
    expect(derivedChangedFrom(type, corrected, before)).toBe(at('2026-03-01'));
    expect(derivedChangedFrom(type, before, { ...before, emptyDistance: [{ from: 0, value: 1400 }] })).toBe(0);
    expect(derivedChangedFrom(type, {}, before)).toBe(0);
  });

  it('are left alone where nothing they use has changed', () => {
    expect(derivedChangedFrom(type, before, structuredClone(before))).toBeUndefined();
    expect(derivedChangedFrom(type, before, { ...before, route: [{ from: 0, value: 'B' }] })).toBeUndefined();
    const sameValueTwice = {
      ...before,
      emptyDistance: [
        { from: 0, value: 1500 },
        { from: 5, value: 1500 },
      ],
    };
    expect(derivedChangedFrom(type, before, sameValueTwice)).toBeUndefined();
  });
});
