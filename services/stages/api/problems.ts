/** Every error the API answers with, in one place: RFC 9457 problem details with a stable `code`. */
import { Rejected, Unavailable } from '../../model/errors.ts';
import type { Text } from '../../model/rule.ts';

interface Kind {
  status: number;
  title: Text;
}

export const PROBLEMS = {
  'invalid-input': { status: 400, title: { da: 'Ugyldige oplysninger', en: 'The input is not valid' } },
  'malformed-json': { status: 400, title: { da: 'Indholdet er ikke gyldig JSON', en: 'The body is not valid JSON' } },
  'confirm-needed': {
    status: 400,
    title: { da: 'Sletningen skal bekræftes', en: 'The deletion must be confirmed' },
  },
  unauthenticated: { status: 401, title: { da: 'Log ind eller angiv et token', en: 'Log in or give a token' } },
  forbidden: { status: 403, title: { da: 'Det har du ikke adgang til', en: 'You may not do that' } },
  'cross-site': { status: 403, title: { da: 'Kaldet kom fra en anden side', en: 'The call came from another site' } },
  'not-found': { status: 404, title: { da: 'Findes ikke', en: 'Not found' } },
  'method-not-allowed': {
    status: 405,
    title: { da: 'Det kan man ikke gøre her', en: 'That method is not for this address' },
  },
  'id-taken': { status: 409, title: { da: 'Id er allerede i brug', en: 'The id is already in use' } },
  'quantity-taken': {
    status: 409,
    title: { da: 'Målingen kommer allerede fra en anden sensor', en: 'Another device already reports that quantity' },
  },
  'needs-move': {
    status: 409,
    title: { da: 'Ejer og type kan ikke ændres her', en: 'Owner and type cannot be changed here' },
  },
  'alert-resolved': { status: 409, title: { da: 'Alarmen er lukket', en: 'The alert is resolved' } },
  'in-use': { status: 409, title: { da: 'Er stadig i brug', en: 'Still in use' } },
  'changed-meanwhile': {
    status: 412,
    title: { da: 'En anden har ændret den imens', en: 'Somebody else has changed it meanwhile' },
  },
  'too-large': { status: 413, title: { da: 'For stort', en: 'Too large' } },
  'unsupported-media-type': { status: 415, title: { da: 'Indholdstypen kendes ikke', en: 'Unsupported content type' } },
  'examples-failed': {
    status: 422,
    title: { da: 'Eksemplerne giver ikke det forventede', en: 'The examples do not come out as they say' },
  },
  'too-many': { status: 429, title: { da: 'For mange forsøg', en: 'Too many attempts' } },
  'internal-error': { status: 500, title: { da: 'Fejl hos os', en: 'An error on our side' } },
  unavailable: { status: 503, title: { da: 'Ikke til rådighed lige nu', en: 'Not available at the moment' } },
} as const satisfies Record<string, Kind>;

export type ProblemCode = keyof typeof PROBLEMS;

export interface FieldError {
  /** JSON pointer (RFC 6901) into the body, or `/name` of a query parameter. */
  pointer: string;
  detail: string;
}

/** Thrown by a handler to answer with a problem. `detail` is for the person who has to act on it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: readonly FieldError[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: more.cause });
    this.code = code;
    this.errors = more.errors;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** One field at fault. */
export function invalid(pointer: string, detail: string): Problem {
  return new Problem('invalid-input', detail, { errors: [{ pointer, detail }] });
}

export function notFound(what: string): Problem {
  return new Problem('not-found', `There is no such ${what}, or you may not see it.`);
}

// Fastify's own errors, by their code.
const FASTIFY: Record<string, ProblemCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-input',
};

/** Whatever was thrown, as the problem to answer with. What we did not foresee shows nothing of its inside. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Unavailable)
    return new Problem('unavailable', 'Something this depends on does not answer. Try again in a moment.', {
      cause: error,
      retryAfterSeconds: 5,
    });
  if (error instanceof Rejected) {
    const code = error.code in PROBLEMS ? (error.code as ProblemCode) : 'invalid-input'; // just checked
    return new Problem(code, error.message, { cause: error });
  }
  if (error instanceof Error) {
    const { code = '', statusCode = 500 } = error as { code?: string; statusCode?: number };
    // Its own words repeat the address, and some addresses hold a device's key.
    if (code === 'FST_ERR_BAD_URL') return new Problem('invalid-input', 'The address is not a valid URL.');
    const known = FASTIFY[code];
    if (known) return new Problem(known, error.message, { cause: error });
    if (statusCode >= 400 && statusCode < 500) return new Problem('invalid-input', error.message, { cause: error });
  }
  return new Problem('internal-error', 'The error is logged. Try again, and tell us if it stays.', { cause: error });
}

/** The body of the answer; `language` picks the title. */
export function problemBody(problem: Problem, language: 'da' | 'en', instance: string): object {
  const { status, title } = PROBLEMS[problem.code];
  return {
    title: title[language],
    status,
    code: problem.code,
    detail: problem.message,
    instance,
    ...(problem.errors && { errors: problem.errors }),
  };
}
