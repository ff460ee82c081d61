/** Structured logs: one JSON line an event, secrets redacted by path. Events, not progress; numbers go to metrics. */
import pino from 'pino';

export type Logger = pino.Logger;

const SECRETS = ['password', 'secret', 'token', 'authorization', 'cookie', 'apiKey', 'credential'];

/** `level` as pino names them; `silent` for tests. */
export function createLogger(level: string, destination?: pino.DestinationStream): Logger {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const options: pino.LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths, censor: '[redacted]' },
  };
  // Standard error: standard output carries the `ready` line, which programs wait for.
  return pino(options, destination ?? pino.destination({ fd: 2, sync: true }));
}
