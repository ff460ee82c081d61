/** A unit is one that Grafana knows, and the unit of the quantity that the query asks for: read from the query's own text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../../services/knowledge/catalogue/catalogue.ts';
import { grafanaUnit } from '../layer/units.ts';
import type { DashboardJson, PanelJson } from './dashboard-json.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'schemas/units.jsonschema.json'), 'utf8')) as {
  definitions: Record<string, { const?: string }>;
};
const KNOWN = new Set(Object.values(schema.definitions).flatMap(({ const: id }) => (id === undefined ? [] : [id])));
/** Grafana writes what follows behind the number; those we use. */
const SUFFIXES = new Set(
  catalogue.quantities.map(({ unit }) => grafanaUnit(unit)).filter((unit) => unit.startsWith('suffix:')),
);

export function checkUnits({ panels }: DashboardJson): string[] {
  return panels.flatMap((panel) => {
    const where = `panel ${panel.id} (${panel.title}): unit:`;
    const unknown = unitsIn(panel).filter((unit) => !KNOWN.has(unit) && !SUFFIXES.has(unit));
    const unit = panel.fieldConfig?.defaults.unit;
    const wrong = (panel.targets ?? []).slice(0, 1).flatMap(({ query, expr }) => {
      const wanted = unitAsked(query ?? expr ?? '');
      return wanted === undefined || wanted === unit
        ? []
        : [`${where} ${unit ?? 'none given'}, but the query gives ${wanted}`];
    });
    return [...unknown.map((id) => `${where} Grafana has no ${id}`), ...wrong];
  });
}

function unitsIn({ fieldConfig }: PanelJson): string[] {
  if (!fieldConfig) return [];
  const overridden = fieldConfig.overrides.flatMap(({ properties }) =>
    properties.flatMap(({ id, value }) => (id === 'unit' ? [String(value)] : [])),
  );
  return [...(fieldConfig.defaults.unit === undefined ? [] : [fieldConfig.defaults.unit]), ...overridden];
}

/** `undefined` where the text names no quantity of the catalogue. */
function unitAsked(text: string): string | undefined {
  if (/\bcount(_over_time)?\b/.test(text)) return 'none';
  if (/_received"|"received"/.test(text)) return 'dateTimeFromNow';
  const [, names = ''] = /"?quantity"? ?=~? ?['"/]\^?\(?([A-Za-z0-9|]+)/.exec(text) ?? [];
  const units = new Set(
    names.split('|').flatMap((name) => {
      const quantity = catalogue.quantity(name);
      return quantity ? [grafanaUnit(quantity.unit)] : [];
    }),
  );
  return units.size === 0 ? undefined : [...units].join(' and ');
}
