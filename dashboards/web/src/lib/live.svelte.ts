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

const connection = $state({ lost: false });

export function liveLost(): boolean {
  return connection.lost;
}

/** Listens until the returned function is called. `query` filters as GET /stream does: `asset=…`. */
export function listen(query: string, handlers: LiveHandlers): () => void {
  const source = new EventSource(`/api/v1/stream${query ? `?${query}` : ''}`);
  source.addEventListener('open', () => {
    connection.lost = false;
  });
  source.addEventListener('error', () => {
    connection.lost = true;
  });
  source.addEventListener('reading', (e) => handlers.reading?.(JSON.parse(e.data)));
  source.addEventListener('alert', (e) => handlers.alert?.(JSON.parse(e.data)));
  source.addEventListener('reset', () => handlers.reset?.());
  return () => {
    source.close();
    connection.lost = false;
  };
}
