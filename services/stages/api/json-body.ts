/** JSON bodies: bounded in depth before they are parsed, and without keys that reach an object's prototype. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problems.ts';

const DEEPEST = 32;

export function parseJsonBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string' },
    (request: FastifyRequest, body: string, done) => {
      if (deeperThan(body, DEEPEST)) return done(new Problem('malformed-json', `nested deeper than ${DEEPEST}`));
      // A POST without a body is `{}`: its endpoint says what is missing.
      if (body.trim() === '') return done(null, {});
      void parse(request, body, done);
    },
  );
}

function deeperThan(text: string, most: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 92)
        i++; // a backslash escapes the next
      else if (c === 34) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 123 || c === 91) {
      if (++depth > most) return true;
    } else if (c === 125 || c === 93) depth--;
  }
  return false;
}
