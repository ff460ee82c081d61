/** The journal and what it promises, against a server in memory that fails where a test wants it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batch, type Row } from '../../../../test/lib/reading-batch.ts';
import { Unavailable } from '../../../model/errors.ts';
import { keyName, type Stored } from '../decide.ts';
import { type Newest, SeriesDictionary } from '../dictionary.ts';
import { BatchWriter } from './batch-writer.ts';
import { DirtyHours } from './dirty-hours.ts';
import { Journal } from './journal.ts';
import type { Removal } from './journal-records.ts';
import { HERE, type LineServer } from './line-server.ts';
import type { Refused } from './line-writer.ts';

const T0 = Date.UTC(2026, 2, 10, 12);
const HOUR = 3_600_000;

/** Keeps points by series and time, as line protocol gives them. */
class MemoryServer implements LineServer {
  readonly points = new Map<string, Newest & { series: number }>();
  fail: 'send' | 'after' | undefined;
  refuses: (line: string) => boolean = () => false;
  dictionary = new SeriesDictionary();

  async lookUp(keys: Parameters<LineServer['lookUp']>[0]): Promise<[string, Stored][]> {
    return keys.flatMap((key): [string, Stored][] => {
      const name = keyName(key.series, key.time);
      const point = this.points.get(name);
      if (!point) return [];
      const { value, uplink, revision } = point;
      const uplinks = { from: uplink, to: uplink };
      return [[name, { generation: HERE, row: -1, value, uplinks, revision, contested: false }]];
    });
  }

  removals(points: readonly { series: number; time: number }[]): Removal[] {
    return points.map(({ series, time }) => ({ kind: 'statement', text: keyName(series, time) }));
  }

  async remove(removals: readonly Removal[]): Promise<void> {
    for (const { text } of removals) this.points.delete(text);
  }

  async send(bodies: readonly string[]): Promise<Refused[]> {
    if (this.fail === 'send') throw new Unavailable('not now');
    const refused: Refused[] = [];
    bodies.forEach((lines, body) => {
      lines.split('\n').forEach((text, line) => {
        if (this.refuses(text)) refused.push({ body, line, text, reason: 'as the test wants it' });
        else this.#keep(text);
      });
    });
    if (this.fail === 'after') throw new Unavailable('the answer was lost');
    return refused;
  }

  async newest(series: number): Promise<Newest | undefined> {
    return [...this.points.values()].filter((p) => p.series === series).sort((a, b) => b.time - a.time)[0];
  }

  #keep(line: string): void {
    const [key = '', fields = '', time = ''] = line.split(' ');
    const tags = Object.fromEntries(key.split(',').map((tag) => tag.split('=')));
    const series = this.dictionary.find(String(tags.asset), String(tags.quantity)) ?? -1;
    const numbers = Object.fromEntries(fields.split(',').map((f) => [f.split('=')[0], Number(f.split('=')[1])]));
    this.points.set(keyName(series, Number(time)), { ...numbers, series, time: Number(time) } as Newest & {
      series: number;
    }); // the fields of a point
  }
}

let dir: string;
let server: MemoryServer;
let refused: Refused[];
let journal: Journal;
let writer: BatchWriter;
let dirty: DirtyHours;

/** As after a start: nothing is known but what the journal has. */
function open(): void {
  journal = new Journal(join(dir, 'journal.sqlite'));
  server.dictionary = new SeriesDictionary();
  journal.loadDictionary(server.dictionary);
  dirty = new DirtyHours();
  for (const [hour, series] of journal.dirty()) dirty.add(hour, series);
  writer = new BatchWriter({
    journal,
    dictionary: server.dictionary,
    dirty,
    server,
    logger: pino({ level: 'silent' }),
    onRefused: (lines) => refused.push(...lines),
  });
}

function reopen(): void {
  journal.close();
  open();
}

const write = (seq: number, rows: Row[], retractions: Parameters<typeof batch>[1] = []) =>
  writer.write([batch(rows, retractions)], { seq, offset: seq * 10 });
const counts = () => journal.state.counts.get('aarhus');

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'journal-'));
  server = new MemoryServer();
  refused = [];
  open();
});
afterEach(() => {
  journal.close();
  rmSync(dir, { recursive: true });
});

describe('semantics: New, duplicate or correction: record first, then write, then advance', () => {
  for (const fail of ['send', 'after'] as const)
    it(`a batch that was under way is finished by the next start and counted once (${fail})`, async () => {
      await write(2, [{ time: T0, value: 1 }]);
      server.fail = fail;
      const rows = [
        { time: T0 + 1, value: 2, uplink: 1 },
        { time: T0, value: 5, uplink: 1 },
      ];
      await expect(write(3, rows)).rejects.toThrow(Unavailable);
      expect(journal.state.position).toEqual({ seq: 2, offset: 20 });
      server.fail = undefined;
      reopen();
      expect(journal.pending).toBeDefined();
      await writer.finishPending();
      expect(journal.pending).toBeUndefined();
      expect(journal.state.position).toEqual({ seq: 3, offset: 30 });
      await write(3, rows);
      expect(counts()).toEqual({ stored: 3, readings: 2, corrections: 1, duplicates: 0, retracted: 0 });
      reopen();
      expect(server.dictionary.latest()).toMatchObject([{ time: T0 + 1, value: 2 }]);
    });

  it('a retraction of the newest value survives a kill on the way', async () => {
    await write(2, [{ time: T0, value: 1 }]);
    await write(3, [{ time: T0 + 5, value: 2, uplink: 1 }]);
    server.fail = 'after';
    const changes = () => write(4, [{ time: T0 - 5, value: 9, uplink: 2 }], [{ time: T0 + 5, uplink: 1, revision: 1 }]);
    await expect(changes()).rejects.toThrow(Unavailable);
    server.fail = undefined;
    reopen();
    await writer.finishPending();
    reopen();
    expect(server.dictionary.latest()).toMatchObject([{ time: T0, value: 1 }]);
    expect(counts()).toEqual({ stored: 3, readings: 3, corrections: 0, duplicates: 0, retracted: 1 });
    expect(server.points.size).toBe(2);
  });

  it('what was begun is finished before a batch is decided', async () => {
    server.fail = 'send';
    await expect(write(2, [{ time: T0, value: 1 }])).rejects.toThrow(Unavailable);
    server.fail = undefined;
    await expect(write(3, [{ time: T0, value: 1 }])).rejects.toThrow('go on from 20');
    await write(3, [{ time: T0, value: 1 }]);
    expect(counts()).toMatchObject({ stored: 2, readings: 1, duplicates: 1 });
  });

  it('a bad row changes nothing', async () => {
    await expect(write(2, [{ time: T0, value: Number.NaN }])).rejects.toThrow(RangeError);
    await expect(write(2, [{ time: T0, value: 1, asset: 'a\nb' }])).rejects.toThrow(RangeError);
    expect(journal.pending).toBeUndefined();
    await write(2, [{ time: T0, value: 1 }]);
    expect(counts()).toMatchObject({ stored: 1, readings: 1 });
  });
});

describe('lines the server refuses', () => {
  it('count as duplicates, whatever they were, and the ledger adds up', async () => {
    await write(2, [
      { time: T0, value: 1 },
      { time: T0 + 1, value: 2 },
    ]);
    server.refuses = (line) => /value=(7|8)/.test(line);
    const rows = [
      { time: T0, value: 7, uplink: 1 },
      { time: T0 + 9, value: 8, uplink: 1 },
      { time: T0 + 5, value: 3, uplink: 1 },
    ];
    await write(3, rows);
    expect(refused.map(({ text }) => /value=\d/.exec(text)?.[0])).toEqual(['value=7', 'value=8']);
    expect(counts()).toEqual({ stored: 5, readings: 3, corrections: 0, duplicates: 2, retracted: 0 });
    expect(server.dictionary.latest()).toMatchObject([{ time: T0 + 5, value: 3 }]);
    server.refuses = () => false;
    reopen();
    expect(server.dictionary.latest()).toMatchObject([{ time: T0 + 5, value: 3 }]);
    await write(4, [{ time: T0 + 9, value: 8, uplink: 2 }]);
    expect(counts()).toMatchObject({ stored: 6, readings: 4, duplicates: 2 });
  });
});

describe('the journal', () => {
  it('knows which hours are dirty, who was moved, and how far retention came, after a start', async () => {
    await write(2, [{ time: T0, value: 1 }]);
    await write(3, [{ time: T0 + HOUR, value: 1, type: 'hall', owner: 'viborg' }]);
    journal.setNotes({ a: '1', b: '2' });
    journal.setNotes({ a: undefined });
    reopen();
    expect([...dirty.all()]).toEqual([
      [T0 / HOUR, 0],
      [T0 / HOUR + 1, 0],
    ]);
    expect(server.dictionary.refs[0]).toMatchObject({ type: 'hall', owner: 'viborg' });
    expect(server.dictionary.formerTypes(0)).toEqual(['room']);
    expect([journal.note('a'), journal.note('b')]).toEqual([undefined, '2']);
    journal.clean([[T0 / HOUR, 0]]);
    reopen();
    expect([...dirty.all()]).toEqual([[T0 / HOUR + 1, 0]]);
  });

  it('waits for others on its file, and is tried again when they hold it too long', async () => {
    await write(2, [{ time: T0, value: 1 }]);
    journal.close();
    journal = new Journal(join(dir, 'journal.sqlite'), { busyMs: 20 });
    const other = new DatabaseSync(join(dir, 'journal.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    await expect(async () => journal.setNotes({ a: '1' })).rejects.toThrow(Unavailable);
    await expect(async () => journal.setNotes({ a: '1' })).rejects.toThrow('the journal: database is locked');
    other.exec('ROLLBACK');
    other.close();
    journal.setNotes({ a: '1' });
    expect(journal.note('a')).toBe('1');
  });

  it('that cannot be written loses no batch: it is recorded once it can', async () => {
    await write(2, [{ time: T0, value: 1 }]);
    const other = new DatabaseSync(join(dir, 'journal.sqlite'));
    // As a full disk: SQLite ends the whole transaction by itself.
    other.exec(
      "CREATE TRIGGER full BEFORE INSERT ON body BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END",
    );
    const rows = [{ time: T0 + 1, value: 2, uplink: 1 }];
    await expect(write(3, rows)).rejects.toThrow(new Unavailable('series: the journal: database or disk is full'));
    expect(journal.state.position).toEqual({ seq: 2, offset: 20 });
    other.exec('DROP TRIGGER full');
    other.close();
    await write(3, rows);
    expect(counts()).toMatchObject({ stored: 2, readings: 2, duplicates: 0 });
  });

  it('keeps its name, and is fresh until something is stored', async () => {
    const { installation } = journal;
    expect(journal.fresh).toBe(true);
    reopen();
    expect(journal.installation).toBe(installation);
    await write(2, [{ time: T0, value: 1 }]);
    reopen();
    expect(journal.fresh).toBe(false);
  });
});
