/** Asks InfluxDB and VictoriaMetrics as Grafana's data sources do, and gives the answers one form. */
import type { Answer } from './oracle.ts';
import { HOUR } from './oracle.ts';
import { FROM, TO } from './seed.ts';

const DEADLINE_MS = 15_000;

/** An answer, and the time that came with it: of the point in InfluxDB. */
export type Got = Answer & { time: number };

interface InfluxAnswer {
  results: {
    error?: string;
    series?: {
      name?: string;
      tags?: Record<string, string>;
      columns: string[];
      values: (number | string | null)[][];
    }[];
  }[];
}

export async function askInfluxdb(
  base: string,
  database: string,
  q: string,
  headers: Record<string, string> = {},
): Promise<InfluxAnswer['results'][number]> {
  const response = await fetch(`${base}/query`, {
    method: 'POST',
    body: new URLSearchParams({ db: database, epoch: 'ms', q }),
    headers,
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text} for ${q}`);
  const [result] = (JSON.parse(text) as InfluxAnswer).results;
  if (!result || result.error) throw new Error(`${result?.error} for ${q}`);
  return result;
}

export async function influxAnswers(
  base: string,
  database: string,
  q: string,
  tags: readonly string[],
  isGraph: boolean,
): Promise<Got[]> {
  const { series = [] } = await askInfluxdb(base, database, q);
  return series.flatMap(({ name = '', tags: of = {}, columns, values }) =>
    values.flatMap((row) => {
      const time = Number(row[columns.indexOf('time')]);
      const value = row[columns.indexOf('value')];
      if (value === null || value === undefined) return [];
      return [
        {
          key: tags.map((tag) => (tag === 'type' ? name : (of[tag] ?? '?'))).join(' '),
          step: isGraph ? time : 0,
          value: Number(value),
          time,
        },
      ];
    }),
  );
}

interface PromAnswer {
  data: { result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[] };
}

export async function promAnswers(
  base: string,
  query: string,
  tags: readonly string[],
  isGraph: boolean,
  headers: Record<string, string> = {},
): Promise<Got[]> {
  const period: Record<string, string> = isGraph
    ? // The value at a step covers the hour before it.
      { start: `${(FROM + HOUR) / 1000}`, end: `${TO / 1000}`, step: '3600' }
    : { time: `${TO / 1000}` };
  const response = await fetch(`${base}/api/v1/query${isGraph ? '_range' : ''}`, {
    method: 'POST',
    body: new URLSearchParams({ query, nocache: '1', ...period }),
    headers,
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text} for ${query}`);
  const { data } = JSON.parse(text) as PromAnswer;
  return data.result.flatMap(({ metric, value, values }) => {
    const key = tags.map((tag) => metric[tag] ?? '?').join(' ');
    return (values ?? (value ? [value] : [])).map(([time, text]) => ({
      key,
      step: isGraph ? time * 1000 - HOUR : 0,
      value: Number(text),
      time: time * 1000,
    }));
  });
}
