/** The shape of Grafana's provisioning files, and that they agree with each other and with the dashboards. */
import { Ajv } from 'ajv';

const text = { type: 'string', minLength: 1 } as const;
const uid = { type: 'string', pattern: '^[a-zA-Z0-9_-]{1,40}$' } as const;
const ajv = new Ajv({ strict: false, allErrors: true });

/** https://grafana.com/docs/grafana/latest/administration/provisioning/#example-data-source-configuration-file */
const dataSourceFile = ajv.compile({
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'datasources'],
  properties: {
    apiVersion: { const: 1 },
    prune: { type: 'boolean' },
    datasources: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'uid', 'type', 'access', 'orgId', 'url', 'editable', 'jsonData'],
        properties: {
          name: text,
          uid,
          type: { enum: ['influxdb', 'prometheus'] },
          access: { const: 'proxy' },
          orgId: { type: 'integer', minimum: 1 },
          url: text,
          database: text,
          isDefault: { type: 'boolean' },
          editable: { const: false },
          jsonData: { type: 'object' },
          // A secret comes from a file or the environment, never from here.
          secureJsonData: { type: 'object', additionalProperties: { type: 'string', pattern: '\\$' } },
        },
        if: { properties: { type: { const: 'influxdb' } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: {
          required: ['database'],
          properties: { jsonData: { required: ['dbName', 'version'], properties: { version: { const: 'InfluxQL' } } } },
        },
      },
    },
  },
});

/** https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards */
const dashboardFile = ajv.compile({
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'providers'],
  properties: {
    apiVersion: { const: 1 },
    providers: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'orgId', 'folder', 'folderUid', 'type', 'options'],
        properties: {
          name: text,
          orgId: { type: 'integer', minimum: 1 },
          folder: text,
          folderUid: uid,
          type: { const: 'file' },
          disableDeletion: { type: 'boolean' },
          allowUiUpdates: { const: false },
          updateIntervalSeconds: { type: 'integer', minimum: 10 },
          options: { type: 'object', additionalProperties: false, required: ['path'], properties: { path: text } },
        },
      },
    },
  },
});

/** https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/ */
const alertFile = ajv.compile({
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'groups'],
  properties: {
    apiVersion: { const: 1 },
    groups: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['orgId', 'name', 'folder', 'interval', 'rules'],
        properties: {
          orgId: { type: 'integer', minimum: 1 },
          name: text,
          folder: text,
          interval: { type: 'string', pattern: '^\\d+[smh]$' },
          rules: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['uid', 'title', 'condition', 'for', 'noDataState', 'execErrState', 'data'],
              properties: {
                uid,
                title: text,
                condition: text,
                for: { type: 'string', pattern: '^\\d+[smh]$' },
                noDataState: { enum: ['Alerting', 'NoData', 'OK', 'KeepLast'] },
                execErrState: { enum: ['Alerting', 'Error', 'OK', 'KeepLast'] },
                annotations: { type: 'object', additionalProperties: text },
                labels: { type: 'object', additionalProperties: text },
                data: {
                  type: 'array',
                  minItems: 1,
                  items: {
                    type: 'object',
                    additionalProperties: false,
                    required: ['refId', 'datasourceUid', 'model'],
                    properties: {
                      refId: text,
                      datasourceUid: text,
                      relativeTimeRange: {
                        type: 'object',
                        required: ['from', 'to'],
                        properties: { from: { type: 'integer', minimum: 1 }, to: { type: 'integer', minimum: 0 } },
                      },
                      model: { type: 'object', required: ['refId'] },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
});

export interface DataSourceFile {
  datasources: { name: string; uid: string; type: string; orgId: number }[];
}
export interface DashboardFile {
  providers: { name: string; folder: string; folderUid: string; options: { path: string } }[];
}
export interface AlertFile {
  groups: {
    name: string;
    folder: string;
    rules: {
      uid: string;
      condition: string;
      data: { refId: string; datasourceUid: string; model: { refId: string; expression?: string } }[];
    }[];
  }[];
}

/** Problems of one set of files, parsed. `folders`: what lies below generated/, such as `influxdb/da`. */
export function checkProvisioning(
  files: { dataSources: DataSourceFile; dashboards: DashboardFile; alerts: AlertFile },
  folders: ReadonlySet<string>,
): string[] {
  const shape = [
    ...shapeOf(dataSourceFile, files.dataSources, 'datasources'),
    ...shapeOf(dashboardFile, files.dashboards, 'dashboards'),
    ...shapeOf(alertFile, files.alerts, 'alerting'),
  ];
  if (shape.length > 0) return shape;
  const uids = files.dataSources.datasources.map((source) => source.uid);
  const titles = files.dashboards.providers.map(({ folder }) => folder);
  return [
    ...twice(uids).map((id) => `datasources: uid ${id} twice`),
    ...twice(files.dashboards.providers.map(({ folderUid }) => folderUid)).map(
      (id) => `dashboards: folder ${id} twice`,
    ),
    ...files.dashboards.providers.flatMap(({ name, options: { path } }) => noFolder(name, path, folders)),
    ...files.alerts.groups.flatMap(({ name, folder, rules }) => [
      ...(titles.includes(folder) ? [] : [`alerting: ${name}: no folder ${folder}`]),
      ...rules.flatMap((rule) => checkRule(rule, new Set([...uids, '__expr__']))),
    ]),
  ];
}

function checkRule(
  { uid, condition, data }: AlertFile['groups'][number]['rules'][number],
  sources: ReadonlySet<string>,
): string[] {
  const refs = data.map(({ refId }) => refId);
  return [
    ...(refs.includes(condition) ? [] : [`alerting: ${uid}: condition ${condition} is no query`]),
    ...twice(refs).map((ref) => `alerting: ${uid}: query ${ref} twice`),
    ...data.flatMap(({ refId, datasourceUid, model }) => [
      ...(sources.has(datasourceUid) ? [] : [`alerting: ${uid}: no data source ${datasourceUid}`]),
      ...(model.refId === refId ? [] : [`alerting: ${uid}: query ${refId} says it is ${model.refId}`]),
      ...(model.expression === undefined || refs.includes(model.expression)
        ? []
        : [`alerting: ${uid}: ${refId} reads ${model.expression}, which is no query`]),
    ]),
  ];
}

function noFolder(name: string, path: string, folders: ReadonlySet<string>): string[] {
  const [, engine, language] = /^\/etc\/grafana\/sansevaerk\/(\w+)\/(.+)$/.exec(path) ?? [];
  const meant = language === '$SANSEVAERK_GRAFANA_LANGUAGE' ? ['da', 'en'] : [language];
  return meant
    .map((l) => `${engine}/${l}`)
    .filter((f) => !folders.has(f))
    .map((f) => `dashboards: ${name}: no folder ${f}`);
}

function shapeOf(validate: ReturnType<typeof ajv.compile>, value: unknown, where: string): string[] {
  return validate(value) ? [] : (validate.errors ?? []).map((e) => `${where}: shape: ${e.instancePath} ${e.message}`);
}

function twice(list: readonly string[]): string[] {
  return [...new Set(list.filter((item, i) => list.indexOf(item) !== i))];
}
