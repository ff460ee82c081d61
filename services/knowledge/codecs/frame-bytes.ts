/** Numbers in the bytes of a frame, by their place; a byte that is not there is the frame's fault, not ours. */
import { Rejected } from '../../model/errors.ts';

/** Big-endian unless the name ends in `Le`. Every method: @throws Rejected `codec-failed` beyond the end of the frame. */
export class FrameBytes {
  readonly length: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.length = bytes.length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(at: number): number {
    return this.#have(at, 1).getUint8(at);
  }
  i8(at: number): number {
    return this.#have(at, 1).getInt8(at);
  }
  u16(at: number): number {
    return this.#have(at, 2).getUint16(at);
  }
  i16(at: number): number {
    return this.#have(at, 2).getInt16(at);
  }
  u16Le(at: number): number {
    return this.#have(at, 2).getUint16(at, true);
  }
  u24(at: number): number {
    return this.u16(at) * 256 + this.u8(at + 2);
  }
  u24Le(at: number): number {
    return this.u16Le(at) + this.u8(at + 2) * 65_536;
  }
  u32(at: number): number {
    return this.#have(at, 4).getUint32(at);
  }
  i32(at: number): number {
    return this.#have(at, 4).getInt32(at);
  }
  u32Le(at: number): number {
    return this.#have(at, 4).getUint32(at, true);
  }
  f32(at: number): number {
    return this.#have(at, 4).getFloat32(at);
  }

  #have(at: number, bytes: number): DataView {
    if (at + bytes > this.length)
      throw new Rejected('codec-failed', `the frame ends after ${this.length} bytes, byte ${at + bytes - 1} is needed`);
    return this.#view;
  }
}
