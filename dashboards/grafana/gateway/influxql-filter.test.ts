/** The wall in InfluxQL: what passes is narrowed everywhere it reads, and nothing passes that was not understood. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterInfluxql } from './influxql-filter.ts';
import { tokens } from './influxql-tokens.ts';

const narrowed = (query: string) => filterInfluxql(query, 'ours');

describe('narrows each FROM that reads a measurement', () => {
  it.each([
    ['SELECT value FROM "a"', `SELECT value FROM "a" WHERE "owner" = 'ours'`],
    [
      'select mean("value") from "a" where "asset" =~ /^x\\/y$/ or time > now() - 1h group by time(1m), "asset" fill(none)',
      `select mean( "value" ) from "a" WHERE "owner" = 'ours' AND( "asset" =~ /^x\\/y$/ or time > now( ) - 1h ) group by time( 1m ) , "asset" fill( none )`,
    ],
    [
      'SELECT sum("e") FROM (SELECT last("value") AS "e" FROM /^[^.]+$/, "b" GROUP BY "asset") WHERE "e" > -5 LIMIT 3',
      `SELECT sum( "e" ) FROM( SELECT last( "value" ) AS "e" FROM /^[^.]+$/ , "b" WHERE "owner" = 'ours' GROUP BY "asset" ) WHERE "e" > - 5 LIMIT 3`,
    ],
    [
      'SHOW TAG VALUES FROM "a" WITH KEY = "asset"',
      `SHOW TAG VALUES FROM "a" WITH KEY = "asset" WHERE "owner" = 'ours'`,
    ],
    ['SHOW MEASUREMENTS LIMIT 5', `SHOW MEASUREMENTS WHERE "owner" = 'ours' LIMIT 5`],
    ['SELECT a / 2 FROM b; SHOW FIELD KEYS', `SELECT a / 2 FROM b WHERE "owner" = 'ours'; SHOW FIELD KEYS`],
    ['SHOW RETENTION POLICIES ON "other"', 'SHOW RETENTION POLICIES'],
  ])('%s', (query, wanted) => {
    expect(narrowed(query)).toBe(wanted);
  });
});

describe('refuses', () => {
  it.each([
    '',
    ';',
    'DROP DATABASE readings',
    'SELECT * INTO "b" FROM "a"',
    'SELECT * FROM "other"."autogen"."a"',
    'SELECT * FROM "other".."a"',
    'SELECT * FROM "a" WHERE 1 = 1) OR (1 = 1',
    'SELECT * FROM "a" WHERE (1 = 1',
    'SELECT * FROM "a" -- WHERE',
    'SELECT * FROM "a" /* x */',
    'SELECT * FROM (SELECT * FROM "a"), "b"',
    'SELECT * FROM "a" WHERE "x" = \'\\q\'',
    'SELECT * FROM "a" WHERE "owner"::field = 1',
    'SELECT * FROM "a" WHERE x = 1 WHERE y = 2',
    'SELECT * FROM "a" GROUP BY x FROM "b"',
    'SELECT /a FROM b/ FROM "c" WHERE "unfinished',
    'SELECT * FROM "a" WHERE "x" =~ /\\/',
    'SHOW SERIES',
    'SHOW DATABASES',
    'SHOW USERS',
    'SHOW TAG VALUES ON other FROM "a" WITH KEY = "asset"',
    'SHOW TAG VALUES WITH KEY = "asset" WHERE x = 1 ) OR ( 1 = 1',
    'EXPLAIN SELECT * FROM "a"',
    `SELECT * FROM "a" WHERE ${'('.repeat(70_000)}`,
    `${'SELECT * FROM ('.repeat(50)}SELECT * FROM "a"${')'.repeat(50)}`,
  ])('%.80s', (query) => {
    expect(() => narrowed(query)).toThrow();
  });
});

it('quotes the owner, whatever it is called', () => {
  expect(filterInfluxql('SELECT a FROM b', `x' OR 'y' = 'y\\`)).toBe(
    `SELECT a FROM b WHERE "owner" = 'x\\' OR \\'y\\' = \\'y\\\\'`,
  );
});

/** Pieces of InfluxQL in any order: most are nonsense, and none may slip by. */
const piece = fc.constantFrom(
  ...[
    'SELECT',
    'FROM',
    'WHERE',
    'AND',
    'OR',
    'GROUP BY',
    'INTO',
    'SHOW TAG VALUES',
    'WITH KEY =',
    'LIMIT 1',
    'fill(none)',
  ],
  ...[
    '(',
    ')',
    ',',
    ';',
    '/',
    '--',
    '/*',
    '*/',
    '.',
    '"a"',
    '"owner"',
    "'x'",
    "'\\''",
    '/re/',
    '/\\/',
    '1h',
    '=',
    '=~',
    '*',
    "'",
    '"',
  ],
);

it('whatever passes reads nothing that is not narrowed', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      let passed: string;
      try {
        passed = narrowed(`SELECT x FROM ${pieces.join(' ')}`);
      } catch {
        return;
      }
      const list = tokens(passed);
      for (const [i, token] of list.entries()) {
        if (token.kind !== 'word' || token.text.toUpperCase() !== 'FROM') continue;
        const rest = list.slice(i + 1).map(({ text }) => text);
        if (rest[0] === '(') continue; // a query within: it has a FROM of its own
        const where = rest.indexOf('WHERE');
        expect(where, passed).toBeGreaterThan(0);
        // Between FROM and its WHERE are measurements and commas alone.
        expect(
          rest.slice(0, where).every((text) => text === ',' || /^["/\w]/.test(text)),
          passed,
        ).toBe(true);
        expect(rest.slice(where + 1, where + 4), passed).toEqual(['"owner"', '=', "'ours'"]);
      }
      // Read again it is the same: nothing in it changes its meaning on the way.
      expect(
        tokens(passed)
          .map(({ text }) => text)
          .join(' '),
      ).toBe(list.map(({ text }) => text).join(' '));
    }),
    { numRuns: 3000 },
  );
});
