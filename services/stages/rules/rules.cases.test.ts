/**
 * Cases as folders: test/cases/rules/<case>/{rules,readings,expected}.json. A report of a rule that did or did not raise
 * becomes a test without code. `at` is when it was received, `time` when it was measured (the same where absent).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Asset, AttributeValue } from '../../model/asset.ts';
import { MARK, type MarkName } from '../../model/readings.ts';
import type { Rule } from '../../model/rule.ts';
import { formatTime } from '../../model/time.ts';
import { EditableDirectory, type Input, RulesRun, stateNumber } from './testing/rules-world.ts';

interface World {
  about: string;
  assets: (Pick<Asset, 'id' | 'type' | 'name'> & { attributes: Record<string, AttributeValue> })[];
  rules: (Pick<Rule, 'id' | 'condition'> & Partial<Rule>)[];
}
interface Reading {
  at: string;
  time?: string;
  asset: string;
  quantity: string;
  value: number | string;
  marks?: MarkName[];
}
interface Expected {
  to: string;
  rule: string;
  time: string;
  severity?: string;
  da?: string;
  en?: string;
}

const CASES = join(import.meta.dirname, '../../../test/cases/rules');
const TICK_MS = 10_000;

function read<T>(name: string, file: string): T {
  return JSON.parse(readFileSync(join(CASES, name, file), 'utf8')) as T; // the shape the cases have
}

/** With a tick every 10 s between the readings, as ingest appends them. */
function inputsOf(readings: readonly Reading[]): Input[] {
  const inputs: Input[] = [];
  let clock = Date.parse(readings[0]!.at); // a case has readings
  for (const { at, time, value, marks = [], asset, quantity } of readings) {
    const received = Date.parse(at);
    for (; clock + TICK_MS < received; clock += TICK_MS) inputs.push({ tick: clock + TICK_MS });
    inputs.push({
      asset,
      quantity,
      value: typeof value === 'string' ? stateNumber(quantity, value) : value,
      time: time === undefined ? received : Date.parse(time),
      received,
      marks: marks.reduce((bits, name) => bits | MARK[name], 0),
    });
  }
  return inputs;
}

describe.each(readdirSync(CASES))('%s', (name) => {
  const world = read<World>(name, 'rules.json');
  it(world.about, async () => {
    const directory = new EditableDirectory();
    const readings = read<Reading[]>(name, 'readings.json');
    const createdAt = Date.parse(readings[0]!.at); // a case has readings
    for (const { attributes, ...asset } of world.assets) directory.putAsset({ ...asset, createdAt }, attributes);
    for (const { id, ...rule } of world.rules) directory.putRule(id, rule);
    const run = new RulesRun(directory);
    await run.start();
    await run.feed(...inputsOf(readings));
    const expected = read<Expected[]>(name, 'expected.json');
    const made = run.transitions.map((t, i): Expected => {
      const wanted = expected[i];
      return {
        to: t.to,
        rule: t.rule,
        time: formatTime(t.time),
        ...(wanted?.severity ? { severity: t.severity } : {}),
        ...(wanted?.da ? { da: t.sentence.da } : {}),
        ...(wanted?.en ? { en: t.sentence.en } : {}),
      };
    });
    expect(made).toEqual(expected);
  });
});
