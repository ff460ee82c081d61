/**
 * The script against a Grafana that answers as the documentation of its HTTP API says (a double: Grafana cannot be installed
 * here). Run as people run it, as a process.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readWanted } from './wanted.ts';

interface Org {
  id: number;
  name: string;
  users: Set<string>;
  sources: Map<string, Record<string, unknown>>;
  folders: Map<string, unknown>;
  dashboards: Map<string, { folder: string; web: unknown }>;
  teams: Map<number, { name: string; members: number[] }>;
  permissions: unknown;
}

let server: Server;
let folder: string;
let orgs: Org[];
let base: string;
const PEOPLE = new Map([
  ['anna@example.dk', 11],
  ['bo@example.dk', 12],
]);

function newOrg(id: number, name: string): Org {
  return {
    id,
    name,
    users: new Set(['admin']),
    sources: new Map(),
    folders: new Map(),
    dashboards: new Map(),
    teams: new Map(),
    permissions: undefined,
  };
}

/** Status and body, as https://grafana.com/docs/grafana/latest/developers/http_api/ gives them. */
async function answer(request: IncomingMessage): Promise<[number, unknown]> {
  if (request.headers.authorization !== `Basic ${Buffer.from('admin:secret').toString('base64')}`)
    return [401, { message: 'Invalid username or password' }];
  const url = new URL(request.url ?? '', 'http://grafana');
  const at = `${request.method} ${url.pathname}`;
  const body = (request.method === 'POST' || request.method === 'PUT' ? await json(request) : {}) as Record<
    string,
    unknown
  >;
  const org = orgs.find(({ id }) => id === Number(request.headers['x-grafana-org-id'] ?? 1)) as Org;
  const missing: [number, unknown] = [404, { message: 'Not found' }];
  const of = (pattern: RegExp) => pattern.exec(at)?.[1];

  const name = of(/^GET \/api\/orgs\/name\/(.+)$/);
  if (name) {
    const found = orgs.find((o) => o.name === decodeURIComponent(name));
    return found ? [200, { id: found.id, name: found.name }] : missing;
  }
  if (at === 'POST /api/orgs') {
    orgs.push(newOrg(orgs.length + 1, String(body.name)));
    return [200, { orgId: orgs.length, message: 'Organization created' }];
  }
  const joins = of(/^POST \/api\/orgs\/(\d+)\/users$/);
  if (joins) {
    const users = orgs.find(({ id }) => id === Number(joins))?.users ?? new Set();
    if (users.has(String(body.loginOrEmail))) return [409, { message: 'User is already member of this organization' }];
    users.add(String(body.loginOrEmail));
    return [200, { message: 'User added to organization' }];
  }
  const source = of(/^(?:GET|PUT) \/api\/datasources\/uid\/(.+)$/);
  if (source) {
    if (!org.sources.has(source)) return missing;
    if (request.method === 'PUT') org.sources.set(source, body);
    return [200, org.sources.get(source)];
  }
  if (at === 'POST /api/datasources') {
    org.sources.set(String(body.uid), body);
    return [200, {}];
  }
  const inFolder = of(/^GET \/api\/folders\/(\w+)$/);
  if (inFolder) return org.folders.has(inFolder) ? [200, {}] : missing;
  if (at === 'POST /api/folders') {
    org.folders.set(String(body.uid), body);
    return [200, {}];
  }
  if (/^POST \/api\/folders\/sansevaerk\/permissions$/.test(at)) {
    org.permissions = body.items;
    return [200, { message: 'Folder permissions updated' }];
  }
  if (at === 'POST /api/dashboards/db') {
    const dashboard = body.dashboard as {
      uid: string;
      id: unknown;
      templating: { list: { name: string; query: unknown }[] };
    };
    if (dashboard.id !== null || body.overwrite !== true) return [412, { message: 'exists' }];
    org.dashboards.set(dashboard.uid, {
      folder: String(body.folderUid),
      web: dashboard.templating.list.find((v) => v.name === 'web')?.query,
    });
    return [200, { status: 'success' }];
  }
  const board = of(/^(?:GET|DELETE) \/api\/dashboards\/uid\/(.+)$/);
  if (board) {
    if (!org.dashboards.has(board)) return missing;
    if (request.method === 'DELETE') org.dashboards.delete(board);
    return [200, {}];
  }
  if (at === 'GET /api/teams/search')
    // Grafana searches for parts of names.
    return [
      200,
      {
        teams: [...org.teams]
          .map(([id, t]) => ({ id, name: t.name }))
          .filter((t) => t.name.includes(url.searchParams.get('name') ?? '')),
      },
    ];
  if (at === 'POST /api/teams') {
    const id = org.id * 100 + org.teams.size + 1;
    org.teams.set(id, { name: String(body.name), members: [] });
    return [200, { teamId: id, message: 'Team created' }];
  }
  const team = of(/^(?:GET|POST) \/api\/teams\/(\d+)\/members$/);
  if (team) {
    const found = org.teams.get(Number(team));
    if (!found) return missing;
    if (request.method === 'POST') found.members.push(Number(body.userId));
    return [200, found.members.map((userId) => ({ userId }))];
  }
  if (at === 'GET /api/users/lookup') {
    const id = PEOPLE.get(url.searchParams.get('loginOrEmail') ?? '');
    return id ? [200, { id }] : missing;
  }
  return [500, { message: `this double has no ${at}` }];
}

beforeEach(async () => {
  orgs = [newOrg(1, 'Main Org.')];
  folder = mkdtempSync(join(tmpdir(), 'sansevaerk-grafana-'));
  server = createServer((request, response) => {
    answer(request)
      .then(([status, body]) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      )
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, 'skive.token'), 'token-of-skive\n');
  writeFileSync(join(folder, 'lemvig.token'), 'token-of-lemvig\n');
});

afterEach(() => {
  server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const file = (language = 'da') => `
grafana: ${base}
web: https://sansevaerk.example.dk
engine: influxdb
gateway: http://127.0.0.1:8087
joint:
  id: 1
  teams: [{ name: Fælles drift, permission: view, members: [bo@example.dk] }]
organisations:
  - name: Skive Kommune
    language: ${language}
    tokenFile: skive.token
    teams:
      - { name: Drift, permission: edit, members: [anna@example.dk] }
      - { name: Drift og vagt, permission: view }
  - name: Lemvig Kommune
    language: en
    tokenFile: lemvig.token
    teams: []
`;

function run(yaml: string, password = 'secret'): Promise<{ code: number | null; out: string; errors: string }> {
  writeFileSync(join(folder, 'organisations.yaml'), yaml);
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../setup-organisations.ts'), join(folder, 'organisations.yaml')],
    {
      env: { PATH: process.env.PATH, GRAFANA_ADMIN_PASSWORD: password },
    },
  );
  let [out, errors] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((done) => child.once('close', (code) => done({ code, out, errors })));
}

const org = (name: string) => orgs.find((o) => o.name === name) as Org;

it('gives each organisation its own data source and token, its dashboards, teams and permissions', async () => {
  expect(await run(file())).toMatchObject({ code: 0, errors: '' });
  const [skive, lemvig] = [org('Skive Kommune'), org('Lemvig Kommune')];
  expect(skive.sources.get('sansevaerk-readings')).toMatchObject({
    type: 'influxdb',
    url: 'http://127.0.0.1:8087',
    jsonData: { version: 'InfluxQL', dbName: 'readings', httpHeaderName1: 'Authorization' },
    secureJsonData: { httpHeaderValue1: 'Token token-of-skive' },
  });
  expect(lemvig.sources.get('sansevaerk-readings')).toMatchObject({
    secureJsonData: { httpHeaderValue1: 'Token token-of-lemvig' },
  });
  expect([...skive.dashboards.keys()]).toContain('sansevaerk-waste-da');
  expect([...lemvig.dashboards.keys()]).toContain('sansevaerk-waste-en');
  // What reads the platform's own figures stays with the joint organisation.
  expect([...skive.dashboards.keys()].filter((uid) => /platform|alerts/.test(uid))).toEqual([]);
  for (const { folder, web } of skive.dashboards.values())
    expect([folder, web]).toEqual(['sansevaerk', 'https://sansevaerk.example.dk']);
  expect([...skive.teams.values()]).toEqual([
    { name: 'Drift', members: [11] },
    { name: 'Drift og vagt', members: [] },
  ]);
  expect(skive.permissions).toEqual([
    { teamId: 201, permission: 2 },
    { teamId: 202, permission: 1 },
  ]);
  expect(lemvig.permissions).toBeUndefined();
  expect(org('Main Org.').permissions).toEqual([{ teamId: 101, permission: 1 }]);
  expect(org('Main Org.').sources.size).toBe(0);
});

it('can be run again: nothing is made twice, and a change of language is followed', async () => {
  await run(file());
  expect(await run(file('en'))).toMatchObject({ code: 0 });
  expect(orgs).toHaveLength(3);
  const skive = org('Skive Kommune');
  expect([...skive.dashboards.keys()].every((uid) => uid.endsWith('-en'))).toBe(true);
  expect(skive.teams.size).toBe(2);
  expect(skive.teams.get(201)?.members).toEqual([11]);
});

it.each([
  ['a wrong password', () => run(file(), 'wrong'), /401/],
  ['somebody unknown', () => run(file().replace('anna@', 'ane@')), /knows nobody called ane@example.dk/],
  ['a token that is not there', () => run(file().replace('skive.token', 'gone.token')), /gone.token/],
  ['a Grafana that is not there', () => run(file().replace(base, 'http://127.0.0.1:1')), /does not answer/],
])('says in one line what is wrong: %s', async (_, go, sentence) => {
  const { code, errors } = await go();
  expect(code).toBe(1);
  expect(errors.trim().split('\n')).toHaveLength(1);
  expect(errors).toMatch(sentence);
});

it.each([
  ['engine: influxdb', 'engine: duckdb', /engine/],
  ['language: da', 'language: de', /language/],
  ['permission: edit', 'permission: own', /permission/],
  ['name: Lemvig Kommune', 'name: Skive Kommune', /twice/],
  ['web: https', 'hjem: https', /web|additional/],
])('refuses a file where %s is %s', (right, wrong, sentence) => {
  expect(() => readWanted(file().replace(right, wrong))).toThrow(sentence);
});
