/**
 * A port in another thread: `serve` answers calls on an object, `remote` is that object as seen from the other end of the
 * MessagePort. Calls and answers are plain data. A call has a deadline, and only so many may be under way at once.
 */
import type { MessagePort, Transferable } from 'node:worker_threads';
import { LogFailed, Rejected, Unavailable } from '../model/errors.ts';

interface Call {
  id: number;
  path: string[];
  args: unknown[];
}

interface Failure {
  kind: 'Rejected' | 'Unavailable' | 'LogFailed' | 'Error';
  name: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: string;
}

type Answer = { id: number; value: unknown } | { id: number; failure: Failure };

type AsyncMethod = (...args: never[]) => Promise<unknown>;
/** Members that cannot be called from another thread: plain data, and functions that do not give a promise. */
type LocalKeys<T> = {
  [K in keyof T]-?: T[K] extends AsyncMethod
    ? never
    : T[K] extends (...args: never[]) => unknown
      ? K
      : T[K] extends object
        ? LocalKeys<T[K]> extends never
          ? never
          : K
        : K;
}[keyof T];

interface RemoteLimits {
  /** Deadline of one call, ms. */
  timeoutMs: number;
  /** Calls under way at once; one more is `Unavailable` at once. Default 1000. */
  maxInFlight?: number;
}

/**
 * What `remote` must be given besides: the members of the port that do not give promises (`watch`, `capabilities`) are
 * answered here. Functions and signals cannot be sent, so a method that takes one belongs here too.
 */
export type RemoteOptions<T> = RemoteLimits &
  ([LocalKeys<T>] extends [never] ? { local?: Partial<T> } : { local: Pick<T, LocalKeys<T>> & Partial<T> });

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/**
 * The object served at the other end of `port`. Every call rejects with `Unavailable` when its deadline passes, too many
 * are under way, or the port is closed; what the other end threw arrives as the same kind of error.
 */
export function remote<T extends object>(port: MessagePort, options: RemoteOptions<T>): T {
  const { timeoutMs, maxInFlight = 1000 } = options;
  const local = new Map<string | symbol, unknown>(Object.entries(options.local ?? {}));
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let closed = false;

  const settle = (id: number): Pending | undefined => {
    const call = pending.get(id);
    if (!call) return undefined; // its deadline has passed
    pending.delete(id);
    clearTimeout(call.timer);
    if (pending.size === 0) port.unref();
    return call;
  };
  port.on('message', (answer: Answer) => {
    const call = settle(answer.id);
    if (!call) return;
    if ('failure' in answer) call.reject(revive(answer.failure));
    else call.resolve(answer.value);
  });
  port.on('close', () => {
    closed = true;
    for (const id of [...pending.keys()]) settle(id)?.reject(new Unavailable('the other thread has closed its port'));
  });
  port.unref(); // only a call under way keeps the thread alive

  const call = (path: string[], args: unknown[]): Promise<unknown> => {
    const name = path.join('.');
    if (closed) return Promise.reject(new Unavailable(`${name}: the other thread has closed its port`));
    if (pending.size >= maxInFlight)
      return Promise.reject(new Unavailable(`${name}: ${pending.size} calls under way, no more are taken`));
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      const message: Call = { id, path, args };
      try {
        port.postMessage(message);
      } catch (cause) {
        reject(new TypeError(`${name}: an argument cannot be sent to another thread`, { cause }));
        return;
      }
      const timer = setTimeout(
        () => settle(id)?.reject(new Unavailable(`${name}: no answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
      if (pending.size === 0) port.ref();
      pending.set(id, { resolve, reject, timer });
    });
  };

  // The port says which members T has; the proxy answers to any name, and the other end refuses those it does not have.
  return member([], call, local) as T;
}

type CallFunction = (path: string[], args: unknown[]) => Promise<unknown>;

function member(path: string[], call: CallFunction, local?: ReadonlyMap<string | symbol, unknown>): object {
  const members = new Map<string, object>();
  return new Proxy(() => {}, {
    get(_, key) {
      if (local?.has(key)) return local.get(key);
      // A promise resolved with the port must not take it for a thenable.
      if (typeof key === 'symbol' || key === 'then') return undefined;
      let found = members.get(key);
      if (!found) {
        found = member([...path, key], call);
        members.set(key, found);
      }
      return found;
    },
    apply: (_, __, args: unknown[]) => call(path, args),
  });
}

export interface ServeOptions {
  /**
   * Methods (`points`, `assets.list`) that give away what they return: the buffers of its large typed arrays are moved,
   * not copied. Only for results the implementation keeps no reference to.
   */
  handsOver?: readonly string[];
  /** Calls being answered at once; a caller that gave up does not free its place here. Default 2000. */
  maxRunning?: number;
}

/** Answers calls on `implementation`, groups of methods included, until the function returned is called. */
export function serve(port: MessagePort, implementation: object, options: ServeOptions = {}): () => void {
  const { maxRunning = 2000 } = options;
  const handsOver = new Set(options.handsOver);
  let running = 0;
  const answer = async ({ id, path, args }: Call): Promise<void> => {
    const name = path.join('.');
    try {
      if (running >= maxRunning)
        throw new Unavailable(`${name}: ${running} calls are being answered, no more are taken`);
      running++;
      try {
        const value = await invoke(implementation, path, args);
        const reply: Answer = { id, value };
        port.postMessage(reply, handsOver.has(name) ? buffersOf(value) : []);
      } finally {
        running--;
      }
    } catch (error) {
      const reply: Answer = { id, failure: describe(error) };
      port.postMessage(reply);
    }
  };
  const listener = (message: Call): void => void answer(message);
  port.on('message', listener);
  return () => {
    port.off('message', listener);
  };
}

function invoke(implementation: object, path: string[], args: unknown[]): unknown {
  let self: unknown = implementation;
  let target: unknown = implementation;
  for (const key of path) {
    // What every object has (constructor, toString, __proto__) is no part of any port.
    if (typeof target !== 'object' || target === null || key in Object.prototype)
      throw new TypeError(`no such method: ${path.join('.')}`);
    self = target;
    target = Reflect.get(target, key);
  }
  if (typeof target !== 'function' || self === target) throw new TypeError(`no such method: ${path.join('.')}`);
  return Reflect.apply(target, self, args);
}

const WORTH_MOVING = 16 * 1024;

/** The buffers of typed arrays that fill them whole, two levels deep: deeper ones are copied, which is never wrong. */
function buffersOf(value: unknown): Transferable[] {
  const buffers = new Set<ArrayBuffer>();
  const look = (item: unknown, depth: number): void => {
    if (ArrayBuffer.isView(item)) {
      const { buffer, byteLength } = item;
      if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength && byteLength >= WORTH_MOVING)
        buffers.add(buffer);
    } else if (depth > 0 && typeof item === 'object' && item !== null) {
      for (const part of Object.values(item)) look(part, depth - 1);
    }
  };
  look(value, 2);
  return [...buffers];
}

function describe(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: 'Error', name: 'Error', message: String(error) };
  const cause = error.cause === undefined ? {} : { cause: causeText(error.cause) };
  const rest = { name: error.name, message: error.message, ...(error.stack ? { stack: error.stack } : {}), ...cause };
  if (error instanceof Rejected) return { kind: 'Rejected', code: error.code, ...rest };
  if (error instanceof Unavailable) return { kind: 'Unavailable', ...rest };
  if (error instanceof LogFailed) return { kind: 'LogFailed', ...rest };
  // Of Node.js, ENOENT and its like: what the process can say of it depends on it.
  return { kind: 'Error', ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}), ...rest };
}

function causeText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const deeper = cause.cause === undefined ? '' : `: ${causeText(cause.cause)}`;
  return `${cause.message}${deeper}`;
}

function revive({ kind, name, message, code, stack, cause }: Failure): Error {
  const options = cause === undefined ? undefined : { cause: new Error(cause) };
  if (kind === 'Rejected') return new Rejected(code ?? 'rejected', message, options);
  if (kind === 'Unavailable') return new Unavailable(message, options);
  if (kind === 'LogFailed') return new LogFailed(message, options);
  const error = new Error(message, options);
  error.name = name;
  if (code !== undefined) Object.assign(error, { code });
  // The stack of the other thread is the one that leads to the bug.
  if (stack) error.stack = stack;
  return error;
}
