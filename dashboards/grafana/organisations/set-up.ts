/**
 * One Grafana organisation a partner, each with one data source and a token of its own, the dashboards, and teams that may see
 * the folder. What is there is kept or brought up to date, so that running it again changes nothing else.
 */
import { type Engine, readingsSource } from '../layer/engine.ts';
import { LANGUAGES, type Language } from '../layer/language.ts';
import type { GrafanaApi } from './grafana-api.ts';
import type { Organisation, Permission, Team, Wanted } from './wanted.ts';

const FOLDER = { uid: 'sansevaerk', title: 'Sanseværk' };
/** https://grafana.com/docs/grafana/latest/developers/http_api/folder_permissions/ */
const PERMISSION: Record<Permission, number> = { view: 1, edit: 2, admin: 4 };

export interface SavedDashboard {
  uid: string;
  templating: { list: { name: string; query?: unknown }[] };
}

export interface SetUpParts {
  api: GrafanaApi;
  wanted: Wanted;
  /** Login of the administrator we are signed in as. */
  administrator: string;
  readToken: (path: string) => string;
  /** The dashboards that ask for readings alone. */
  dashboards: (engine: Engine, language: Language) => SavedDashboard[];
}

/** @throws Error at the first step Grafana refuses; what was done before stays, and the next run goes on. */
export async function setUp(parts: SetUpParts): Promise<void> {
  const { wanted } = parts;
  for (const organisation of wanted.organisations) await setUpOrganisation(parts, organisation);
  if (!wanted.joint) return;
  const { id, teams } = wanted.joint;
  await setUpTeams(parts.api, id, teams);
}

async function setUpOrganisation(parts: SetUpParts, organisation: Organisation): Promise<void> {
  const { api, wanted, administrator, dashboards } = parts;
  const id = await organisationId(api, organisation.name, administrator);
  await setUpDataSource(parts, id, organisation);
  if (!(await api.get(`/api/folders/${FOLDER.uid}`, id)))
    await api.change('POST', '/api/folders', { body: FOLDER, organisation: id });
  for (const dashboard of dashboards(wanted.engine, organisation.language))
    await api.change('POST', '/api/dashboards/db', {
      body: { dashboard: { ...withWeb(dashboard, wanted.web), id: null }, folderUid: FOLDER.uid, overwrite: true },
      organisation: id,
    });
  // The other language's, from before somebody changed his mind.
  for (const other of LANGUAGES.filter((language) => language !== organisation.language))
    for (const { uid } of dashboards(wanted.engine, other))
      if (await api.get(`/api/dashboards/uid/${uid}`, id))
        await api.change('DELETE', `/api/dashboards/uid/${uid}`, { organisation: id });
  await setUpTeams(api, id, organisation.teams);
}

async function organisationId(api: GrafanaApi, name: string, administrator: string): Promise<number> {
  const found = await api.get<{ id: number }>(`/api/orgs/name/${encodeURIComponent(name)}`);
  if (!found) return (await api.change<{ orgId: number }>('POST', '/api/orgs', { body: { name } })).orgId;
  // 409: a member already.
  await api.change('POST', `/api/orgs/${found.id}/users`, {
    body: { loginOrEmail: administrator, role: 'Admin' },
    fine: [409],
  });
  return found.id;
}

async function setUpDataSource(
  { api, wanted, readToken }: SetUpParts,
  organisation: number,
  { tokenFile }: Organisation,
): Promise<void> {
  const { type, uid } = readingsSource(wanted.engine);
  const database = wanted.database ?? 'readings';
  const body = {
    name: 'Sanseværk målinger',
    uid,
    type,
    access: 'proxy',
    url: wanted.gateway,
    isDefault: true,
    ...(type === 'influxdb' ? { database } : {}),
    jsonData: {
      httpMode: 'POST',
      timeInterval: '1m',
      httpHeaderName1: 'Authorization',
      ...(type === 'influxdb' ? { version: 'InfluxQL', dbName: database } : {}),
    },
    secureJsonData: { httpHeaderValue1: `Token ${readToken(tokenFile)}` },
  };
  const found = await api.get(`/api/datasources/uid/${uid}`, organisation);
  // Grafana does not give a token back, so it is set each time.
  if (found) await api.change('PUT', `/api/datasources/uid/${uid}`, { body, organisation });
  else await api.change('POST', '/api/datasources', { body, organisation });
}

/** Only these teams (and administrators) see the folder afterwards; without any team the folder stays as it is. */
async function setUpTeams(api: GrafanaApi, organisation: number, teams: readonly Team[]): Promise<void> {
  if (teams.length === 0) return;
  const items: { teamId: number; permission: number }[] = [];
  for (const team of teams) {
    const teamId = await setUpTeam(api, organisation, team);
    items.push({ teamId, permission: PERMISSION[team.permission] });
  }
  await api.change('POST', `/api/folders/${FOLDER.uid}/permissions`, { body: { items }, organisation });
}

async function setUpTeam(api: GrafanaApi, organisation: number, { name, members = [] }: Team): Promise<number> {
  const search = await api.get<{ teams: { id: number; name: string }[] }>(
    `/api/teams/search?name=${encodeURIComponent(name)}`,
    organisation,
  );
  const id =
    search?.teams.find((team) => team.name === name)?.id ??
    (await api.change<{ teamId: number }>('POST', '/api/teams', { body: { name }, organisation })).teamId;
  const present = (await api.get<{ userId: number }[]>(`/api/teams/${id}/members`, organisation)) ?? [];
  for (const member of members) {
    const user = await api.get<{ id: number }>(`/api/users/lookup?loginOrEmail=${encodeURIComponent(member)}`);
    if (!user)
      throw new Error(`team ${name}: Grafana knows nobody called ${member}: sign-in or an administrator makes people`);
    await api.change('POST', `/api/orgs/${organisation}/users`, {
      body: { loginOrEmail: member, role: 'Viewer' },
      fine: [409],
    });
    if (present.some(({ userId }) => userId === user.id)) continue;
    await api.change('POST', `/api/teams/${id}/members`, { body: { userId: user.id }, organisation });
  }
  return id;
}

function withWeb(dashboard: SavedDashboard, web: string): SavedDashboard {
  const list = dashboard.templating.list.map((v) => (v.name === 'web' ? { ...v, query: web } : v));
  return { ...dashboard, templating: { ...dashboard.templating, list } };
}
