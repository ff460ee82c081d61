/** What a network server's message says, whichever server and encoding; once the bytes are stored, this is all decode needs. */
import type { LorawanMessage } from '../../model/lorawan.ts';
import type { NetworkServer } from '../../model/network-server.ts';
import { chirpstackEvent, readChirpstack } from './chirpstack.ts';
import { chirpstackBody } from './chirpstack-body.ts';
import { parseBody } from './members.ts';
import { readTts } from './tts.ts';

/**
 * @param event as the topic or `?event=` has it: `up`, `join`, …; `gateway` for the state of a gateway. The Things Stack's
 *        messages say for themselves what they are.
 * @throws Rejected `malformed-message`, with what is wrong as its message.
 */
export function readMessage(kind: NetworkServer['kind'], event: string, payload: Uint8Array): LorawanMessage {
  if (kind === 'tts') return readTts(parseBody(payload));
  const what = chirpstackEvent(event);
  return readChirpstack(what, chirpstackBody(what, payload));
}
