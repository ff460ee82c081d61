/** History entered by an operator: one JSON line a device and batch, read as it comes, in bounded memory. */
import type { Readable } from 'node:stream';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { mayImportFor } from './devices.ts';
import { type Call, endpoint } from './endpoint.ts';
import { Problem } from './problems.ts';
import type { Services } from './services.ts';

const MOST_LINE_BYTES = 1024 * 1024;
const MOST_ERRORS = 1000;
/** One hand-over to the door: large enough to fill a commit, small enough to hold several. */
const GROUP_BYTES = 1024 * 1024;
const GROUP_LINES = 256;

const Line = Compile(
  Type.Object(
    {
      device: Type.String(),
      readings: Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1, maxItems: 1000 }),
    },
    { additionalProperties: false },
  ),
);

interface LineError {
  line: number;
  code: string;
  detail: string;
}

export const readings = endpoint(
  {
    summary: 'Enter history: lines of {"device": id, "readings": [{"time": …, …}, …]}, at most 1000 readings a line',
    stream: 'application/x-ndjson',
    answer: Type.Object({
      lines: Type.Integer(),
      uplinks: Type.Integer(),
      errors: Type.Array(Type.Object({ line: Type.Integer(), code: Type.String(), detail: Type.String() })),
      moreErrors: Type.Integer({ description: 'errors beyond the first 1000' }),
    }),
  },
  async (call, services) => {
    const errors: LineError[] = [];
    let moreErrors = 0;
    let uplinks = 0;
    let line = 0;
    let group: { device: string; owner: string; payload: Uint8Array }[] = [];
    let groupBytes = 0;
    let underWay: Promise<void> = Promise.resolve();
    const handOver = async (): Promise<void> => {
      await underWay; // one group is being written while the next is read
      const ready = group;
      group = [];
      groupBytes = 0;
      if (ready.length === 0) return;
      underWay = services.door.acceptImport(ready).then((taken) => {
        uplinks += taken.uplinks;
      });
      underWay.catch(() => {}); // seen by whoever awaits it next
    };
    for await (const text of linesOf(call.request.body as Readable)) {
      // the stream parser gives the request itself
      line++;
      if (text !== undefined && text.trim() === '') continue;
      const read = readLine(text, call, services);
      if ('code' in read) {
        if (errors.length < MOST_ERRORS) errors.push({ line, ...read });
        else moreErrors++;
        continue;
      }
      group.push(read);
      groupBytes += read.payload.byteLength;
      if (group.length >= GROUP_LINES || groupBytes >= GROUP_BYTES) await handOver();
    }
    await handOver();
    await underWay;
    await call.changed('import', 'readings', call.principal.organisation, `${line} lines, ${uplinks} uplinks`);
    return { lines: line, uplinks, errors, moreErrors };
  },
);

function readLine(
  text: string | undefined,
  call: Call,
  { directory }: Services,
): { device: string; owner: string; payload: Uint8Array } | Omit<LineError, 'line'> {
  if (text === undefined) return { code: 'too-large', detail: `a line may have ${MOST_LINE_BYTES} bytes` };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { code: 'malformed-json', detail: (error as Error).message }; // JSON.parse throws nothing else
  }
  if (!Line.Check(parsed))
    return { code: 'invalid-input', detail: 'a line is {"device": id, "readings": [1 to 1000 objects]}' };
  const device = directory.device(parsed.device);
  if (!device || !mayImportFor(call, device))
    return { code: 'unknown-device', detail: `there is no device "${parsed.device}" you may import for` };
  return { device: device.id, owner: device.owner, payload: Buffer.from(JSON.stringify(parsed.readings)) };
}

/** Lines without their ends; `undefined` for one that is too long, whose bytes are passed over. */
async function* linesOf(stream: Readable): AsyncGenerator<string | undefined> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let tooLong = false;
  try {
    for await (const part of stream) {
      const chunk = part as Buffer; // a request without encoding gives buffers
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        const piece = chunk.subarray(start, end);
        tooLong ||= restBytes + piece.byteLength > MOST_LINE_BYTES;
        yield tooLong ? undefined : Buffer.concat([...rest, piece]).toString();
        rest = [];
        restBytes = 0;
        tooLong = false;
        start = end + 1;
      }
      const tail = chunk.subarray(start);
      tooLong ||= restBytes + tail.byteLength > MOST_LINE_BYTES;
      if (tooLong) rest = [];
      else if (tail.byteLength > 0) rest.push(tail);
      restBytes = tooLong ? MOST_LINE_BYTES + 1 : restBytes + tail.byteLength;
    }
  } catch (cause) {
    throw new Problem('invalid-input', 'The connection ended before the body did.', { cause });
  }
  if (tooLong) yield undefined;
  else if (restBytes > 0) yield Buffer.concat(rest).toString();
}
