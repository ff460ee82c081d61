/** Panels lie within the 24 columns and on no other panel. */
import type { DashboardJson, PanelJson } from './dashboard-json.ts';

export function checkLayout({ panels }: DashboardJson): string[] {
  const outside = panels
    .filter(({ gridPos: { x, y, w, h } }) => x < 0 || y < 0 || w < 1 || h < 1 || x + w > 24)
    .map(({ id }) => `panel ${id}: layout: outside the 24 columns`);
  const over = panels.flatMap((a, i) =>
    panels.slice(i + 1).flatMap((b) => (overlap(a, b) ? [`panels ${a.id} and ${b.id}: layout: overlap`] : [])),
  );
  return [...outside, ...over];
}

function overlap({ gridPos: a }: PanelJson, { gridPos: b }: PanelJson): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
