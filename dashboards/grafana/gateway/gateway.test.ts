/** What the gateway says before it asks anybody: neither platform nor engine is there. */
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createGateway } from './gateway.ts';
import { Holders } from './holder.ts';

const warn = vi.fn<(line: string) => void>();
const server = () =>
  createGateway({
    engine: { kind: 'influxdb', url: 'http://127.0.0.1:1', database: 'b' },
    holders: new Holders({ platformUrl: 'http://127.0.0.1:1' }),
    log: { warn },
  });
let gateway: ReturnType<typeof server>;

beforeEach(async () => {
  warn.mockClear();
  gateway = server().listen(0, '127.0.0.1');
  await once(gateway, 'listening');
});
afterEach(() => {
  gateway.close().closeAllConnections();
});

/** Status of an answer to a request written by hand: fetch would put its address right. */
async function statusOf(target: string): Promise<number> {
  const socket = connect((gateway.address() as AddressInfo).port, '127.0.0.1');
  socket.end(`GET ${target} HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return Number(text.split(' ')[1]);
}

it.each(['//', 'http://[', '//[/query'])('answers 400 to GET %s and logs nothing', async (target) => {
  expect(await statusOf(target)).toBe(400);
  expect(warn).not.toHaveBeenCalled();
});

it('answers its own health without them', async () => {
  expect(await statusOf('/healthz')).toBe(200);
  expect(await statusOf('/query')).toBe(401);
});
