/** What Sigfox's cloud posts to OS2iot for a device: https://support.sigfox.com/docs/uplink and /docs/bidir. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** Members we do not use may be there; OS2iot takes them too. */
const SigfoxCallback = Type.Object({
  /** Seconds since 1970. */
  time: Type.Number(),
  deviceTypeId: Type.String({ minLength: 1, maxLength: 64 }),
  deviceId: Type.String({ minLength: 1, maxLength: 16 }),
  /** Hex; at most 12 bytes. */
  data: Type.String({ pattern: '^([0-9a-fA-F]{2})*$', maxLength: 64 }),
  seqNumber: Type.Number(),
});
export type SigfoxCallback = Static<typeof SigfoxCallback>;

const checked = Compile(SigfoxCallback);

export function readSigfoxCallback(body: unknown): SigfoxCallback | undefined {
  return checked.Check(body) ? body : undefined;
}

/** The secret of a Sigfox device: what OS2iot asks for, the id of its device type and its own, in one text. */
export function sigfoxSecret({ deviceTypeId, deviceId }: { deviceTypeId: string; deviceId: string }): string {
  return `sigfox:${deviceTypeId.toLowerCase()}:${deviceId.toLowerCase()}`;
}
