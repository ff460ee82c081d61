/**
 * The reading side of VictoriaMetrics: MetricsQL over the Prometheus API, and raw samples over the export API.
 * docs.victoriametrics.com/single-server-victoriametrics/#prometheus-querying-api-usage, #how-to-export-data-in-json-line-format
 */
import { Unavailable } from '../../../model/errors.ts';
import { Unanswerable } from '../line-protocol/server-access.ts';

export interface SelectApiOptions {
  /** What stands before `/api/v1/…`: `http://host:8428`, or `http://select:8481/select/0/prometheus`. */
  base: string;
  /** Page of a single node's metrics; a cluster has none for all of it. */
  metricsUrl?: string | undefined;
  /** Sent as a bearer token when there is one. */
  token: string | undefined;
  /** Longest wait for one whole answer, ms. */
  requestMs: number;
  signal: AbortSignal;
}

/** One result series of a query: its labels, and its samples as parallel columns. */
export interface Matrix {
  labels: Record<string, string>;
  /** Epoch ms. */
  time: number[];
  value: number[];
}

// A line of an export is one JSON document; so many samples of a series are in one.
const EXPORT_ROWS = 50_000;
const METRICS_MS = 2000;

export class SelectApi {
  #options: SelectApiOptions;

  constructor(options: SelectApiOptions) {
    this.#options = options;
  }

  /** The same, with questions that end at `signal`. */
  within(signal: AbortSignal): SelectApi {
    return new SelectApi({ ...this.#options, signal });
  }

  /** Value at one moment (epoch ms); windows of the expression look back from it. */
  async query(expression: string, at: number): Promise<Matrix[]> {
    const { result } = await this.#data<InstantRow>('query', { query: expression, time: seconds(at) });
    return result.map(({ metric, value: [t, v] }) => ({ labels: metric, time: [millis(t)], value: [Number(v)] }));
  }

  /** Values at `start`, `start + step`, … up to `end`, epoch ms. At most 30,000 of them, the server's own limit. */
  async queryRange(expression: string, period: { start: number; end: number; step: number }): Promise<Matrix[]> {
    const { result } = await this.#data<RangeRow>('query_range', {
      query: expression,
      start: seconds(period.start),
      end: seconds(period.end),
      step: `${period.step}ms`,
      // Its cache moves start and end to multiples of the step, and does not see late data at once.
      nocache: '1',
    });
    return result.map(({ metric, values }) => ({
      labels: metric,
      time: values.map(([t]) => millis(t)),
      value: values.map(([, v]) => Number(v)),
    }));
  }

  /** Raw samples of all series that fit a selector, both ends included, epoch ms; ascending within a series. */
  async export(selectors: readonly string[], start: number, end: number): Promise<Matrix[]> {
    const form = new URLSearchParams({
      start: seconds(start),
      end: seconds(end),
      max_rows_per_line: String(EXPORT_ROWS),
    });
    for (const one of selectors) form.append('match[]', one);
    const bySeries = new Map<string, Matrix>();
    await this.#post('export', form, async (body) => {
      for await (const line of linesOf(body)) {
        const { metric, timestamps, values } = JSON.parse(line) as ExportLine; // as the page above shows it
        const name = JSON.stringify(metric);
        const known = bySeries.get(name);
        if (!known) bySeries.set(name, { labels: metric, time: timestamps, value: values });
        else {
          known.time = known.time.concat(timestamps);
          known.value = known.value.concat(values);
        }
      }
    });
    return [...bySeries.values()];
  }

  /** What the series take on the disk of a single node; 0 where it does not say. */
  async storageBytes(): Promise<number> {
    const { metricsUrl, signal } = this.#options;
    if (metricsUrl === undefined) return 0;
    try {
      const response = await fetch(metricsUrl, { signal: AbortSignal.any([signal, AbortSignal.timeout(METRICS_MS)]) });
      let bytes = 0;
      for (const [, n] of (await response.text()).matchAll(/^vm_data_size_bytes\{[^}]*\} (\d+)/gm)) bytes += Number(n);
      return bytes;
    } catch {
      return 0; // a figure on a page, nothing that anybody waits for
    }
  }

  async #data<Row>(path: string, parameters: Record<string, string>): Promise<{ result: Row[] }> {
    let text = '';
    await this.#post(path, new URLSearchParams(parameters), async (body) => {
      for await (const chunk of body) text += chunk;
    });
    const { data, isPartial } = JSON.parse(text) as { data: { result: Row[] }; isPartial?: boolean };
    // A cluster with a storage node away answers with what the others have: half a truth is no answer.
    if (isPartial) throw new Unavailable('series: a storage node of the cluster is away');
    return data;
  }

  async #post(
    path: string,
    form: URLSearchParams,
    read: (body: AsyncIterable<string>) => Promise<void>,
  ): Promise<void> {
    const { base, token, requestMs, signal } = this.#options;
    try {
      const response = await fetch(`${base}/api/v1/${path}`, {
        method: 'POST',
        body: form,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
      });
      if (!response.ok) {
        const said = `${response.status} ${(await response.text()).replaceAll(/\s+/g, ' ').slice(0, 300)}`;
        // Too many samples or series for one question: docs.victoriametrics.com/#resource-usage-limits
        if (response.status === 422) throw new Unanswerable(`series: VictoriaMetrics does not answer this: ${said}`);
        throw new Error(said);
      }
      if (response.body) await read(response.body.pipeThrough(new TextDecoderStream()));
    } catch (cause) {
      if (cause instanceof Unavailable) throw cause;
      throw new Unavailable(`series: unable to read from VictoriaMetrics: ${reasonOf(cause)}`, { cause });
    }
  }
}

/** Lines that are not empty. Not readline: an input that breaks off would end the process there. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...more] = chunk.split('\n');
    rest.push(first);
    for (const next of more) {
      const line = rest.join('');
      if (line !== '') yield line;
      rest = [next];
    }
  }
  const last = rest.join('');
  if (last !== '') yield last;
}

interface InstantRow {
  metric: Record<string, string>;
  value: [seconds: number, value: string];
}

interface RangeRow {
  metric: Record<string, string>;
  values: [seconds: number, value: string][];
}

interface ExportLine {
  metric: Record<string, string>;
  timestamps: number[];
  values: number[];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function millis(s: number): number {
  return Math.round(s * 1000);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says "fetch failed" and why in its cause.
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
