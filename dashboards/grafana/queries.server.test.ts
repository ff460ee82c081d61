/** Every query of every committed dashboard, asked of a seeded InfluxDB and VictoriaMetrics, gives the seeded numbers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startInfluxdb } from '../../test/lib/servers/influxdb.ts';
import type { EngineServer } from '../../test/lib/servers/server-process.ts';
import { startVictoriaMetrics } from '../../test/lib/servers/victoria-metrics.ts';
import { BOARDS } from './dashboards.ts';
import { filterInfluxql } from './gateway/influxql-filter.ts';
import type { Engine } from './layer/engine.ts';
import type { Panel } from './layer/panels.ts';
import { hasZero, isSummedByGrafana, type SeriesQuery, type Shape } from './layer/query.ts';
import { askInfluxdb, type Got, influxAnswers, promAnswers } from './testing/ask.ts';
import { interpolate, type Values } from './testing/interpolate.ts';
import { type Answer, expected, tagsFor } from './testing/oracle.ts';
import { lineOf, OWNERS, retractedLineOf, seedRows } from './testing/seed.ts';

const SHAPE: Record<Exclude<Panel['kind'], 'note'>, Shape> = {
  figure: 'figure',
  bars: 'figure',
  graph: 'graph',
  states: 'graph',
  ranking: 'table',
};
const DATABASE = 'readings';
const rows = seedRows();

interface Asked {
  what: string;
  query: SeriesQuery;
  shape: Shape;
  targets: { refId: string; query?: string; expr?: string }[];
}

interface Saved {
  panels: { type: string; targets?: Asked['targets'] }[];
  templating: { list: { name: string; type: string; query: string }[] };
}

/** The panels of a committed dashboard, each beside what was declared: they stand in the same order. */
function askedBy(engine: Engine): Asked[] {
  return BOARDS.flatMap((board) => {
    const saved = load(engine, board.id).panels.filter(({ type }) => type !== 'row');
    const declared = board.sections.flatMap(({ panels }) => panels);
    expect(saved).toHaveLength(declared.length);
    return declared.flatMap((panel, i) =>
      panel.kind !== 'note' && panel.query.kind === 'readings'
        ? [
            {
              what: `${board.id}: ${panel.title.en}`,
              query: panel.query,
              shape: SHAPE[panel.kind],
              targets: saved[i]?.targets ?? [],
            },
          ]
        : [],
    );
  });
}

function load(engine: Engine, board: string): Saved {
  return JSON.parse(
    readFileSync(join(import.meta.dirname, 'generated', engine, 'da', `${board}.json`), 'utf8'),
  ) as Saved;
}

let influxdb: EngineServer;
let victoria: EngineServer;

beforeAll(async () => {
  [influxdb, victoria] = await Promise.all([startInfluxdb(), startVictoriaMetrics()]);
  const lines = rows.map(lineOf);
  await write(`${victoria.url}/influx/write?precision=ms`, lines);
  const retracted = rows.filter((_, i) => i % 5 === 0).map(retractedLineOf);
  await write(`${influxdb.url}/api/v2/write?bucket=${DATABASE}&precision=ms`, [...lines, ...retracted]);
  await fetch(`${victoria.url}/internal/force_flush`);
}, 60_000);

afterAll(async () => {
  await Promise.all([influxdb?.stop(), victoria?.stop()]);
});

async function write(url: string, lines: readonly string[]): Promise<void> {
  for (let i = 0; i < lines.length; i += 10_000) {
    const { ok, status } = await fetch(url, { method: 'POST', body: lines.slice(i, i + 10_000).join('\n') });
    if (!ok) throw new Error(`${status} from ${url}`);
  }
}

function compare(got: readonly Answer[], wanted: readonly Answer[]): void {
  const tidy = (answers: readonly Answer[]) =>
    answers.map(({ key, step, value }) => `${key} @${step} = ${Number(value.toPrecision(9))}`).sort();
  expect(tidy(got)).toEqual(tidy(wanted));
}

const EVERYTHING: Values = { owner: 'all', asset: 'all' };
const ONE_OWNER: Values = { owner: [OWNERS[1]], asset: 'all' };

describe.each([
  ['every owner', EVERYTHING, {}],
  ['one owner', ONE_OWNER, { owners: [OWNERS[1]] }],
])('%s', (_, values, chosen) => {
  test.each(askedBy('influxdb'))('InfluxQL $what', async ({ query, shape, targets }) => {
    const wanted = expected(query, shape, rows, chosen);
    expect(wanted.length, 'the seed gives this query nothing to answer').toBeGreaterThan(0);
    const [{ query: text = '' } = {}] = targets;
    const got = await influxAnswers(
      influxdb.url,
      DATABASE,
      interpolate(text, 'influxql', values),
      tagsFor(query),
      shape === 'graph',
    );
    compare(isSummedByGrafana(query, shape) ? summed(got) : got, wanted);
    if (shape === 'table' && query.reduce === 'last') sameTimes(got, query);
  });

  test.each(askedBy('victoriametrics'))('MetricsQL $what', async ({ query, shape, targets }) => {
    const [main, time] = targets;
    const ask = (expr = '') =>
      promAnswers(victoria.url, interpolate(expr, 'promql', values), tagsFor(query), shape === 'graph');
    compare(await ask(main?.expr), expected(query, shape, rows, chosen));
    if (!time) return;
    sameTimes(
      (await ask(time.expr)).map((answer) => ({ ...answer, time: answer.value })),
      query,
    );
  });
});

describe('blind is not calm', () => {
  const counts = (engine: Engine) => askedBy(engine).filter(({ query, shape }) => hasZero(query, shape));
  const nobody: Values = { owner: 'all', asset: ['nobody'] };
  const empty: Values = { owner: 'all', asset: ['waste-container.11'] };
  const full = /^waste: To be emptied/;

  test.each(counts('influxdb'))(
    'InfluxQL $what: nothing, not 0, where nothing was measured',
    async ({ what, query, targets }) => {
      const ask = (values: Values) =>
        influxAnswers(
          influxdb.url,
          DATABASE,
          interpolate(targets[0]?.query ?? '', 'influxql', values),
          tagsFor(query),
          false,
        );
      expect(await ask(nobody)).toEqual([]);
      if (full.test(what)) expect(await ask(empty)).toMatchObject([{ value: 0 }]);
    },
  );

  test.each(counts('victoriametrics'))(
    'MetricsQL $what: nothing, not 0, where nothing was measured',
    async ({ what, query, targets }) => {
      const ask = (values: Values) =>
        promAnswers(victoria.url, interpolate(targets[0]?.expr ?? '', 'promql', values), tagsFor(query), false);
      expect(await ask(nobody)).toEqual([]);
      if (full.test(what)) expect(await ask(empty)).toMatchObject([{ value: 0 }]);
    },
  );
});

/** As an organisation's own data source sees it: everything asked for, narrowed by the gateway. */
describe('through the gateway', () => {
  test.each(askedBy('influxdb'))('InfluxQL $what', async ({ query, shape, targets }) => {
    const [{ query: text = '' } = {}] = targets;
    const narrowed = filterInfluxql(interpolate(text, 'influxql', EVERYTHING), OWNERS[0]);
    const got = await influxAnswers(influxdb.url, DATABASE, narrowed, tagsFor(query), shape === 'graph');
    compare(isSummedByGrafana(query, shape) ? summed(got) : got, expected(query, shape, rows, { owners: [OWNERS[0]] }));
  });
});

/** What the panel's calculation does with the results of several types. */
function summed(got: readonly Got[]): Answer[] {
  return got.length === 0 ? [] : [{ key: '', step: 0, value: got.reduce((total, { value }) => total + value, 0) }];
}

/** The latest value comes with the time it was measured. */
function sameTimes(got: readonly Got[], query: SeriesQuery): void {
  const last = new Map<string, number>();
  for (const row of rows) {
    const key = tagsFor(query)
      .map((tag) => row[tag])
      .join(' ');
    last.set(key, Math.max(last.get(key) ?? 0, row.time));
  }
  for (const { key, time } of got) expect(time, key).toBe(last.get(key));
}

describe('variables', () => {
  const of = (engine: Engine, board: string) =>
    new Map(load(engine, board).templating.list.map((v) => [v.name, v.query]));
  const assets = (types: readonly string[], owner?: string) =>
    [
      ...new Set(
        rows.filter((r) => types.includes(r.type) && (owner === undefined || r.owner === owner)).map((r) => r.asset),
      ),
    ].sort();
  const boards = BOARDS.filter((b) => b.types !== 'none').map((b) => ({
    id: b.id,
    types: b.types === 'every' ? [...new Set(rows.map((r) => r.type))] : [...b.types].map(String),
  }));

  test.each(boards)('InfluxQL $id', async ({ id, types }) => {
    const ask = async (name: string) => {
      const text = of('influxdb', id).get(name) ?? '';
      const { series = [] } = await askInfluxdb(influxdb.url, DATABASE, interpolate(text, 'influxql', ONE_OWNER));
      return [...new Set(series.flatMap((s) => s.values.map((row) => String(row[1]))))].sort();
    };
    expect(await ask('owner')).toEqual([...OWNERS]);
    expect(await ask('asset')).toEqual(assets(types, OWNERS[1]));
  });

  test.each(boards)('MetricsQL $id', async ({ id, types }) => {
    const ask = async (name: string) => {
      const text = interpolate(of('victoriametrics', id).get(name) ?? '', 'promql', ONE_OWNER);
      // Grafana reads label_values(match, label) and asks /api/v1/label/…/values.
      const [, match = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(text) ?? [];
      const query = new URLSearchParams({
        'match[]': match,
        start: '2026-03-01T00:00:00Z',
        end: '2026-03-03T00:00:00Z',
      });
      const response = await fetch(`${victoria.url}/api/v1/label/${label}/values?${query}`);
      return ((await response.json()) as { data: string[] }).data;
    };
    expect(await ask('owner')).toEqual([...OWNERS]);
    expect(await ask('asset')).toEqual(assets(types, OWNERS[1]));
  });
});
