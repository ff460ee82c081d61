/** Whatever a name holds, it comes back as it was, and changes nothing but its own series. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePoint, seriesKey } from '../line-protocol/encode-lines.ts';
import { name, oneOf, text, within } from './influxql.ts';
import { type House, InfluxWorld } from './testing/influx-world.ts';

const T0 = Date.UTC(2026, 2, 10, 12);
const POINT = { value: 1, received: T0, uplink: 0, revision: 0, marks: 0 };

/** What people have tried on others, and what these two syntaxes make special. */
const CORPUS = [
  "' OR 1=1",
  "'; DROP DATABASE x; --",
  `"; DROP MEASUREMENT "bystander"; "`,
  "' OR 'a' =~ /.*/",
  'a,owner=other',
  'a b=1 2',
  'a=b',
  '$asset',
  '/.*/',
  "it''s",
  '"quoted"',
  '{"q":1}',
  'Æblegård',
  '漢字 🐟',
  ' leading and trailing ',
  '#comment',
  'select',
  'time',
  '-- x',
  '/* x */',
  '%27%3B',
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: what no line can hold
const UNWRITABLE = /[\u0000-\u001f\u007f\\]/;
const writable = (s: string): boolean => s.isWellFormed() && !UNWRITABLE.test(s);
const anyName = fc
  .oneof(fc.constantFrom(...CORPUS), fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }))
  .filter((s) => s !== '' && writable(s));
const anyMeasurement = anyName.filter((s) => !s.startsWith('#'));

let world: InfluxWorld;
let house: House;
beforeAll(async () => {
  world = await InfluxWorld.start();
  house = await world.house();
});
afterAll(() => world.stop());

async function write(...lines: string[]): Promise<void> {
  const url = `${world.server.url}/api/v2/write?bucket=${house.address.bucket}&precision=ms`;
  const answer = await fetch(url, { method: 'POST', body: lines.join('\n') });
  expect([answer.status, await answer.text()]).toEqual([204, '']);
}

describe('lines and questions', () => {
  it('give back every name they were given', async () => {
    const bystander = { asset: 'a', owner: 'o', quantity: 'q' };
    await write(encodePoint(seriesKey('bystander', bystander), POINT, T0));
    const property = fc.asyncProperty(anyMeasurement, anyName, anyName, async (measurement, asset, quantity) => {
      const ref = { asset, owner: 'o', quantity };
      await write(encodePoint(seriesKey(measurement, ref), POINT, T0));
      const where = `"quantity" = ${text(quantity)} AND ${oneOf('asset', [asset, 'nobody'])} AND ${within(0, T0 + 1)}`;
      const found = await house.ask(`SELECT "value" FROM ${name(measurement)} WHERE ${where} GROUP BY *`);
      expect(found).toEqual([
        expect.objectContaining({ name: measurement, tags: { asset, owner: 'o', quantity }, values: [[T0, 1]] }),
      ]);
      await house.ask(
        `DELETE FROM ${name(measurement)} WHERE "asset" = ${text(asset)} AND "quantity" = ${text(quantity)}`,
      );
      expect(await house.ask(`SELECT "value" FROM ${name(measurement)} WHERE "asset" = ${text(asset)}`)).toEqual([]);
    });
    await fc.assert(property, { numRuns: Number(process.env.RUNS ?? 150) });
    expect(await house.ask('SELECT "value" FROM "bystander"')).toHaveLength(1);
  });

  it('cannot be broken out of, not even by what no line can hold', async () => {
    await write(encodePoint(seriesKey('bystander', { asset: 'a', owner: 'o', quantity: 'q' }), POINT, T0));
    const hostile = fc.oneof(
      fc.constantFrom("\\' OR 1=1 --", 'a\\', "\\\\'", 'x\n\'; DROP MEASUREMENT "bystander"; --', '\\"'),
      fc.string({ maxLength: 30, unit: fc.constantFrom("'", '"', '\\', '\n', ';', ' ', 'b', 'O', 'R', '=') }),
    );
    const property = fc.asyncProperty(hostile, async (given) => {
      for (const statement of [
        `SELECT "value" FROM "bystander" WHERE "asset" = ${text(given)}`,
        `SELECT "value" FROM ${name(`x${given}`)} WHERE "asset" = ${text(given)}`,
        `DELETE FROM "bystander" WHERE "asset" = ${text(`x${given}`)}`,
      ])
        expect(await house.ask(statement)).toEqual([]);
    });
    await fc.assert(property, { numRuns: Number(process.env.RUNS ?? 150) });
    expect(await house.ask('SELECT "value" FROM "bystander"')).toHaveLength(1);
  });

  it('refuses to encode what would break a line', () => {
    for (const bad of ['', 'a\nb', 'a\\', 'a\\b', 'a\u0000', '\ud800'])
      expect(() => seriesKey('room', { asset: bad, owner: 'o', quantity: 'q' })).toThrow(RangeError);
    expect(() => seriesKey('#room', { asset: 'a', owner: 'o', quantity: 'q' })).toThrow(RangeError);
  });
});
