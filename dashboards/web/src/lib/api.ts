/** The API as this app uses it. Every failure is an `ApiError`; who calls decides what to show. */

export interface Text {
  da: string;
  en: string;
}
export type Mark = 'clock' | 'late' | 'suspect' | 'test';
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
}
export type Location = { lat: number; lon: number } | { type: string; coordinates: unknown };
export interface AssetPage extends AssetItem {
  municipalityCode?: string;
  location?: Location;
  parent?: string;
  attributes: Record<string, unknown>;
  lastSeen?: string;
  latest: Latest[];
  alerts: Alert[];
  devices: { id: string; model: string }[];
  /** Rules that are off here because the attribute they compare with has no value. */
  missingLimits: { rule: string; name: Text; attribute: string }[];
}
export type Severity = 'critical' | 'high' | 'low' | 'info';
export type AlertState = 'open' | 'acknowledged' | 'resolved';
export interface AlertEvent {
  at: string;
  kind: 'raised' | 'cleared' | 'acknowledge' | 'assign' | 'comment' | 'resolve';
  by?: string;
  note?: string;
  assignee?: string;
}
export interface Alert {
  id: string;
  asset: string;
  owner: string;
  operator: string;
  type: string;
  state: AlertState;
  severity: Severity;
  outcome: 'alarm' | 'worklist';
  name: Text;
  sentence: Text;
  evidence: { quantity?: string };
  raisedAt: string;
  acknowledgedBy?: string;
  resolvedAt?: string;
  timeline: AlertEvent[];
}
export interface Quantity {
  name: string;
  label: Text;
  unit: string;
  kind: 'gauge' | 'interval' | 'counter' | 'state';
  circular?: boolean;
  decimals?: number;
  states?: { name: string; label: Text }[];
}
export interface AssetType {
  id: string;
  label: Text;
  quantities: string[];
  /** Seconds: the longest normal silence. */
  heartbeat: number;
  attributes: { name: string; label: Text; kind: string; unit?: string }[];
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
  next?: string;
}
/** `[time, value, marks?]`, or `[time, …aggregates]` of a window. */
export type Point = [time: string, ...values: (number | null | Mark[])[]];
export interface Points {
  points: Point[];
  next?: string;
}
export type Ledger = Record<string, number> & { asOf: string };
export interface Readiness {
  status: 'ready' | 'not-ready';
  dependencies: Record<string, { ok: boolean }>;
}

/** What is wrong with one member of what was sent: a JSON pointer into it, and why, in English. */
export interface FieldFault {
  pointer: string;
  detail: string;
}

export class ApiError extends Error {
  /** 0 when there was no answer at all. */
  readonly status: number;
  /** The stable word of the API for what went wrong; empty when there was no answer. */
  readonly code: string;
  readonly errors: readonly FieldFault[];
  constructor(
    status: number,
    detail: string,
    { code = '', errors = [], ...options }: ErrorOptions & { code?: string; errors?: FieldFault[] } = {},
  ) {
    super(detail, options);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

const DEADLINE_MS = 15_000;
let whenSignedOut = (): void => {};

/** `then` is told when the API no longer knows who is asking. */
export function onSignedOut(then: () => void): void {
  whenSignedOut = then;
}

async function send(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
  // What the API says in words it says in the language of the page.
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-language': document.documentElement.lang,
  };
  if (body !== undefined) headers['content-type'] = 'application/json';
  // The api refuses a write with a session cookie that lacks this header: a foreign page cannot set it.
  if (method !== 'GET') headers['x-sansevaerk'] = 'web';
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? {} : JSON.parse(text) };
  } catch (cause) {
    throw new ApiError(0, `${method} ${path}: no answer that could be read`, { cause });
  }
}

/** @throws ApiError for everything but a 2xx. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const { status, json } = await send(method, `/api/v1${path}`, body);
  if (status >= 200 && status < 300) return json as T;
  if (status === 401) whenSignedOut();
  const { detail, ...more } = json as { detail?: string; code?: string; errors?: FieldFault[] };
  throw new ApiError(status, detail ?? String(status), more);
}

export const get = <T>(path: string) => call<T>('GET', path);
const id = encodeURIComponent;

/** All pages of a list, at most about `most` items. */
export async function all<T>(path: string, most: number): Promise<T[]> {
  const items: T[] = [];
  let cursor = '';
  do {
    const page: Page<T> = await get(`${path}${path.includes('?') ? '&' : '?'}limit=1000${cursor}`);
    items.push(...page.items);
    cursor = page.next ? `&cursor=${encodeURIComponent(page.next)}` : '';
  } while (cursor !== '' && items.length < most);
  return items;
}

const MOST_ASSETS = 20_000;
const MOST_ALERTS = 5000;

export const api = {
  session: () => get<Session>('/session'),
  login: (token: string) => call<Session>('POST', '/session', { token }),
  logout: () => call<void>('DELETE', '/session'),
  catalogue: () => get<Catalogue>('/catalogue'),
  organisations: () => all<{ id: string; name: string }>('/organisations', MOST_ASSETS),
  assets: () => all<AssetItem>('/assets?latest=true', MOST_ASSETS),
  assetsOf: (ids: readonly string[]) => get<Page<AssetItem>>(`/assets?limit=1000&ids=${id(ids.join(','))}`),
  asset: (asset: string) => get<AssetPage>(`/assets/${id(asset)}`),
  alert: (alert: string) => get<Alert>(`/alerts/${id(alert)}`),
  alerts: (query: string) => get<Page<Alert>>(`/alerts?${query}`),
  allAlerts: (state: AlertState) => all<Alert>(`/alerts?state=${state}`, MOST_ALERTS),
  acknowledge: (alert: string, note: string) =>
    call<Alert>('POST', `/alerts/${id(alert)}/acknowledge`, note === '' ? {} : { note }),
  ledger: () => get<Ledger>('/ledger'),
  readings: (asset: string, query: string) => get<Points>(`/assets/${id(asset)}/readings?${query}`),
  /** Answers also when it is not ready: 503 is what it is asked about. */
  readiness: async () => (await send('GET', '/readyz')).json as Readiness,
};
