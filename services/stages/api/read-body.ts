/** The body of a request whose endpoint takes it as a stream, whole and bounded. */
import type { Readable } from 'node:stream';
import { Unavailable } from '../../model/errors.ts';
import { Problem } from './problems.ts';

/** @throws Problem `too-large`; Unavailable when the connection ends first. */
export async function readAll(stream: Readable, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += (chunk as Buffer).byteLength; // a request without encoding gives buffers
      if (bytes > mostBytes) throw new Problem('too-large', `A message may have ${mostBytes} bytes. Send it in parts.`);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Unavailable('the connection ended before the body did', { cause: error });
  }
  return Buffer.concat(chunks);
}
