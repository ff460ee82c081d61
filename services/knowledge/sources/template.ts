/** Fills the placeholders of a request: {cursor}, {from}, {to}, {page} and the secrets. */
import type { HttpPullSettings } from './http-pull.ts';
import { withSecrets } from './secrets.ts';

export interface Filling {
  cursor: string;
  page: number;
  /** Epoch ms; of requests without a window both are unused. */
  from: number;
  to: number;
}

type TimeFormat = HttpPullSettings['request']['timeFormat'];
type Secrets = Readonly<Record<string, string>> | undefined;

/** Every value is percent-encoded. @throws Rejected `missing-secret`. */
export function fillUrl(template: string, filling: Filling, format: TimeFormat, secrets: Secrets): URL {
  return new URL(fill(template, filling, format, secrets, encodeURIComponent));
}

/** Every value is escaped as within the quotes of a JSON text. @throws Rejected `missing-secret`. */
export function fillBody(template: string, filling: Filling, format: TimeFormat, secrets: Secrets): string {
  return fill(template, filling, format, secrets, (text) => JSON.stringify(text).slice(1, -1));
}

function fill(
  template: string,
  { cursor, page, from, to }: Filling,
  format: TimeFormat,
  secrets: Secrets,
  encode: (text: string) => string,
): string {
  const values: Record<string, string> = {
    cursor,
    page: String(page),
    from: writeTime(from, format),
    to: writeTime(to, format),
  };
  // In one go: what is put in is never looked through for placeholders again.
  return template.replace(/\{(cursor|page|from|to)\}|\{secret:[^}]*\}/g, (all, name?: string) =>
    name === undefined ? withSecrets(all, secrets, encode) : encode(values[name] ?? ''),
  );
}

function writeTime(ms: number, format: TimeFormat): string {
  switch (format) {
    case 'epoch-ms':
      return String(Math.floor(ms));
    case 'epoch-s':
      return String(Math.floor(ms / 1000));
    case 'date':
      return new Date(ms).toISOString().slice(0, 10);
    case 'rfc3339':
      return new Date(ms).toISOString();
  }
}
