/** Tells every thread of the process that something in the directory changed, soon and not too often. */
import { resolve } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';

export interface ChangeSignal {
  /** Something changed. Calls that follow each other quickly become one. */
  announce(): void;
  close(): void;
}

const COALESCE_MS = 10;
const channelName = (file: string): string => `sansevaerk-registry:${resolve(file)}`;

/** For the thread that writes; `file` is the registry's. */
export function createChangeSignal(file: string): ChangeSignal {
  const channel = new BroadcastChannel(channelName(file));
  channel.unref(); // waiting for news must not keep a process alive
  let timer: NodeJS.Timeout | undefined;
  const send = (): void => {
    timer = undefined;
    channel.postMessage(null);
  };
  return {
    announce: () => {
      timer ??= setTimeout(send, COALESCE_MS);
    },
    close: () => {
      if (timer) {
        clearTimeout(timer);
        send();
      }
      channel.close();
    },
  };
}

/** Calls back in this thread soon after a change to the registry in `file`, whichever thread made it. Returns the way to stop. */
export function watchRegistry(file: string, listener: () => void): () => void {
  const channel = new BroadcastChannel(channelName(file));
  channel.unref(); // waiting for news must not keep a process alive
  channel.onmessage = () => listener();
  return () => channel.close();
}
