/** Places panels from left to right on Grafana's 24 columns, a row at a time; none overlap by construction. */
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';

const COLUMNS = 24;

/** The places of panels of these sizes, beginning at row `top`, and the first free row after them. */
export function place(sizes: readonly { w: number; h: number }[], top: number): { places: GridPos[]; next: number } {
  const places: GridPos[] = [];
  let [x, y, rowHeight] = [0, top, 0];
  for (const { w, h } of sizes) {
    if (x + w > COLUMNS) [x, y, rowHeight] = [0, y + rowHeight, 0];
    places.push({ x, y, w, h });
    x += w;
    rowHeight = Math.max(rowHeight, h);
  }
  return { places, next: y + rowHeight };
}
