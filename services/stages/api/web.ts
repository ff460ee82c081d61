/** The built web app: files as they are, and its one page for every address that is not a file or the API. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyStaticOptions } from '@fastify/static';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { notFound } from './problems.ts';

export async function serveWeb(
  server: FastifyInstance,
  webDir: string | undefined,
  staticFiles: FastifyPluginAsync<FastifyStaticOptions>,
): Promise<void> {
  const hasPages = webDir !== undefined && existsSync(join(webDir, 'index.html'));
  if (hasPages) {
    await server.register(staticFiles, {
      root: webDir,
      wildcard: false,
      index: ['index.html'],
      setHeaders: (reply, path) => {
        // Vite puts a hash of the content into the names under assets/.
        const immutable = path.startsWith(join(webDir, 'assets'));
        void reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  server.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const isPage = request.method === 'GET' && !path.startsWith('/api/') && !/\.[a-z0-9]+$/i.test(path);
    if (hasPages && isPage) return reply.sendFile('index.html');
    throw notFound('address');
  });
}
