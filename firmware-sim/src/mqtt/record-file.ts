/** The generator's own record of what it meant to send and what was acknowledged: the other book in a crash test. */
import { type FileHandle, open } from 'node:fs/promises';

/** One line of the file, NDJSON. `n` counts a device's messages from 1. */
export type RecordLine =
  | { type: 'intent'; device: string; n: number; qos: 0 | 1 | 2; payload: string; encoding?: 'base64' }
  | { type: 'ack'; device: string; n: number };

export interface RecordFile {
  /** Resolves when the line is on disk (fdatasync), in the order of the calls. */
  append(line: RecordLine): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  text: string;
  resolve(): void;
  reject(error: unknown): void;
}

/** Appends to `path`. Lines that come while a sync is under way share the next one; callers bound how many wait. */
export async function openRecordFile(path: string): Promise<RecordFile> {
  const file: FileHandle = await open(path, 'a');
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let closed = false;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await file.appendFile(group.map((w) => w.text).join(''));
        await file.datasync();
        for (const w of group) w.resolve();
      } catch (error) {
        // What was half written can no longer be trusted, so neither can anything after it.
        closed = true;
        const failure = new Error(`record: unable to write ${path}`, { cause: error });
        for (const w of [...group, ...waiting.splice(0)]) w.reject(failure);
      }
    }
    writing = undefined;
  };

  return {
    append(line) {
      if (closed) return Promise.reject(new Error(`record: ${path} is closed`));
      return new Promise((resolve, reject) => {
        waiting.push({ text: `${JSON.stringify(line)}\n`, resolve, reject });
        writing ??= Promise.resolve().then(drain);
      });
    },
    async close() {
      closed = true;
      await writing;
      await file.close();
    },
  };
}
