/**
 * Makes organisations, data sources, folders, teams and permissions in Grafana from a YAML file:
 *   GRAFANA_ADMIN_PASSWORD_FILE=… node dashboards/grafana/setup-organisations.ts organisations.yaml
 * See docs/grafana.md. Exit code 1 and one line when something is wrong.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PLATFORM_SOURCE } from './layer/engine.ts';
import { GrafanaApi } from './organisations/grafana-api.ts';
import { type SavedDashboard, setUp } from './organisations/set-up.ts';
import { readWanted } from './organisations/wanted.ts';

async function run(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1)
    throw new Error('usage: node dashboards/grafana/setup-organisations.ts FILE.yaml');
  const { GRAFANA_ADMIN_USER: user = 'admin', GRAFANA_ADMIN_PASSWORD, GRAFANA_ADMIN_PASSWORD_FILE } = process.env;
  const password = GRAFANA_ADMIN_PASSWORD_FILE
    ? readFileSync(GRAFANA_ADMIN_PASSWORD_FILE, 'utf8').trim()
    : GRAFANA_ADMIN_PASSWORD;
  if (!password) throw new Error('GRAFANA_ADMIN_PASSWORD or GRAFANA_ADMIN_PASSWORD_FILE is needed');
  const wanted = readWanted(readFileSync(file, 'utf8'));
  const api = new GrafanaApi({ base: wanted.grafana, user, password });
  await setUp({
    api,
    wanted,
    administrator: user,
    // Beside the YAML file, unless it says where.
    readToken: (path) => readFileSync(resolve(dirname(file), path), 'utf8').trim(),
    dashboards: (engine, language) => savedDashboards(join(import.meta.dirname, 'generated', engine, language)),
  });
  console.log(`${wanted.organisations.length} organisations; ${api.changes.length} changes`);
}

/** The platform's own figures belong to the joint organisation: no partner has a data source for them. */
function savedDashboards(folder: string): SavedDashboard[] {
  return globSync('*.json', { cwd: folder })
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((text) => !text.includes(`"${PLATFORM_SOURCE.uid}"`))
    .map((text) => JSON.parse(text) as SavedDashboard);
}

try {
  await run();
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  console.error(`setup-organisations: ${error instanceof Error ? error.message : error}${cause}`);
  process.exitCode = 1;
}
