/** The HTTP server: what holds for every route. Limits, headers, errors, documents; the routes come from the table. */
import staticFiles from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { Principal } from '../../model/token.ts';
import { PUBLIC } from '../../model/token.ts';
import { authenticate } from './authenticate.ts';
import type { Calls } from './call.ts';
import { parseJsonBodies } from './json-body.ts';
import { preferredLanguage } from './language.ts';
import { PROBLEMS, Problem, problemBody, toProblem } from './problems.ts';
import { ROUTES, type Route } from './routes.ts';
import type { Services } from './services.ts';
import { compileValidator } from './validation.ts';
import { serveWeb } from './web.ts';

const BODY_BYTES = 1024 * 1024;
const BODY_MS = 15_000;

// Everything from ourselves, no inline script or style, in no frame: what a stored name can do in a page is nothing.
const CONTENT_SECURITY =
  "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="40"><text x="0" y="27" font-family="sans-serif" font-size="24" fill="#fff">Sanseværk</text></svg>';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const HEADERS = {
  'content-security-policy': CONTENT_SECURITY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'geolocation=(self), camera=(self), microphone=()',
};

export async function createServer(services: Services, calls: Calls): Promise<FastifyInstance> {
  const server = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    requestTimeout: 600_000, // an import may take its time; other bodies have BODY_MS
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => void answerProblem(toProblem(error), request, reply, services),
  });
  server.server.headersTimeout = 10_000;
  server.server.maxConnections = 10_000;
  server.setValidatorCompiler(compileValidator as never); // our own schemas are all TypeBox
  server.setSerializerCompiler(() => JSON.stringify);
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (services.publicUrl().startsWith('https:')) reply.header('strict-transport-security', 'max-age=31536000');
    checkEncoding(request, reply);
    limitBodyTime(request);
  });
  server.setErrorHandler((error, request, reply) => answerProblem(toProblem(error), request, reply, services));
  parseJsonBodies(server);
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Sanseværk', version: '1', description: 'Errors are RFC 9457 problems with a stable `code`.' },
      servers: [{ url: services.publicUrl() }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
  });
  await server.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: { 'default-src': "'self'", 'img-src': "'self' data:", 'style-src': "'self' 'unsafe-inline'" },
    uiConfig: { tryItOutEnabled: false },
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO) },
  });
  server.get('/api/openapi.json', { schema: { hide: true } }, () => server.swagger());
  await server.register((scope, _options, done) => {
    addRoutes(
      scope,
      ROUTES.filter((r) => r[3].stream === undefined),
      services,
      calls,
    );
    done();
  });
  await server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
    addRoutes(
      scope,
      ROUTES.filter((r) => r[3].stream !== undefined),
      services,
      calls,
    );
    done();
  });
  refuseOtherMethods(server);
  await serveWeb(server, services.config.webDir, staticFiles);
  return server;
}

function addRoutes(scope: FastifyInstance, routes: readonly Route[], services: Services, calls: Calls): void {
  for (const [method, url, needs, endpoint] of routes) {
    const principals = new WeakMap<FastifyRequest, Principal>();
    scope.route({
      method,
      url,
      schema: schemaOf(url, needs, endpoint),
      onRequest: async (request) => {
        const principal = needs === 'device' ? PUBLIC : await authenticate(request, services);
        calls.checkRole(principal, needs, request);
        principals.set(request, principal);
      },
      handler: async (request, reply) => {
        const principal = principals.get(request) ?? PUBLIC;
        const answer = await endpoint.handle(calls.call(principal, request, reply), services);
        if (reply.sent) return reply;
        return answer === undefined ? reply.send() : answer;
      },
    });
  }
}

/** An address that exists says what may be done there (RFC 9110 section 15.5.6), before anything of the body is read. */
function refuseOtherMethods(server: FastifyInstance): void {
  for (const [url, routes] of Map.groupBy(ROUTES, (route) => route[1])) {
    const allowed = routes.map(([method]) => method);
    const refuse = (request: FastifyRequest, reply: FastifyReply): never => {
      void reply.header('allow', allowed.join(', '));
      throw new Problem('method-not-allowed', `${request.method} is not for this address: ${allowed.join(', ')}.`);
    };
    server.route({
      method: METHODS.filter((method) => !(allowed as readonly string[]).includes(method)),
      url,
      schema: { hide: true },
      onRequest: async (request, reply) => refuse(request, reply),
      handler: refuse,
    });
  }
}

function schemaOf(url: string, needs: Route[2], { summary, params, query, body, answer, status, stream }: Route[3]) {
  const tag = url.startsWith('/api/v1/') ? (url.split('/')[3] ?? 'other') : 'operation';
  const response: Record<string, TSchema | object> = { [status]: answer ?? { description: 'done' } };
  return {
    summary,
    tags: [tag],
    ...(stream !== undefined && { consumes: [stream] }),
    ...(needs !== 'anyone' && { security: [{ token: [] }], description: `Needs: ${needs}` }),
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    response,
  };
}

function answerProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply, { ops }: Services): void {
  const { status } = PROBLEMS[problem.code];
  if (status >= 500) {
    const { method, url } = request;
    ops.logger.error({ err: problem.cause ?? problem, method, url: url.split('?', 1)[0] }, 'api: request failed');
  }
  // Once a stream has begun there is no way to say it but to end.
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  const language = preferredLanguage(request.headers['accept-language']);
  reply.headers(HEADERS);
  // What is left of the body is not read: the next request on this connection would wait behind it.
  if (!request.raw.complete) reply.header('connection', 'close');
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="sansevaerk"');
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
  reply
    .code(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('content-language', language);
  void reply.send(JSON.stringify(problemBody(problem, language, request.url.split('?', 1)[0] ?? '')));
}

/** Bodies are taken as they come; a compressed one would be taken for garbage. RFC 9110 section 15.5.16. */
function checkEncoding(request: FastifyRequest, reply: FastifyReply): void {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  void reply.header('accept-encoding', 'identity');
  throw new Problem('unsupported-media-type', 'Send the body as it is, without Content-Encoding.');
}

/** A body that trickles in byte by byte ends here; streams are watched by their own limits. */
function limitBodyTime(request: FastifyRequest): void {
  const { method, raw } = request;
  if (method === 'GET' || method === 'DELETE' || request.url.includes('/import/')) return;
  const timer = setTimeout(() => {
    if (!raw.complete) raw.destroy(new Problem('invalid-input', 'The body came too slowly.'));
  }, BODY_MS).unref();
  raw.once('close', () => clearTimeout(timer));
}
