/** The browser's session: log in with a token, who am I, log out. */
import Type from 'typebox';
import { refuseOtherSites } from './authenticate.ts';
import { endpoint } from './endpoint.ts';
import { Problem } from './problems.ts';
import { cookieHeader, readCookie } from './sessions.ts';

const Who = Type.Object({
  id: Type.String(),
  organisation: Type.String(),
  role: Type.String(),
  sample: Type.Boolean({ description: 'sample data are shown: pages say so' }),
});

export const get = endpoint({ summary: 'Who is asking', answer: Who }, ({ principal, reply }, { config }) => {
  reply.header('cache-control', 'no-store');
  return { ...principal, sample: config.sampleData === true };
});

export const open = endpoint(
  {
    summary: 'Log in: the token becomes a cookie that scripts cannot read',
    body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 500 }) }, { additionalProperties: false }),
    answer: Who,
  },
  async ({ body, request, reply }, { sessions, publicUrl, config }) => {
    refuseOtherSites(request, publicUrl(), false);
    const opened = await sessions.open(body.token);
    if (!opened) throw new Problem('unauthenticated', 'The token is not known, has expired or was revoked.');
    reply.header('set-cookie', cookieHeader(opened.cookie, publicUrl().startsWith('https:')));
    reply.header('cache-control', 'no-store');
    return { ...opened.principal, sample: config.sampleData === true };
  },
);

export const close = endpoint({ summary: 'Log out', status: 204 }, ({ request, reply }, { sessions, publicUrl }) => {
  const cookie = readCookie(request.headers.cookie);
  if (cookie !== undefined) sessions.close(cookie);
  reply.header('set-cookie', cookieHeader('', publicUrl().startsWith('https:'))).code(204);
});

/** Outside /api/v1: the address printed at the first start. Valid once. */
export const useLoginLink = endpoint(
  {
    summary: 'The one-time login link of the first start',
    query: Type.Object({ code: Type.String({ maxLength: 200 }) }, { additionalProperties: false }),
    status: 303,
  },
  ({ query, reply }, { sessions, publicUrl }) => {
    const cookie = sessions.useLoginCode(query.code);
    if (cookie === undefined)
      throw new Problem(
        'unauthenticated',
        'The link has been used or is older than a day. A restart prints a new one.',
      );
    reply.header('set-cookie', cookieHeader(cookie, publicUrl().startsWith('https:')));
    reply.header('cache-control', 'no-store').header('location', '/').code(303);
  },
);
