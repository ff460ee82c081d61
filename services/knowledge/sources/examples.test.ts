/** The worked examples of docs/sources.md: what the page says becomes of a message is what becomes of it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import jsonata from 'jsonata';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { type Source, SourceBody } from '../../model/source.ts';
import { catalogue } from '../catalogue/catalogue.ts';
import { readRecords } from './records.ts';
import { mentionedSecrets } from './secrets.ts';
import { SETTINGS, settingsFault } from './settings.ts';
import { topicPattern } from './topic-pattern.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../../docs/sources.md'), 'utf8');
const blocks = [...PAGE.matchAll(/```json (source|sample|records) ?(\S*)\n([\s\S]*?)```/g)].map((match) => ({
  what: match[1],
  topic: match[2] ?? '',
  json: JSON.parse(match[3] ?? '') as unknown,
}));
const sources = blocks.filter((b) => b.what === 'source').map((b) => b.json as Source);
const samples = blocks.filter((b) => b.what === 'sample');
const expected = blocks.filter((b) => b.what === 'records').map((b) => b.json);

describe('the page on sources', () => {
  it('has three examples, each with a sample and its records', () => {
    expect(sources.map((s) => s.kind)).toEqual(['http-pull', 'mqtt', 'http-push']);
    expect([samples.length, expected.length]).toEqual([3, 3]);
  });

  it.each(sources.map((s, i) => [s.name, s, i] as const))('%s', async (_name, source, i) => {
    expect([...Value.Errors(SourceBody, Value.Default(SourceBody, structuredClone(source)))]).toEqual([]);
    const settings = Value.Default(SETTINGS[source.kind], structuredClone(source.settings)) as Source['settings'];
    expect([...Value.Errors(SETTINGS[source.kind], settings)]).toEqual([]);
    expect(settingsFault(source.kind, settings)).toBeUndefined();
    expect([...mentionedSecrets(settings)]).toEqual(Object.keys(source.secrets ?? {}));

    const sample = samples[i]!; // as many as sources, above
    const pattern = (settings.topics as string[] | undefined)?.[0];
    const topic = pattern === undefined ? {} : topicPattern(pattern).match(sample.topic);
    const mapped: unknown = await jsonata(String(settings.records)).evaluate(sample.json, { topic });
    const { records, problems } = readRecords(JSON.parse(JSON.stringify(mapped)), { needsTime: true });
    expect(problems).toEqual([]);
    expect(records).toEqual(readRecords(expected[i], { needsTime: true }).records);
    for (const { values } of records)
      for (const key of Object.keys(values)) expect(catalogue.quantity(key.split('.')[0] ?? ''), key).toBeDefined();
  });
});
