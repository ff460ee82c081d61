/** Live readings and alerts by server-sent events; the browser reconnects by itself and resumes where it was. */
import type { Alert, Mark } from './api.ts';

export interface LiveReading {
  asset: string;
  quantity: string;
  time: string;
  received: string;
  value: number;
  unit: string;
  marks: Mark[];
}

export interface LiveHandlers {
  reading?: (reading: LiveReading) => void;
  alert?: (alert: Alert) => void;
  /** Something may have been missed: fetch anew. */
  reset?: () => void;
}

const RETRY_MS = 5000;
/** The server says something every 15 s or oftener. */
const DEAF_MS = 50_000;
const connection = $state({ lost: false });

export function liveLost(): boolean {
  return connection.lost;
}

/** Listens until the returned function is called. `query` filters as GET /stream does: `asset=…`. */
export function listen(query: string, handlers: LiveHandlers): () => void {
  let source = open(false);
  let heard = Date.now();
  let retry: ReturnType<typeof setTimeout> | undefined;
  // A connection may die without anybody being told.
  const watch = setInterval(() => {
    if (Date.now() - heard > DEAF_MS) again(0);
  }, RETRY_MS);

  function again(after: number): void {
    connection.lost = true;
    heard = Date.now();
    source.close();
    clearTimeout(retry);
    retry = setTimeout(() => {
      source = open(true);
    }, after);
  }

  function open(missed: boolean): EventSource {
    const opened = new EventSource(`/api/v1/stream${query ? `?${query}` : ''}`);
    const on = (name: string, handle: (data: string) => void) =>
      opened.addEventListener(name, (e) => {
        heard = Date.now();
        handle((e as MessageEvent<string>).data);
      });
    opened.addEventListener('open', () => {
      heard = Date.now();
      connection.lost = false;
      if (missed) handlers.reset?.();
    });
    opened.addEventListener('error', () => {
      connection.lost = true;
      // Refused, not interrupted: the browser will not try again.
      if (opened.readyState === EventSource.CLOSED) again(RETRY_MS);
    });
    on('reading', (data) => handlers.reading?.(JSON.parse(data)));
    on('alert', (data) => handlers.alert?.(JSON.parse(data)));
    on('reset', () => handlers.reset?.());
    on('heartbeat', () => {});
    return opened;
  }

  return () => {
    clearInterval(watch);
    clearTimeout(retry);
    source.close();
    connection.lost = false;
  };
}
