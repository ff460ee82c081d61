/** The dashboards about the platform itself: each metric they name is on `/metrics`, and each query gives the seeded numbers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startPlatform } from '../../test/lib/platform.ts';
import type { EngineServer } from '../../test/lib/servers/server-process.ts';
import { startVictoriaMetrics } from '../../test/lib/servers/victoria-metrics.ts';
import { BOARDS } from './dashboards.ts';
import type { MetricQuery } from './layer/query.ts';
import { promAnswers } from './testing/ask.ts';
import { interpolate } from './testing/interpolate.ts';
import { FROM, TO } from './testing/seed.ts';

const STEP = 30_000;
const PER_HOUR = 3_600_000 / STEP;

/** Counters rise by one a step, gauges stand. Labels as the platform gives them. */
const COUNTERS = [
  'sansevaerk_transitions_total{to="raised"}',
  'sansevaerk_transitions_total{to="cleared"}',
  'sansevaerk_notifications_total{outcome="sent"}',
  'sansevaerk_ingest_accepted_total{door="mqtt"}',
  'sansevaerk_ingest_accepted_total{door="http"}',
  'sansevaerk_ingest_refused_total{reason="secret"}',
  'sansevaerk_rejects_total{reason="malformed-json"}',
  'sansevaerk_stage_records_total{stage="decode"}',
  'sansevaerk_stage_retries_total{stage="store"}',
  // All of them within the third bucket.
  'sansevaerk_ingest_commit_seconds_bucket{le="0.005"}',
  'sansevaerk_ingest_commit_seconds_bucket{le="+Inf"}',
];
const GAUGES: Record<string, number> = {
  'sansevaerk_alerts{severity="critical",outcome="alarm",state="open"}': 2,
  'sansevaerk_alerts{severity="critical",outcome="alarm",state="acknowledged"}': 1,
  'sansevaerk_alerts{severity="info",outcome="worklist",state="open"}': 9,
  'sansevaerk_platform_alert{name="disk"}': 1,
  'sansevaerk_platform_alert{name="clock"}': 0,
  'sansevaerk_stage_freshness_seconds{stage="decode"}': 2,
  'sansevaerk_stage_freshness_seconds{stage="store"}': 3,
  'sansevaerk_stage_pending_records{stage="store"}': 17,
  sansevaerk_queryable_freshness_seconds: 4,
  'sansevaerk_ingest_connections{state="open"}': 41,
  'sansevaerk_ingest_connections{state="half-open"}': 5,
};

/** What each panel shows, by its title: every line with its value, the same in each hour. */
const WANTED: Record<string, Record<string, number>> = {
  Critical: { '': 3 },
  High: { '': 0 },
  Low: { '': 0 },
  Info: { '': 9 },
  'Alerts that stand, by severity': { critical: 3, info: 9 },
  Raised: { '': 6 * PER_HOUR },
  Cleared: { '': 6 * PER_HOUR },
  'Raised and cleared': { raised: PER_HOUR, cleared: PER_HOUR },
  'Messages to people, by outcome': { sent: PER_HOUR },
  'Platform alerts that stand': { '': 1 },
  'From reception until the value can be seen': { '': 4 },
  'Waiting to be handled': { '': 17 },
  'Connected devices': { '': 41 },
  'Messages accepted per second': { mqtt: PER_HOUR / 3600, http: PER_HOUR / 3600 },
  'Time until a message is safe on disk (99 %)': { '': 0.00495 },
  'Connections and packets refused': { secret: PER_HOUR },
  'Rejected messages by reason': { 'malformed-json': PER_HOUR },
  'Waiting by stage': { store: 17 },
  'Delay by stage': { decode: 2, store: 3 },
  'Records handled per second': { decode: PER_HOUR / 3600 },
  'Tried again because something did not answer': { store: PER_HOUR },
};

interface Asked {
  title: string;
  query: MetricQuery;
  isGraph: boolean;
  expr: string;
}

const asked: Asked[] = BOARDS.flatMap((board) => {
  const saved = JSON.parse(
    readFileSync(join(import.meta.dirname, 'generated/influxdb/en', `${board.id}.json`), 'utf8'),
  ) as {
    panels: { title: string; targets?: { expr: string }[] }[];
  };
  return board.sections.flatMap(({ panels }) =>
    panels.flatMap((panel) =>
      panel.kind !== 'note' && panel.query.kind === 'platform'
        ? [
            {
              title: panel.title.en,
              query: panel.query,
              isGraph: panel.kind === 'graph',
              expr: saved.panels.find(({ title }) => title === panel.title.en)?.targets?.[0]?.expr ?? '',
            },
          ]
        : [],
    ),
  );
});

let victoria: EngineServer;

beforeAll(async () => {
  victoria = await startVictoriaMetrics();
  const lines: string[] = [];
  for (let time = FROM - 3_600_000, n = 1000; time <= TO; time += STEP, n++)
    lines.push(
      ...COUNTERS.map((name) => `${name} ${n} ${time}`),
      ...Object.entries(GAUGES).map(([name, value]) => `${name} ${value} ${time}`),
    );
  const { ok, status } = await fetch(`${victoria.url}/api/v1/import/prometheus`, {
    method: 'POST',
    body: lines.join('\n'),
  });
  if (!ok) throw new Error(`${status}`);
  await fetch(`${victoria.url}/internal/force_flush`);
}, 60_000);

afterAll(async () => {
  await victoria?.stop();
});

describe('numbers', () => {
  it.each(asked)('$title', async ({ title, query, isGraph, expr }) => {
    const all = { owner: 'all', asset: 'all' } as const;
    const got = await promAnswers(
      victoria.url,
      interpolate(expr, 'promql', all),
      query.legend ? [query.legend] : [],
      isGraph,
    );
    const wanted = Object.entries(WANTED[title] ?? {});
    expect(wanted.length, 'no numbers are written down for it').toBeGreaterThan(0);
    expect(got).toHaveLength(wanted.length * (isGraph ? 6 : 1));
    for (const { key, value } of got) expect(value, key).toBeCloseTo(Object.fromEntries(wanted)[key] ?? Number.NaN, 5);
  });
});

it('names only metrics that the platform has', async () => {
  const platform = await startPlatform();
  try {
    const text = await platform.api<string>('GET', '/metrics');
    const there = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name));
    const rules = parse(
      readFileSync(join(import.meta.dirname, 'provisioning/alerting/sansevaerk.yaml'), 'utf8'),
    ) as unknown;
    const named = new Set(`${JSON.stringify(asked)}${JSON.stringify(rules)}`.match(/sansevaerk_\w+/g));
    // A histogram's buckets carry its name and an ending.
    expect([...named].map((name) => name.replace(/_bucket$/, '')).filter((name) => !there.has(name))).toEqual([]);
  } finally {
    await platform.stop();
  }
});
