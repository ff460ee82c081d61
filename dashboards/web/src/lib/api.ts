/** The API as this app uses it. Every failure passes `ApiError`; who calls decides what to show. */

export interface Text {
  da: string;
  en: string;
}
export type Mark = 'clock' | 'late' | 'suspect';
export interface Latest {
  quantity: string;
  unit: string;
  value: number;
  time: string;
  received: string;
  marks: Mark[];
}
export interface AssetItem {
  id: string;
  owner: string;
  operator: string;
  type: string;
  name: string;
  latest?: Latest[];
  lastSeen?: string | null;
  state?: string;
}
export interface AssetPage extends AssetItem {
  municipalityCode?: string;
  location?: unknown;
  attributes: Record<string, unknown>;
  latest: Latest[];
  alerts: Alert[];
  devices: { id: string; model: string }[];
}
export interface Alert {
  id: string;
  asset: string;
  owner: string;
  operator: string;
  type: string;
  state: 'open' | 'acknowledged' | 'resolved';
  severity: 'critical' | 'high' | 'low' | 'info';
  outcome: 'alarm' | 'worklist';
  name: Text;
  sentence: Text;
  raisedAt: string;
  acknowledgedBy?: string;
}
export interface Quantity {
  name: string;
  label: Text;
  unit: string;
  kind: 'gauge' | 'interval' | 'counter' | 'state';
  decimals?: number;
  states?: { name: string; label: Text }[];
}
export interface AssetType {
  id: string;
  label: Text;
  quantities: string[];
  derived: string[];
  heartbeat: number;
  attributes: { name: string; label: Text; unit?: string }[];
}
export interface Catalogue {
  quantities: Quantity[];
  assetTypes: AssetType[];
}
export interface Session {
  id: string;
  organisation: string;
  role: string;
  /** Sample data are shown: the banner. */
  sample: boolean;
}
export interface Page<T> {
  items: T[];
  next?: string | null;
}
export type Point = [time: string, ...values: (number | null | Mark[])[]];
export interface Points {
  unit: string;
  points: Point[];
  next?: string | null;
}
export type Ledger = Record<string, number> & { asOf: string };

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

const DEADLINE_MS = 15_000;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  // The api refuses a write with a session cookie that lacks this header: a foreign page cannot set it.
  if (method !== 'GET') headers['x-sansevaerk'] = 'web';
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  const text = await response.text();
  const json = text === '' ? {} : JSON.parse(text);
  if (!response.ok) throw new ApiError(response.status, json.code ?? 'unknown', json.detail ?? response.statusText);
  return json as T;
}

const get = <T>(path: string) => call<T>('GET', path);

/** All pages of a list, at most `most` items. */
async function all<T>(path: string, most = 20_000): Promise<T[]> {
  const items: T[] = [];
  let cursor = '';
  do {
    const page: Page<T> = await get(`${path}${path.includes('?') ? '&' : '?'}limit=1000${cursor}`);
    items.push(...page.items);
    cursor = page.next ? `&cursor=${encodeURIComponent(page.next)}` : '';
  } while (cursor !== '' && items.length < most);
  return items;
}

export const api = {
  session: () => get<Session>('/session'),
  login: (token: string) => call<Session>('POST', '/session', { token }),
  logout: () => call<void>('DELETE', '/session'),
  catalogue: () => get<Catalogue>('/catalogue'),
  organisations: () => all<{ id: string; name: string }>('/organisations'),
  assets: () => all<AssetItem>('/assets?latest=true'),
  asset: (id: string) => get<AssetPage>(`/assets/${encodeURIComponent(id)}`),
  alerts: (query: string) => get<Page<Alert>>(`/alerts?${query}`),
  openAlerts: async () => [
    ...(await all<Alert>('/alerts?state=open', 2000)),
    ...(await all<Alert>('/alerts?state=acknowledged', 2000)),
  ],
  acknowledge: (id: string, note: string) =>
    call<Alert>('POST', `/alerts/${id}/acknowledge`, note === '' ? {} : { note }),
  ledger: () => get<Ledger>('/ledger'),
  readings: (asset: string, query: string) => get<Points>(`/assets/${encodeURIComponent(asset)}/readings?${query}`),
};
