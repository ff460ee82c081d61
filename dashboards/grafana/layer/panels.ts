/** The kinds of panel there are, as short declarations: what is asked and what it is called, nothing of Grafana. */
import type { Text } from './language.ts';
import type { Query } from './query.ts';

interface Common {
  title: Text;
  description?: Text;
  /** Columns of 24; each kind has its own default. */
  width?: number;
  height?: number;
}

/** A number to be read across the room. `limit`: red from there on. */
export interface Figure extends Common {
  kind: 'figure';
  query: Query;
  unit?: string;
  decimals?: number;
  /** From this value on it is coloured so; below it is neutral. */
  alarmFrom?: { value: number; colour: string };
}

/** Lines over time. */
export interface Graph extends Common {
  kind: 'graph';
  query: Query;
  unit?: string;
  /** `bars` for amounts in a period. */
  style?: 'lines' | 'bars';
  stacked?: boolean;
  /** Shows the same period so long ago: `52w` keeps the weekday. */
  ago?: string;
  /** Once for each value of this variable. */
  repeat?: string;
}

/** Worst first: one line an asset, with its value and the time it was measured, linked to the asset's page. */
export interface Ranking extends Common {
  kind: 'ranking';
  query: Query;
  /** Which end is worst. */
  worst: 'highest' | 'lowest';
  /** What the column of the value is called; default the name of the quantity. */
  column?: Text;
  unit?: string;
}

/** States over time, a row an asset. */
export interface States extends Common {
  kind: 'states';
  query: Query;
}

/** One bar for each result: an organisation, a direction. */
export interface Bars extends Common {
  kind: 'bars';
  query: Query;
  unit?: string;
}

/** Text a reader needs in order not to be misled. */
export interface Note extends Common {
  kind: 'note';
  text: Text;
}

export type Panel = Figure | Graph | Ranking | States | Bars | Note;

/** A heading and what stands under it. */
export interface Section {
  title: Text;
  panels: readonly Panel[];
}

export interface Board {
  /** Part of the address; never changes. */
  id: string;
  title: Text;
  /** The question the first screen answers. */
  question: Text;
  /** Asset types its variables offer; `none` for what is not about assets. */
  types: readonly string[] | 'every' | 'none';
  /** Default period, as Grafana writes it: `now-24h`. */
  from: string;
  refresh?: string;
  /** Exactly one asset is looked at. */
  oneAsset?: boolean;
  /** Page of the web app that belongs to it; default the list of assets. */
  page?: '/' | '/alarmer' | '/regnskab';
  sections: readonly Section[];
}

export const figure = (panel: Omit<Figure, 'kind'>): Figure => ({ kind: 'figure', ...panel });
export const graph = (panel: Omit<Graph, 'kind'>): Graph => ({ kind: 'graph', ...panel });
export const ranking = (panel: Omit<Ranking, 'kind'>): Ranking => ({ kind: 'ranking', ...panel });
export const states = (panel: Omit<States, 'kind'>): States => ({ kind: 'states', ...panel });
export const bars = (panel: Omit<Bars, 'kind'>): Bars => ({ kind: 'bars', ...panel });
export const note = (panel: Omit<Note, 'kind'>): Note => ({ kind: 'note', ...panel });
