/** Everything that can be said of one dashboard without Grafana, as sentences; none when it is sound. */
import type { DashboardJson } from './dashboard-json.ts';
import { checkLayout } from './layout.ts';
import { checkReferences, type Known } from './references.ts';
import { checkSchema } from './schema.ts';
import { checkUnits } from './units.ts';

export function checkDashboard(json: DashboardJson, known: Known): string[] {
  return [...checkSchema(json), ...checkLayout(json), ...checkUnits(json), ...checkReferences(json, known)];
}
