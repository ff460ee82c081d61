/** The committed dashboards and provisioning files pass every check, and each check fails on a file broken on purpose. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { ENGINES, type Engine } from '../layer/engine.ts';
import { checkDashboard } from './check-dashboard.ts';
import type { DashboardJson, PanelJson } from './dashboard-json.ts';
import { type AlertFile, checkProvisioning, type DashboardFile, type DataSourceFile } from './provisioning.ts';

const root = join(import.meta.dirname, '..');
const generated = globSync('*/*/*.json', { cwd: join(root, 'generated') }).sort();
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const dashboard = (path: string) => JSON.parse(read(`generated/${path}`)) as DashboardJson;

function provisioned(engine: Engine) {
  const folder = engine === 'influxdb' ? 'provisioning' : 'provisioning-victoriametrics';
  return {
    dataSources: parse(read(`${folder}/datasources/sansevaerk.yaml`)) as DataSourceFile,
    dashboards: parse(read(`${folder}/dashboards/sansevaerk.yaml`)) as DashboardFile,
    alerts: parse(read(`${folder}/alerting/sansevaerk.yaml`)) as AlertFile,
  };
}

const known = (engine: Engine) => ({
  dataSources: new Map(provisioned(engine).dataSources.datasources.map(({ uid, type }) => [uid, type])),
  tags: new Set(['sansevaerk', 'sansevaerk-da', 'sansevaerk-en']),
  uids: new Set(generated.map((path) => dashboard(path).uid)),
});
const engineOf = (path: string) => (path.startsWith('influxdb') ? 'influxdb' : 'victoriametrics');

test.each(generated)('%s is sound', (path) => {
  expect(checkDashboard(dashboard(path), known(engineOf(path)))).toEqual([]);
});

test('no two dashboards of an engine have one uid', () => {
  for (const engine of ENGINES) {
    const uids = generated.filter((path) => engineOf(path) === engine).map((path) => dashboard(path).uid);
    expect(new Set(uids).size).toBe(uids.length);
  }
});

test('Danish and English differ in words alone', () => {
  const bones = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(bones)
      : value !== null && typeof value === 'object'
        ? Object.values(value).map(bones)
        : typeof value;
  for (const path of generated.filter((p) => dirname(p).endsWith('/da')))
    expect(bones(dashboard(path)), path).toEqual(bones(dashboard(path.replace('/da/', '/en/'))));
});

describe('a dashboard broken on purpose is found out', () => {
  /** The first panel that asks something. */
  const asking = ({ panels }: DashboardJson) =>
    panels.find(({ type, targets }) => type === 'timeseries' && targets) as PanelJson;
  const cases: [string, (json: DashboardJson) => void, RegExp][] = [
    ['an unknown key', (d) => Object.assign(asking(d), { colour: 'red' }), /schema/],
    ['a title that is a number', (d) => Object.assign(d, { title: 7 }), /schema/],
    [
      'a wrong legend',
      (d) => Object.assign(asking(d).options ?? {}, { legend: { displayMode: 'sideways' } }),
      /options: schema/,
    ],
    [
      'a wrong way to draw',
      (d) => Object.assign(asking(d).fieldConfig?.defaults.custom ?? {}, { drawStyle: 'crayon' }),
      /fieldConfig: schema/,
    ],
    [
      'a query without its language',
      (d) => Object.assign(asking(d).targets?.[0] ?? {}, { query: undefined, expr: undefined }),
      /schema/,
    ],
    [
      'a unit Grafana does not have',
      (d) => Object.assign(asking(d).fieldConfig?.defaults ?? {}, { unit: 'procent' }),
      /unit: Grafana has no procent/,
    ],
    [
      'the unit of another quantity',
      (d) => Object.assign(asking(d).fieldConfig?.defaults ?? {}, { unit: 'celsius' }),
      /unit: celsius, but/,
    ],
    [
      'a data source nobody provisions',
      (d) => Object.assign(asking(d).datasource ?? {}, { uid: 'gone' }),
      /data source: no .* gone/,
    ],
    [
      'a data source of the other kind',
      (d) => Object.assign(asking(d).targets?.[0]?.datasource ?? {}, { type: 'loki' }),
      /data source: no loki/,
    ],
    ['a panel that asks nothing', (d) => Object.assign(asking(d), { targets: [] }), /asks nothing/],
    ['overlapping panels', (d) => Object.assign(asking(d).gridPos, { y: asking(d).gridPos.y - 1 }), /layout: overlap/],
    ['a panel beyond the columns', (d) => Object.assign(asking(d).gridPos, { x: 20, y: 900 }), /layout: outside/],
    ['one id twice', (d) => Object.assign(asking(d), { id: 2 }), /id: twice/],
    ['no id', (d) => Object.assign(asking(d), { id: 0 }), /id: not a number/],
    ['one refId twice', (d) => asking(d).targets?.push(structuredClone(asking(d).targets![0]!)), /refId: A twice/], // it has one
    [
      'an undefined variable in a query',
      (d) => Object.assign(asking(d).targets?.[0] ?? {}, { query: 'SELECT $omraade', expr: '$omraade' }),
      /\$omraade is not defined/,
    ],
    [
      'an undefined variable in a title',
      (d) => Object.assign(asking(d), { title: `\${kommune}` }),
      /\$kommune is not defined/,
    ],
    [
      'a variable that was renamed',
      (d) => Object.assign(d.templating.list[0] ?? {}, { name: 'ejer' }),
      /\$owner is not defined/,
    ],
    ['a repeat over nothing', (d) => Object.assign(asking(d), { repeat: 'lag' }), /repeats over lag/],
    ['too long a uid', (d) => Object.assign(d, { uid: 'x'.repeat(41) }), /uid/],
    ['a link elsewhere', (d) => Object.assign(d.links?.[0] ?? {}, { url: 'https://example.com' }), /does not lead/],
    [
      'a link to a dashboard that is not there',
      (d) => Object.assign(asking(d), { links: [{ title: 'x', url: '/d/sansevaerk-gone-da?var-asset=x' }] }),
      /no dashboard sansevaerk-gone-da/,
    ],
    [
      'a link to a tag nobody has',
      (d) => Object.assign(d.links?.[1] ?? {}, { tags: ['andre'] }),
      /no dashboard has the tag/,
    ],
  ];
  describe.each(ENGINES)('%s', (engine) => {
    it.each(cases)('%s', (_, harm, sentence) => {
      const json = dashboard(`${engine}/da/waste.json`);
      harm(json);
      expect(checkDashboard(json, known(engine)).join('\n')).toMatch(sentence);
    });
  });
});

describe('provisioning', () => {
  const folders = new Set(generated.map(dirname));

  it.each(ENGINES)('the files of %s are sound', (engine) => {
    expect(checkProvisioning(provisioned(engine), folders)).toEqual([]);
  });

  const rule = (f: ReturnType<typeof provisioned>) => f.alerts.groups[0]!.rules[0]!; // the file has one
  const source = (f: ReturnType<typeof provisioned>) => f.dataSources.datasources[0]!; // the file has two
  const cases: [string, (files: ReturnType<typeof provisioned>) => void, RegExp][] = [
    ['a secret written down', (f) => Object.assign(source(f), { secureJsonData: { token: 'abc' } }), /shape/],
    ['a data source anybody may edit', (f) => Object.assign(source(f), { editable: true }), /shape/],
    ['Flux for InfluxQL', (f) => Object.assign(source(f), { jsonData: { version: 'Flux', dbName: 'x' } }), /shape/],
    ['one uid twice', (f) => f.dataSources.datasources.push(source(f)), /twice/],
    [
      'a folder that is not there',
      (f) => Object.assign(f.dashboards.providers[0]!.options, { path: '/etc/grafana/sansevaerk/influxdb/de' }),
      /no folder/,
    ],
    ['a provider without folder', (f) => Object.assign(f.dashboards.providers[0]!, { folderUid: '' }), /shape/],
    ['an alert in no folder', (f) => Object.assign(f.alerts.groups[0]!, { folder: 'Andre' }), /no folder Andre/],
    [
      'an alert on no data source',
      (f) => Object.assign(rule(f).data[0]!, { datasourceUid: 'gone' }),
      /no data source gone/,
    ],
    ['a condition that is no query', (f) => Object.assign(rule(f), { condition: 'B' }), /condition B/],
    ['an expression on nothing', (f) => Object.assign(rule(f).data[1]!.model, { expression: 'Z' }), /reads Z/],
    ['a wrong noDataState', (f) => Object.assign(rule(f), { noDataState: 'Calm' }), /shape/],
    ['an interval without unit', (f) => Object.assign(f.alerts.groups[0]!, { interval: 60 }), /shape/],
  ];
  it.each(cases)('%s is found out', (_, harm, sentence) => {
    const files = provisioned('influxdb');
    harm(files);
    expect(checkProvisioning(files, folders).join('\n')).toMatch(sentence);
  });
});
