/** A codec of our own: how the bytes of a vendor's frames say which keys had which values when. One file a framing, in frames/. */
import type { Frame } from '../../model/codec.ts';
import type { RecordSink } from './format.ts';

export interface FrameCodec {
  name: string;
  /**
   * Calls `sink` for everything in the frame: `record(undefined)` for what was measured now, a time for history.
   * @throws Rejected `codec-failed` when the frame cannot be read; what it could read before does not count then.
   */
  decode(frame: Frame, sink: RecordSink): void;
}
