/** What came of a call, as the port gives it. */
import { type CodecAnswer, type EncodeAnswer, SIGNATURES, type Signature } from '../../model/codec.ts';
import type { Outcome } from './messages.ts';
import type { FunctionName } from './realm.ts';

/** Or it was not run: epoch ms until when. */
export type Ended = Outcome | { setAsideUntil: number };

export function answerOf(outcome: Ended): CodecAnswer {
  if ('setAsideUntil' in outcome) return { kind: 'set-aside', until: outcome.setAsideUntil };
  const cpuMs = outcome.ms;
  if ('text' in outcome) return { kind: 'decoded', data: JSON.parse(outcome.text) as unknown, warnings: [], cpuMs };
  if ('stopped' in outcome) return { kind: 'failed', errors: [`stopped: ${outcome.stopped}`], cpuMs };
  const { data, warnings = [], errors = [], console } = outcome.result;
  const said = console && { console };
  if (errors.length > 0) return { kind: 'failed', errors, cpuMs, ...said };
  if (data === undefined) return { kind: 'failed', errors: ['the script gave no data'], cpuMs, ...said };
  return { kind: 'decoded', data, warnings, cpuMs, ...said };
}

const DECODERS: Readonly<Record<Signature, FunctionName>> = {
  ts013: 'decodeUplink',
  ttn: 'Decoder',
  chirpstack3: 'Decode',
  os2iot: 'decode',
};
const ENCODERS: readonly FunctionName[] = ['encodeDownlink', 'Encoder', 'Encode'];

/** The newest signature whose function there is: some scripts bring an older one beside it. */
function signatureOf(functions: readonly FunctionName[]): Signature | undefined {
  return SIGNATURES.find((signature) => functions.includes(DECODERS[signature]));
}

export function encodedOf(outcome: Ended | undefined): EncodeAnswer {
  if (!outcome || 'setAsideUntil' in outcome)
    return { kind: 'failed', errors: ['the codec failed too often and is set aside for a minute'] };
  if ('stopped' in outcome) return { kind: 'failed', errors: [`the codec was stopped: ${outcome.stopped}`] };
  const { bytes, fPort: port, warnings = [], errors } = 'result' in outcome ? outcome.result : {};
  if (!bytes || port === undefined) return { kind: 'failed', errors: errors ?? ['the script gave no bytes'] };
  if (!Number.isInteger(port) || port < 1 || port > 223)
    return { kind: 'failed', errors: [`fPort ${port} is not one of 1 to 223`] };
  return { kind: 'encoded', bytes: Uint8Array.from(bytes), fPort: port, warnings };
}

export function inspectedOf(outcome: Ended | undefined): { signature?: Signature; encodes: boolean; error?: string } {
  if (!outcome || 'setAsideUntil' in outcome) return { encodes: false, error: 'the script is set aside' };
  if ('stopped' in outcome) return { encodes: false, error: `the script was stopped: ${outcome.stopped}` };
  const { functions = [], errors } = 'result' in outcome ? outcome.result : {};
  if (errors && errors.length > 0) return { encodes: false, error: errors.join('; ') };
  const signature = signatureOf(functions);
  const encodes = functions.some((name) => ENCODERS.includes(name));
  return { encodes, ...(signature && { signature }) };
}
