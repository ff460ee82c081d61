import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { LogFailed, Rejected, Unavailable } from '../model/errors.ts';
import { remote, serve } from './remote.ts';

interface Port {
  readonly kind: string;
  watch(listener: () => void): () => void;
  echo(value: unknown): Promise<unknown>;
  fail(how: string): Promise<never>;
  never(): Promise<void>;
  columns(rows: number): Promise<{ time: Float64Array; marks: Uint8Array }>;
  unsendable(): Promise<unknown>;
  group: { deep(a: number, b: number): Promise<number> };
}

class Implementation implements Port {
  readonly kind = 'here';
  readonly #secret = 7;
  kept = new Float64Array(10_000);
  running = 0;
  watch(): () => void {
    return () => {};
  }
  async echo(value: unknown): Promise<unknown> {
    return value;
  }
  async fail(how: string): Promise<never> {
    if (how === 'rejected') throw new Rejected('id-taken', 'taken', { cause: new Error('by another') });
    if (how === 'unavailable')
      throw new Unavailable('asleep', { cause: new Error('outer', { cause: new Error('inner') }) });
    if (how === 'log') throw new LogFailed('disk');
    if (how === 'text') throw 'a text';
    if (how === 'system') throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
    throw new RangeError('a bug');
  }
  never(): Promise<void> {
    this.running++;
    return new Promise(() => {});
  }
  async columns(rows: number): Promise<{ time: Float64Array; marks: Uint8Array }> {
    return { time: this.kept.subarray(0, rows), marks: new Uint8Array(rows) };
  }
  async unsendable(): Promise<unknown> {
    return { f: () => {} };
  }
  group = { deep: async (a: number, b: number): Promise<number> => a * b + this.#secret };
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const local = { kind: 'here', watch: () => () => {} };

function pair(options: { timeoutMs?: number; maxInFlight?: number; maxRunning?: number; handsOver?: string[] } = {}) {
  const { port1, port2 } = new MessageChannel();
  const implementation = new Implementation();
  const stop = serve(port1, implementation, options);
  closers.push(() => port1.close());
  return { port: remote<Port>(port2, { timeoutMs: 2000, ...options, local }), implementation, stop, port1, port2 };
}

async function errorOf(call: Promise<unknown>): Promise<Error> {
  return await call.then(
    () => expect.fail('it should have failed'),
    (error: Error) => error,
  );
}

describe('remote: calls', () => {
  it('calls methods and groups of methods, with this as it should be', async () => {
    const { port } = pair();
    expect(await port.echo({ a: [1, undefined, new Date(0)] })).toEqual({ a: [1, undefined, new Date(0)] });
    expect(await port.group.deep(5, 6)).toBe(37);
  });

  it('answers what cannot travel on this side', () => {
    const { port } = pair();
    expect(port.kind).toBe('here');
    expect(port.watch(() => {})).toBeTypeOf('function');
  });

  it('does not compile where a member that cannot travel is left out', () => {
    const { port2 } = new MessageChannel();
    closers.push(() => port2.close());
    // @ts-expect-error: watch takes a function, kind is plain data: both must be given here
    remote<Port>(port2, { timeoutMs: 1 });
    // @ts-expect-error: watch is missing
    remote<Port>(port2, { timeoutMs: 1, local: { kind: 'here' } });
    remote<Pick<Port, 'echo' | 'group'>>(port2, { timeoutMs: 1 });
  });

  it('is not taken for a promise', async () => {
    const { port } = pair();
    expect(await Promise.resolve(port)).toBe(port);
  });

  it('keeps many calls apart', async () => {
    const { port } = pair();
    const numbers = Array.from({ length: 500 }, (_, i) => i);
    expect(await Promise.all(numbers.map((n) => port.echo(n)))).toEqual(numbers);
  });
});

describe('remote: errors', () => {
  it('keeps the kinds of error a stage acts on, with code, message and cause', async () => {
    const { port } = pair();
    const rejected = await errorOf(port.fail('rejected'));
    expect(rejected).toBeInstanceOf(Rejected);
    expect(rejected).toMatchObject({ code: 'id-taken', message: 'taken', cause: { message: 'by another' } });
    const unavailable = await errorOf(port.fail('unavailable'));
    expect(unavailable).toBeInstanceOf(Unavailable);
    expect(unavailable.cause).toMatchObject({ message: 'outer: inner' });
    expect(await errorOf(port.fail('log'))).toBeInstanceOf(LogFailed);
  });

  it('brings a bug along with the stack of the other side', async () => {
    const { port } = pair();
    const bug = await errorOf(port.fail('bug'));
    expect(bug).toMatchObject({ name: 'RangeError', message: 'a bug' });
    expect(bug.stack).toContain('Implementation.fail');
    expect(await errorOf(port.fail('text'))).toMatchObject({ message: 'a text' });
    expect(await errorOf(port.fail('system'))).toMatchObject({ code: 'EACCES', message: 'permission denied' });
    expect(bug).not.toHaveProperty('code');
  });

  it('refuses names the port does not have, and those every object has', async () => {
    const { port1, port2 } = new MessageChannel();
    serve(port1, new Implementation());
    const anything = remote<Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>>>(port2, {
      timeoutMs: 2000,
    });
    closers.push(() => port1.close());
    for (const [group, method] of [
      ['group', 'missing'],
      ['group', 'constructor'],
      ['constructor', 'constructor'],
      ['__proto__', 'toString'],
      ['echo', 'call'],
      ['kept', 'missing'],
      ['absent', 'method'],
    ] as const)
      expect((await errorOf(anything[group]![method]!('x'))).message).toMatch(/^no such method/); // the proxy has any name
  });

  it('says so when an argument or a result cannot be sent', async () => {
    const { port } = pair();
    expect((await errorOf(port.echo(() => {}))).message).toContain('echo: an argument cannot be sent');
    expect((await errorOf(port.unsendable())).message).toContain('could not be cloned');
    expect(await port.echo(1)).toBe(1);
  });
});

describe('remote: bounds', () => {
  it('ends a call at its deadline, and ignores the answer that comes later', async () => {
    const { port } = pair({ timeoutMs: 20 });
    const late = await errorOf(port.never());
    expect(late).toBeInstanceOf(Unavailable);
    expect(late.message).toBe('never: no answer within 20 ms');
    expect(await port.echo('still here')).toBe('still here');
  });

  it('takes only so many calls at once', async () => {
    const { port } = pair({ maxInFlight: 2, timeoutMs: 50 });
    const two = [errorOf(port.never()), errorOf(port.never())];
    expect((await errorOf(port.echo(1))).message).toContain('2 calls under way');
    await Promise.all(two);
    expect(await port.echo(1)).toBe(1);
  });

  it('does not let callers that gave up pile up on the serving side', async () => {
    const { port, implementation } = pair({ maxRunning: 3, timeoutMs: 20 });
    const errors = await Promise.all(Array.from({ length: 5 }, () => errorOf(port.never())));
    expect(implementation.running).toBe(3);
    expect(errors.every((error) => error instanceof Unavailable)).toBe(true);
  });

  it('ends every call when the port closes', async () => {
    const { port, port1 } = pair();
    const under = errorOf(port.never());
    port1.close();
    expect(await under).toBeInstanceOf(Unavailable);
    expect(await errorOf(port.echo(1))).toBeInstanceOf(Unavailable);
  });

  it('answers nothing more once the serving side has stopped', async () => {
    const { port, stop } = pair({ timeoutMs: 20 });
    stop();
    expect(await errorOf(port.echo(1))).toBeInstanceOf(Unavailable);
  });
});

describe('remote: large results', () => {
  it('copies what the implementation may still hold', async () => {
    const { port, implementation } = pair();
    expect((await port.columns(10_000)).time).toHaveLength(10_000);
    expect(implementation.kept.byteLength).toBe(80_000);
  });

  it('moves buffers of methods that give their results away', async () => {
    const { port, implementation } = pair({ handsOver: ['columns'] });
    expect((await port.columns(10_000)).time).toHaveLength(10_000);
    expect(implementation.kept.byteLength).toBe(0);
    implementation.kept = new Float64Array(10_000);
    // A view of a part does not take the rest with it.
    expect((await port.columns(5000)).time).toHaveLength(5000);
    expect(implementation.kept.byteLength).toBe(80_000);
  });
});

describe('remote: a real thread', () => {
  it('serves from a worker, and its death ends the calls', async () => {
    const url = new URL('./remote.ts', import.meta.url).href;
    const source = `
      import { workerData } from 'node:worker_threads';
      import { serve } from ${JSON.stringify(url)};
      serve(workerData.port, { add: async (a, b) => a + b, never: () => new Promise(() => {}), die: () => process.exit(0) });`;
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
      workerData: { port: port1 },
      transferList: [port1 as MessagePort],
    });
    const port = remote<{ add(a: number, b: number): Promise<number>; never(): Promise<void>; die(): Promise<void> }>(
      port2,
      { timeoutMs: 5000 },
    );
    expect(await port.add(2, 3)).toBe(5);
    const calls = [errorOf(port.never()), errorOf(port.die())];
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(Unavailable);
    await worker.terminate();
  });
});
