/** What setup-organisations.ts is asked to make: a YAML file, read and checked. */
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { ENGINES, type Engine } from '../layer/engine.ts';
import { LANGUAGES, type Language } from '../layer/language.ts';

export type Permission = 'view' | 'edit' | 'admin';

export interface Team {
  name: string;
  permission: Permission;
  /** Logins or mail addresses of people Grafana knows already. */
  members?: string[];
}

export interface Wanted {
  /** Address of Grafana. */
  grafana: string;
  /** Address of the web app, as a browser reaches it. */
  web: string;
  engine: Engine;
  /** Address of the gateway, as Grafana reaches it. */
  gateway: string;
  /** Only InfluxQL needs a name; the gateway has one database. */
  database?: string;
  /** The joint organisation, whose data sources and dashboards are provisioned from files. */
  joint?: { id: number; teams: Team[] };
  organisations: Organisation[];
}

export interface Organisation {
  name: string;
  language: Language;
  /** File with an API token of this organisation, role reader. */
  tokenFile: string;
  teams: Team[];
}

const text = { type: 'string', minLength: 1 } as const;
const url = { type: 'string', pattern: '^https?://[^ ]+[^/ ]$' } as const;
const teams = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'permission'],
    properties: {
      name: text,
      permission: { enum: ['view', 'edit', 'admin'] },
      members: { type: 'array', items: text },
    },
  },
} as const;

const validate = new Ajv({ allErrors: true }).compile({
  type: 'object',
  additionalProperties: false,
  required: ['grafana', 'web', 'engine', 'gateway', 'organisations'],
  properties: {
    grafana: url,
    web: url,
    engine: { enum: [...ENGINES] },
    gateway: url,
    database: text,
    joint: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'teams'],
      properties: { id: { type: 'integer', minimum: 1 }, teams },
    },
    organisations: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'language', 'tokenFile', 'teams'],
        properties: { name: text, language: { enum: [...LANGUAGES] }, tokenFile: text, teams },
      },
    },
  },
});

/** @throws Error that names each place at fault. */
export function readWanted(yaml: string): Wanted {
  const value: unknown = parse(yaml);
  if (!validate(value))
    throw new Error((validate.errors ?? []).map((e) => `${e.instancePath || 'the file'} ${e.message}`).join('; '));
  const wanted = value as Wanted; // the schema says so
  const names = wanted.organisations.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`organisation ${twice} twice`);
  return wanted;
}
