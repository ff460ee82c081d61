/** A frame as a payload format: what its codec, a script or the network server made of it, and what the radio said. */
import { recordsOf } from '../../knowledge/codecs/flatten.ts';
import type { Format, RecordSink } from '../../knowledge/codecs/format.ts';
import type { CodecAnswer, Frame } from '../../model/codec.ts';
import { Rejected } from '../../model/errors.ts';
import type { UpPart } from '../../model/lorawan.ts';
import type { PlanCodec } from './device-plan.ts';

export interface FrameParts {
  frame: Frame;
  codec: PlanCodec | undefined;
  answer: CodecAnswer | undefined;
  up?: UpPart | undefined;
  /** Of the message, epoch ms; `undefined`: the receipt time counts. */
  time: number | undefined;
  /** Quantities of the device itself, measured at the same time. */
  radio?: readonly (readonly [quantity: string, value: number])[];
}

export function frameFormat({ frame, codec, answer, up, time, radio = [] }: FrameParts): Format {
  return {
    name: 'frame',
    parse(_payload, _receivedAt, sink) {
      const timed: RecordSink = {
        record: (own, relative) => (own === undefined ? sink.record(time) : sink.record(own, relative)),
        value: (key, value, unit) => sink.value(key, value, unit),
        bad: (reason, detail) => sink.bad(reason, detail),
      };
      if (codec?.kind === 'frame') codec.codec.decode(frame, timed);
      else if (codec) emit(answered(answer, codec.script.id), timed);
      else emit(decodedThere(up), timed);
      if (radio.length === 0) return;
      sink.record(time);
      for (const [quantity, value] of radio) sink.value(quantity, value);
    },
  };
}

function emit(data: unknown, sink: RecordSink): void {
  for (const { time, values } of recordsOf(data)) {
    sink.record(time);
    for (const [key, value] of values) sink.value(key, value);
  }
}

function answered(answer: CodecAnswer | undefined, id: string): unknown {
  if (answer?.kind === 'decoded') return answer.data;
  if (answer?.kind === 'failed') throw new Rejected('codec-failed', `codec ${id}: ${answer.errors.join('; ')}`);
  if (answer) throw new Rejected('codec-set-aside', `codec ${id} failed too often and is not run for now`);
  throw new Rejected('codec-failed', `codec ${id} was not run: the frame is empty, or no sandbox runs here`);
}

/** The model has no codec here: a codec at the network server has done it, or nobody can. */
function decodedThere(up: UpPart | undefined): unknown {
  if (up?.normalized && up.normalized.length > 0) return up.normalized;
  if (up?.object !== undefined && up.object !== null) return up.object;
  throw new Rejected('codec-failed', 'the model names no codec, and the network server decoded nothing');
}
