/** The JSON against the schemas of Grafana's own SDK: the dashboard, and what that leaves open: each panel's options and queries. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { DashboardJson, PanelJson, TargetJson } from './dashboard-json.ts';

const ANY = [
  ['MatcherConfig', 'options'],
  ['DynamicConfigValue', 'value'],
] as const;
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });

function definition(schema: string, name: string): ValidateFunction | undefined {
  const text = readFileSync(join(import.meta.dirname, 'schemas', `${schema}.jsonschema.json`), 'utf8');
  const { definitions } = JSON.parse(text) as { definitions: Record<string, { properties?: Record<string, unknown> }> };
  // Where the SDK's TypeScript says `any` its schema says object, which Grafana's own dashboards would fail.
  for (const [type, property] of ANY) {
    const properties = definitions[type]?.properties;
    if (properties?.[property]) properties[property] = {};
  }
  return definitions[name] ? ajv.compile({ definitions, $ref: `#/definitions/${name}` }) : undefined;
}

const dashboard = definition('dashboard', 'Dashboard');
const panelParts = definition('dashboard', 'Panel');
const row = definition('dashboard', 'RowPanel');
const promQuery = definition('prometheus', 'Dataquery');
const KINDS = new Map(
  ['timeseries', 'stat', 'table', 'bargauge', 'statetimeline', 'text'].map((kind) => [
    // The schema's name and the panel's differ in this one.
    kind === 'statetimeline' ? 'state-timeline' : kind,
    { options: definition(kind, 'Options'), custom: definition(kind, 'FieldConfig') },
  ]),
);

/** The SDK has none for InfluxDB: what its raw query editor saves. */
const influxQuery = ajv.compile({
  type: 'object',
  additionalProperties: false,
  required: ['refId', 'datasource', 'query', 'rawQuery', 'resultFormat'],
  properties: {
    refId: { type: 'string', pattern: '^[A-Z]$' },
    datasource: {
      type: 'object',
      required: ['type', 'uid'],
      properties: { type: { const: 'influxdb' }, uid: { type: 'string' } },
    },
    query: { type: 'string', pattern: '^SELECT ' },
    rawQuery: { const: true },
    resultFormat: { enum: ['time_series', 'table'] },
    alias: { type: 'string' },
  },
});

export function checkSchema(json: DashboardJson): string[] {
  const { panels, ...rest } = json;
  // Panels one by one: within the dashboard each error would be told once for every kind of panel it is not.
  return [...errors(dashboard, { ...rest, panels: [] }, 'dashboard'), ...panels.flatMap((panel) => checkPanel(panel))];
}

function checkPanel(panel: PanelJson): string[] {
  const where = `panel ${panel.id} (${panel.title})`;
  if (panel.type === 'row') return errors(row, panel, where);
  const kind = KINDS.get(panel.type);
  if (!kind) return [`${where}: no schema for panels of type ${panel.type}`];
  const custom = panel.fieldConfig?.defaults.custom;
  return [
    ...errors(panelParts, panel, where),
    ...errors(kind.options, panel.options ?? {}, `${where} options`),
    ...(custom && Object.keys(custom).length > 0 ? errors(kind.custom, custom, `${where} fieldConfig`) : []),
    ...(panel.targets ?? []).flatMap((target) => checkTarget(target, where)),
  ];
}

function checkTarget(target: TargetJson, where: string): string[] {
  return errors(
    target.datasource?.type === 'influxdb' ? influxQuery : promQuery,
    target,
    `${where} query ${target.refId}`,
  );
}

function errors(validate: ValidateFunction | undefined, value: unknown, where: string): string[] {
  if (!validate || validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${where}: schema: ${instancePath} ${message}`);
}
