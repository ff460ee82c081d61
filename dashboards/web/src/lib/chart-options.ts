/** How uPlot draws a series: gaps stay gaps, the band is lowest to highest, the axis ends where the view ends. */
import uPlot from 'uplot';
import { numberText, tickText, ZONE } from './format.ts';
import type { Plan, Row } from './series-plan.ts';

const HEIGHT = 320;
const LINE = '#0b4f8a';
const BAND = 'rgba(11, 79, 138, 0.18)';
const INK = '#454545';
const GRID = { stroke: '#e3e6ea', width: 1 };
const FONT = '13px "IBM Plex Sans", sans-serif';

/** Seconds, values, and for a band the lowest and highest. A row without value stands in each gap wider than `gap` ms. */
export function chartData(rows: readonly Row[], plan: Plan, gap: number): uPlot.AlignedData {
  const time: number[] = [];
  const value: (number | null)[] = [];
  const min: (number | null)[] = [];
  const max: (number | null)[] = [];
  const add = (at: number, v: number | null, low: number | null, high: number | null): void => {
    time.push(at / 1000);
    value.push(v);
    min.push(low);
    max.push(high);
  };
  let before: number | undefined;
  for (const row of rows) {
    if (before !== undefined && row.time - before > gap && plan.shape !== 'bars') add(before + 1, null, null, null);
    add(row.time, row.value, row.min ?? row.value, row.max ?? row.value);
    before = row.time;
  }
  return plan.shape === 'band' ? [time, value, max, min] : [time, value];
}

interface ChartOptions {
  width: number;
  locale: string;
  plan: Plan;
  /** Epoch ms; asked at every drawing, because now moves. */
  view(): { from: number; to: number };
  /** Words on the axis of a state. */
  states: string[] | undefined;
  onPick(time: number): void;
  onZoom(from: number, to: number): void;
}

export function chartOptions({ width, locale, plan, view, states, onPick, onZoom }: ChartOptions): uPlot.Options {
  const isBand = plan.shape === 'band';
  const edge: uPlot.Series = { stroke: 'transparent', points: { show: false } };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    // The axis speaks Danish time wherever the browser is.
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), ZONE),
    scales: {
      x: { range: () => [view().from / 1000, view().to / 1000] },
      y: states
        ? { range: () => [-0.3, states.length - 0.7] }
        : plan.shape === 'bars'
          ? { range: (_, __, high) => [0, (high || 1) * 1.05] }
          : {},
    },
    cursor: { y: false, drag: { x: true, y: false, setScale: false } },
    axes: [xAxis(locale), yAxis(locale, states)],
    series: [{}, mainSeries(plan), ...(isBand ? [edge, edge] : [])],
    ...(isBand ? { bands: [{ series: [2, 3] as [number, number], fill: BAND }] } : {}),
    hooks: { setCursor: [picked(onPick)], setSelect: [zoomed(onZoom)] },
  };
}

function mainSeries({ shape }: Plan): uPlot.Series {
  const { stepped, bars } = uPlot.paths;
  if (shape === 'bars' && bars) {
    return { stroke: LINE, fill: LINE, width: 0, points: { show: false }, paths: bars({ size: [0.8, 40], align: 1 }) };
  }
  const line: uPlot.Series = { stroke: LINE, width: 2 };
  return shape === 'steps' && stepped ? { ...line, paths: stepped({ align: 1 }) } : line;
}

function xAxis(locale: string): uPlot.Axis {
  return {
    font: FONT,
    stroke: INK,
    grid: GRID,
    ticks: GRID,
    space: 70,
    values: (_, splits, __, ___, step) => splits.map((s) => tickText(s * 1000, step * 1000, locale)),
  };
}

const CHARACTER_PX = 7.5;

function yAxis(locale: string, states: string[] | undefined): uPlot.Axis {
  const axis: uPlot.Axis = {
    font: FONT,
    stroke: INK,
    grid: GRID,
    ticks: { show: false },
    gap: 8,
    size: (_, values) => Math.max(36, 14 + CHARACTER_PX * Math.max(0, ...(values ?? []).map((v) => v.length))),
  };
  if (states)
    return {
      ...axis,
      splits: () => states.map((_, i) => i),
      values: (_, splits) => splits.map((s) => states[s] ?? ''),
    };
  return { ...axis, values: (_, splits) => splits.map((s) => numberText(s, locale, 3)) };
}

function picked(onPick: (time: number) => void) {
  return (plot: uPlot): void => {
    const { idx, event } = plot.cursor;
    const time = typeof idx === 'number' ? plot.data[0][idx] : undefined;
    // Only a hand moves it; a cursor set by us must not choose again.
    if (event && time !== undefined && typeof plot.data[1]?.[idx ?? 0] === 'number') onPick(time * 1000);
  };
}

const LEAST_PX = 8;

function zoomed(onZoom: (from: number, to: number) => void) {
  return (plot: uPlot): void => {
    const { left, width } = plot.select;
    if (width < LEAST_PX) return;
    const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    onZoom(from * 1000, to * 1000);
  };
}
