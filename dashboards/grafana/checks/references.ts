/** What a dashboard names is there: data sources, variables, other dashboards' tags; what must be unique is. */
import type { DashboardJson, PanelJson } from './dashboard-json.ts';

export interface Known {
  /** uid to type of the provisioned data sources. */
  dataSources: ReadonlyMap<string, string>;
  /** Tags of all dashboards of the set. */
  tags: ReadonlySet<string>;
  /** uids of all dashboards of the set. */
  uids: ReadonlySet<string>;
}

/** https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#global-variables, and those of links. */
const GLOBAL =
  /^(__interval|__range|__rate_interval|timeFilter|tag_(owner|asset|quantity)|m|__field\.labels\.asset|__value\.text|\d)$/;

export function checkReferences(json: DashboardJson, known: Known): string[] {
  return [
    ...checkDataSources(json, known),
    ...checkIds(json),
    ...checkVariables(json),
    ...checkLinks(json, known),
    ...checkDashboards(json, known),
  ];
}

function checkDataSources({ panels, templating }: DashboardJson, { dataSources }: Known): string[] {
  const used = [
    ...panels.flatMap(({ id, datasource, targets = [] }) =>
      [datasource, ...targets.map((t) => t.datasource)].flatMap((source) =>
        source ? [{ where: `panel ${id}`, source }] : [],
      ),
    ),
    ...templating.list.flatMap(({ name, datasource }) =>
      datasource ? [{ where: `variable ${name}`, source: datasource }] : [],
    ),
  ];
  const asking = panels
    .filter(({ type, targets = [] }) => type !== 'row' && type !== 'text' && targets.length === 0)
    .map(({ id }) => `panel ${id}: data source: asks nothing`);
  return [
    ...asking,
    ...used
      .filter(({ source }) => dataSources.get(source.uid) !== source.type)
      .map(({ where, source }) => `${where}: data source: no ${source.type} with uid ${source.uid} is provisioned`),
  ];
}

function checkIds({ uid, panels, templating }: DashboardJson): string[] {
  return [
    ...(/^[a-zA-Z0-9_-]{1,40}$/.test(uid) ? [] : [`uid: ${uid} is not 1 to 40 letters, digits, - and _`]),
    ...repeated(panels.map(({ id }) => id)).map((id) => `panel ${id}: id: twice`),
    ...panels
      .filter(({ id }) => !Number.isInteger(id) || id < 1)
      .map(({ id }) => `panel ${id}: id: not a number from 1`),
    ...panels.flatMap(({ id, targets = [] }) =>
      repeated(targets.map(({ refId }) => refId)).map((refId) => `panel ${id}: refId: ${refId} twice`),
    ),
    ...repeated(templating.list.map(({ name }) => name)).map((name) => `variable ${name}: twice`),
    ...panels.filter(({ type, title }) => type !== 'text' && !title).map(({ id }) => `panel ${id}: title: none`),
  ];
}

function checkVariables(json: DashboardJson): string[] {
  const defined = new Set(json.templating.list.map(({ name }) => name));
  const unresolved = (text: string) =>
    [...text.matchAll(/\$\{([^}:]+)(?::\w+)?\}|\$(\w+)|\[\[(\w+)\]\]/g)]
      .map(([, braced, plain, old]) => braced ?? plain ?? old ?? '')
      .filter((name) => !defined.has(name) && !GLOBAL.test(name));
  const texts = (where: string, value: unknown): string[] =>
    [...new Set(strings(value).flatMap(unresolved))].map((name) => `${where}: variable: $${name} is not defined`);
  const repeats = json.panels.flatMap(({ id, repeat }: PanelJson) =>
    repeat === undefined || defined.has(repeat)
      ? []
      : [`panel ${id}: variable: repeats over ${repeat}, which is not defined`],
  );
  return [
    ...json.panels.flatMap((panel) => texts(`panel ${panel.id}`, panel)),
    ...texts(
      'variables',
      json.templating.list.map(({ query }) => query),
    ),
    ...texts('links', json.links),
    ...repeats,
  ];
}

function checkLinks({ links = [] }: DashboardJson, { tags }: Known): string[] {
  return links.flatMap(({ type, tags: named, url }) => {
    if (type === 'link') return url?.startsWith('$web/') ? [] : [`links: ${url} does not lead to the web app`];
    return named.filter((tag) => !tags.has(tag)).map((tag) => `links: no dashboard has the tag ${tag}`);
  });
}

function checkDashboards({ panels }: DashboardJson, { uids }: Known): string[] {
  return panels.flatMap((panel) => {
    const led = strings(panel).flatMap((text) => /^\/d\/([\w-]+)/.exec(text)?.[1] ?? []);
    return [...new Set(led)]
      .filter((uid) => !uids.has(uid))
      .map((uid) => `panel ${panel.id}: links: no dashboard ${uid}`);
  });
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(strings) : [];
}

function repeated<T>(list: readonly T[]): T[] {
  return [...new Set(list.filter((item, i) => list.indexOf(item) !== i))];
}
