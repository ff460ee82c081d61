/**
 * The addresses of a VictoriaMetrics cluster before a single node: `vminsert` takes writes and nothing else, `vmselect`
 * questions and nothing else, each under the tenant's path. Debian has no cluster; its processes share one storage here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startProxy } from './proxy.ts';

export interface ClusterAddresses {
  insert: string;
  select: string;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** The single node behind. */
  target: string;
  tenant: string;
  /** A question makes it show everything at once, so that tests need not wait the second it takes otherwise. */
  showsAtOnce?: boolean;
}

/** @see https://docs.victoriametrics.com/cluster-victoriametrics/#url-format */
export async function startClusterAddresses(options: ClusterOptions): Promise<ClusterAddresses> {
  const { target, tenant, showsAtOnce = false } = options;
  const insert = await startProxy({ target, handle: only(`/insert/${tenant}/influx`, '/api/v2/write') });
  const selects = only(`/select/${tenant}/prometheus`, '/api/v1/');
  const select = await startProxy({
    target,
    async handle(incoming, outgoing) {
      if (showsAtOnce) await (await fetch(`${target}/internal/force_flush`)).arrayBuffer();
      return selects(incoming, outgoing);
    },
  });
  return {
    insert: insert.url,
    select: select.url,
    async stop() {
      await insert.close();
      await select.close();
    },
  };
}

function only(prefix: string, rest: string) {
  return ({ url = '/' }: IncomingMessage, outgoing: ServerResponse): string | undefined => {
    if (url.startsWith(prefix + rest)) return url.slice(prefix.length);
    outgoing.writeHead(404).end(`unsupported path requested: ${url}`);
    return undefined;
  };
}
