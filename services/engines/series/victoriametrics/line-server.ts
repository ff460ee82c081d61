/**
 * VictoriaMetrics as the batch writer sees it. It cannot replace a sample or delete one: what is stored owns its key for
 * ever, so that anything later for the key is a duplicate and a retraction changes nothing (docs/decisions/008).
 */
import { type Key, keyName, type Stored } from '../decide.ts';
import type { Newest, SeriesDictionary } from '../dictionary.ts';
import { homesOf } from '../line-protocol/homes.ts';
import type { Removal } from '../line-protocol/journal-records.ts';
import { HERE, type LineServer } from '../line-protocol/line-server.ts';
import type { LineWriter, Refused } from '../line-protocol/line-writer.ts';
import type { SelectApi } from './select-api.ts';
import { selector } from './selector.ts';
import type { Visibility } from './visibility.ts';

export interface VictoriametricsServerParts {
  writer: LineWriter;
  api: SelectApi;
  visibility: Visibility;
  dictionary: SeriesDictionary;
}

// Keys of series that lie so close together are asked for at once.
const GAP_MS = 3_600_000;
const MOST_SELECTORS = 50;
const MOST_SPAN_MS = 6 * GAP_MS;
const MONTH_MS = 30 * 24 * GAP_MS;
// Times are at most five minutes ahead (semantics: Time).
const AHEAD_MS = GAP_MS;

// A block of a series holds its values as integers of 64 bits with one common power of ten: beside 1e300 all its other
// values would become 0, and beside 1e12 they keep six decimals (measured). No quantity comes near; what does is refused,
// and its neighbours stay what they are.
const TOO_LARGE = /value=-?(?:\d{13,}|\d+(?:\.\d+)?e\+)/;

export class VictoriametricsServer implements LineServer {
  #parts: VictoriametricsServerParts;

  constructor(parts: VictoriametricsServerParts) {
    this.#parts = parts;
  }

  async lookUp(keys: readonly Key[]): Promise<[string, Stored][]> {
    const { api, visibility } = this.#parts;
    await visibility.settle();
    const found: [string, Stored][] = [];
    for (const question of questions(keys)) {
      const ids = new Map(question.ranges.map((r) => [this.#nameOf(r.series), r]));
      const selectors = [...ids.values()].map((r) => this.#selector(r.series, 'value'));
      for (const { labels, time, value } of await api.export(selectors, question.from, question.to)) {
        const range = ids.get(`${labels.asset} ${labels.quantity}`);
        if (!range) continue;
        time.forEach((t, i) => {
          if (range.times.has(t)) found.push([keyName(range.series, t), stored(value[i]!)]);
        });
      }
    }
    return found;
  }

  removals(): Removal[] {
    return [];
  }

  async remove(): Promise<void> {}

  async send(bodies: readonly string[]): Promise<Refused[]> {
    const { writer, visibility } = this.#parts;
    const { refused, sent } = withoutTooLarge(bodies);
    try {
      const answer = await writer.send(sent.map(({ text }) => text));
      for (const { body, line, ...why } of answer) {
        const of = sent[body]!; // it is told of what was sent
        refused.push({ ...why, body: of.body, line: of.lines?.[line] ?? line });
      }
    } finally {
      visibility.written(); // some of it may be, whatever came of the answers
    }
    return refused.sort((a, b) => a.body - b.body || a.line - b.line);
  }

  async newest(series: number): Promise<Newest | undefined> {
    const { api, visibility } = this.#parts;
    await visibility.settle();
    const at = Date.now() + AHEAD_MS;
    // A window that reaches back to 1970 finds nothing at all (measured); a month later it does.
    const window = at - MONTH_MS;
    const found = await api.query(`max(tlast_over_time(${this.#selector(series, 'value')}[${window}ms]))`, at);
    const time = found[0]?.value[0];
    if (time === undefined) return undefined;
    return await this.#pointAt(series, Math.round(time * 1000));
  }

  async #pointAt(series: number, time: number): Promise<Newest | undefined> {
    const fields = ['value', 'received', 'marks', 'uplink', 'revision'];
    const rows = await this.#parts.api.export(
      fields.map((field) => this.#selector(series, field)),
      time,
      time,
    );
    const [value, received, marks, uplink, revision] = fields.map(
      (field) => rows.find(({ labels }) => labels.__name__?.endsWith(`_${field}`))?.value[0],
    );
    if (value === undefined) return undefined;
    return {
      time,
      value,
      received: received ?? time,
      marks: marks ?? 0,
      uplink: uplink ?? 0,
      revision: revision ?? 0,
    };
  }

  #nameOf(series: number): string {
    const { asset, quantity } = this.#parts.dictionary.refs[series]!; // numbers of series come from the dictionary
    return `${asset} ${quantity}`;
  }

  #selector(series: number, field: string): string {
    const { dictionary } = this.#parts;
    const { asset, quantity } = dictionary.refs[series]!; // numbers of series come from the dictionary
    return selector({ types: homesOf(dictionary, series), assets: [asset], quantity, field });
  }
}

interface Sent {
  text: string;
  /** Index of the body it comes from. */
  body: number;
  /** Where each line of it stands there; absent when it is the whole body. */
  lines?: number[];
}

function withoutTooLarge(bodies: readonly string[]): { refused: Refused[]; sent: Sent[] } {
  const refused: Refused[] = [];
  const sent: Sent[] = [];
  for (const [body, text] of bodies.entries()) {
    if (!TOO_LARGE.test(text)) {
      sent.push({ text, body });
      continue;
    }
    const kept: string[] = [];
    const lines: number[] = [];
    for (const [line, of] of text.split('\n').entries())
      if (TOO_LARGE.test(of)) refused.push({ body, line, text: of, reason: 'the value is 1e12 or larger' });
      else {
        kept.push(of);
        lines.push(line);
      }
    if (kept.length > 0) sent.push({ text: kept.join('\n'), body, lines });
  }
  return { refused, sent };
}

// Owned from the end of time: no uplink wins over it.
function stored(value: number): Stored {
  const ever = { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  return { generation: HERE, row: 0, value, uplinks: ever, revision: 0, contested: false };
}

interface KeyRange {
  series: number;
  from: number;
  to: number;
  times: Set<number>;
}

interface Question {
  from: number;
  to: number;
  ranges: KeyRange[];
}

/** Keys as few questions as will do: keys of a series near one another are a range, ranges at about one time a question. */
function questions(keys: readonly Key[]): Question[] {
  const ranges: KeyRange[] = [];
  for (const { series, time } of keys.toSorted((a, b) => a.series - b.series || a.time - b.time)) {
    const last = ranges.at(-1);
    if (last && last.series === series && time - last.to <= GAP_MS && time - last.from <= MOST_SPAN_MS) {
      last.to = time;
      last.times.add(time);
    } else ranges.push({ series, from: time, to: time, times: new Set([time]) });
  }
  const found: Question[] = [];
  for (const range of ranges.sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    const fits =
      last &&
      last.ranges.length < MOST_SELECTORS &&
      Math.max(last.to, range.to) - last.from <= MOST_SPAN_MS &&
      !last.ranges.some((r) => r.series === range.series);
    if (last && fits) {
      last.to = Math.max(last.to, range.to);
      last.ranges.push(range);
    } else found.push({ from: range.from, to: range.to, ranges: [range] });
  }
  return found;
}
