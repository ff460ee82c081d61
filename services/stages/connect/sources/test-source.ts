/** What a source would make of a message or of what its vendor answers now; nothing of it is stored. */
import type { HttpPullSettings } from '../../../knowledge/sources/http-pull.ts';
import type { MqttSettings } from '../../../knowledge/sources/mqtt.ts';
import { readRecords } from '../../../knowledge/sources/records.ts';
import { hideSecrets } from '../../../knowledge/sources/secrets.ts';
import { topicPattern } from '../../../knowledge/sources/topic-pattern.ts';
import { Rejected } from '../../../model/errors.ts';
import type { Source } from '../../../model/source.ts';
import type { SourceTest } from '../../../model/source-runner.ts';
import { attempt, type FetchParts } from './fetch-page.ts';
import type { Forwarder } from './forwarder.ts';
import type { Mapper } from './mapper.ts';
import { expressionsOf, requestOf } from './pull.ts';
import { SourceFault } from './source-fault.ts';

export interface TestParts {
  source: Source;
  mapper: Pick<Mapper, 'map'>;
  forwarder: Forwarder;
  fetching: FetchParts;
}

const MOST_RECORDS = 100;
const MOST_TEXT = 4000;
const HOUR_MS = 3_600_000;

/** @throws Rejected `invalid-input`, `mapping-failed`, `missing-secret` or `source-failed`. */
export async function testSource(parts: TestParts, what: { sample?: string; topic?: string }): Promise<SourceTest> {
  const { source } = parts;
  if (what.sample !== undefined) return await testSample(parts, what.sample, what.topic);
  if (source.kind !== 'http-pull')
    throw new Rejected('invalid-input', 'give a sample: only a source that is asked can be tried without one');
  return await dryRequest(parts, source.settings as HttpPullSettings); // checked when it was stored
}

async function testSample(parts: TestParts, sample: string, topic: string | undefined): Promise<SourceTest> {
  const { source } = parts;
  if (source.kind !== 'mqtt') {
    const { records } = source.settings as { records: string }; // checked when it was stored
    return await mapped(parts, { records }, sample, { needsTime: source.kind === 'http-pull' });
  }
  const { topics, payload, records } = source.settings as MqttSettings; // checked when it was stored
  const named = topics.map((t) => topicPattern(t).match(topic ?? '')).find((found) => found !== undefined);
  if (!named) throw new Rejected('invalid-input', `give the topic of the sample, one of ${topics.join(', ')}`);
  if (payload === 'bytes')
    throw new Rejected('invalid-input', 'the bytes of this source are read by the codec of the device; try them there');
  // Our own JSON is its own mapping.
  const expressions = { records: payload === 'mapped' ? (records ?? '$') : '$' };
  return await mapped(parts, expressions, sample, { needsTime: false, device: named.device, topic: named });
}

async function dryRequest(parts: TestParts, settings: HttpPullSettings): Promise<SourceTest> {
  const { fetching, source } = parts;
  const to = fetching.now();
  const from = to - (settings.window?.lookbackHours ?? 0) * HOUR_MS;
  const { paging } = settings;
  const filling = {
    from: Math.max(from, to - (settings.window?.mostHours ?? 0) * HOUR_MS),
    to,
    page: paging?.kind === 'page' ? paging.first : 1,
    cursor: paging?.kind === 'cursor' ? paging.first : '',
  };
  try {
    const { status, body } = await attempt(requestOf(settings, filling, source.secrets), fetching);
    const text = hideSecrets(body.toString(), source.secrets);
    const answer = { status, bytes: body.byteLength, text: text.slice(0, MOST_TEXT) };
    const fine = status >= 200 && status < 300 && text.trim() !== '';
    if (!fine) return { records: [], found: 0, unusable: 0, problems: [], answer };
    const made = await mapped(parts, expressionsOf(settings), body.toString(), { needsTime: true }).catch(asProblem);
    return { ...made, answer };
  } catch (error) {
    if (error instanceof SourceFault) throw new Rejected('source-failed', error.text.en, { cause: error });
    throw error;
  }
}

/** Beside the answer a failed mapping is one more thing to look at, not the end of it. */
function asProblem(error: unknown): SourceTest {
  if (!(error instanceof Rejected)) throw error;
  return { records: [], found: 0, unusable: 0, problems: [error.message] };
}

async function mapped(
  { mapper, forwarder }: TestParts,
  expressions: Record<string, string>,
  input: string,
  { needsTime, device, topic }: { needsTime: boolean; device?: string | undefined; topic?: Record<string, string> },
): Promise<SourceTest> {
  const results = await mapper.map({ expressions, input, bindings: topic ? { topic } : {} });
  const { records, problems, unusable } = readRecords(results.records, { needsTime, device });
  const shown = [];
  for (const record of records.slice(0, MOST_RECORDS)) {
    const { device: vendorId, ...rest } = record;
    shown.push({ vendorId, ...(await forwarder.find(vendorId)), ...rest });
  }
  return { records: shown, found: records.length, unusable, problems };
}
