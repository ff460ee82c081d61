/** The test bench: one frame through a script, a codec of ours or a device model, and what would be kept of it. Nothing is kept. */
import { randomUUID } from 'node:crypto';
import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import { exampleFrame } from '../../knowledge/catalogue/stored-model.ts';
import { type FlatRecord, recordsOf } from '../../knowledge/codecs/flatten.ts';
import type { FrameCodec } from '../../knowledge/codecs/frame-codec.ts';
import { frameCodec } from '../../knowledge/codecs/frames.ts';
import { readingsOf } from '../../knowledge/codecs/readings-of.ts';
import type { DeviceModel } from '../../model/catalogue.ts';
import type { CodecAnswer, CodecRunner, CodecScript, Frame } from '../../model/codec.ts';
import { Rejected, Unavailable } from '../../model/errors.ts';
import { parseTime } from '../../model/time.ts';
import { invalid } from './problems.ts';
import type { BenchAnswer, TestBody } from './schemas/codec.ts';
import type { Services } from './services.ts';

/** What reads the frame: one of ours, or a script. */
export type Reader = { kind: 'frame'; codec: FrameCodec } | { kind: 'script'; script: CodecScript };

/** Everything a try says of itself; without a time of its own the frame was heard now. */
export function benchFrame({ bytesHex, fPort, recvTime, variables }: Omit<TestBody, 'model'>, now: number): Frame {
  const time = recvTime === undefined ? now : parseTime(recvTime);
  if (time === undefined) throw invalid('/recvTime', 'must be an RFC 3339 time with a zone');
  return { ...exampleFrame({ bytesHex, fPort }), recvTime: time, variables: variables ?? {} };
}

/** A script under a name of its own: what failed before under that id is not held against it, nor this against that. */
export function toTry({ signature, script }: Pick<CodecScript, 'signature' | 'script'>): CodecScript {
  return { id: `try-${randomUUID()}`, version: 0, signature, script };
}

/** @throws Unavailable where no sandbox runs here. */
export function sandboxOf({ codecs }: Pick<Services, 'codecs'>): CodecRunner {
  if (!codecs) throw new Unavailable('no sandbox for codecs runs here');
  return codecs;
}

export async function tryFrame(
  { reader, frame, model }: { reader: Reader; frame: Frame; model: Pick<DeviceModel, 'mapping'> },
  services: Pick<Services, 'codecs' | 'catalogue'>,
): Promise<BenchAnswer> {
  if (reader.kind === 'frame') return tryOurs(reader.codec, frame, model, services.catalogue);
  const [answer] = await sandboxOf(services).decode([{ script: reader.script, frame, console: true }]);
  if (answer?.kind !== 'decoded') return { ...NOTHING, ...failureOf(answer) };
  const { data, warnings, cpuMs, console = [] } = answer;
  return {
    data,
    warnings,
    errors: [],
    ...readingsOf(recordsOf(data), model, services.catalogue),
    cpuMs: round(cpuMs),
    console,
  };
}

const NOTHING = { warnings: [], errors: [], readings: [], unknownKeys: [], cpuMs: 0, console: [] };

function failureOf(answer: Exclude<CodecAnswer, { kind: 'decoded' }> | undefined): Partial<BenchAnswer> {
  if (answer?.kind !== 'failed') return { errors: ['the codec failed 5 times and is set aside'] };
  const { errors, cpuMs, console = [] } = answer;
  return { errors, cpuMs: round(cpuMs), console };
}

function tryOurs(
  codec: FrameCodec,
  frame: Frame,
  model: Pick<DeviceModel, 'mapping'>,
  catalogue: Catalogue,
): BenchAnswer {
  const records: FlatRecord[] = [];
  const warnings: string[] = [];
  const began = performance.now();
  try {
    codec.decode(frame, {
      record: (time) => void records.push({ time, values: [] }),
      value: (key, value) => void records.at(-1)?.values.push([key, value]),
      bad: (_reason, detail) => void warnings.push(detail),
    });
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    return { ...NOTHING, warnings, errors: [error.message] };
  }
  const cpuMs = round(performance.now() - began);
  const data = records.map(({ time, values }) => ({
    ...(time !== undefined && { time: new Date(time).toISOString() }),
    ...Object.fromEntries(values),
  }));
  const found = readingsOf(records, model, catalogue);
  return { ...NOTHING, data: data.length === 1 ? data[0] : data, warnings, ...found, cpuMs };
}

export function builtIn(name: string): Reader | undefined {
  const codec = frameCodec(name);
  return codec && { kind: 'frame', codec };
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
