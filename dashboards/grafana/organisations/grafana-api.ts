/**
 * Grafana's HTTP API, signed in as its server administrator: only that account may make organisations.
 * https://grafana.com/docs/grafana/latest/developers/http_api/
 */
const DEADLINE_MS = 15_000;

export interface Answer<T> {
  status: number;
  body: T;
}

export class GrafanaApi {
  #base: string;
  #authorization: string;
  /** Requests that changed something. */
  changes: string[] = [];

  constructor({ base, user, password }: { base: string; user: string; password: string }) {
    this.#base = base;
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }

  /** `undefined` for 404. @throws Error for any other answer than 2xx. */
  async get<T>(path: string, organisation?: number): Promise<T | undefined> {
    const { status, body } = await this.#call<T>('GET', path, { organisation });
    if (status === 404) return undefined;
    return accepted('GET', path, status, body);
  }

  /** `fine`: other statuses than 2xx that are as good, such as 409 for what is there already. */
  async change<T>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    { body, organisation, fine = [] }: { body?: unknown; organisation?: number; fine?: readonly number[] },
  ): Promise<T> {
    const answer = await this.#call<T>(method, path, { body, organisation });
    if (fine.includes(answer.status)) return answer.body;
    const value = accepted(method, path, answer.status, answer.body);
    this.changes.push(`${method} ${path}`);
    return value;
  }

  async #call<T>(
    method: string,
    path: string,
    { body, organisation }: { body?: unknown; organisation: number | undefined },
  ): Promise<Answer<T>> {
    let response: Response;
    try {
      response = await fetch(this.#base + path, {
        method,
        headers: {
          authorization: this.#authorization,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          // Which organisation a request is about: docs of the HTTP API, "X-Grafana-Org-Id Header".
          ...(organisation === undefined ? {} : { 'x-grafana-org-id': String(organisation) }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
    } catch (cause) {
      throw new Error(`Grafana does not answer at ${this.#base}`, { cause });
    }
    const text = await response.text();
    return { status: response.status, body: (isJson(response) ? JSON.parse(text) : text) as T };
  }
}

function isJson(response: Response): boolean {
  return response.headers.get('content-type')?.includes('json') ?? false;
}

function accepted<T>(method: string, path: string, status: number, body: T): T {
  if (status < 200 || status > 299)
    throw new Error(`Grafana: ${method} ${path}: ${status} ${JSON.stringify(body).slice(0, 500)}`);
  return body;
}
