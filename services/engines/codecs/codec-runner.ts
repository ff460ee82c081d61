/**
 * Scripts of operators, run in a thread of its own and watched from here: a call that QuickJS cannot interrupt (a native
 * loop) costs the thread its life, and the calls behind it are run in a new one.
 *
 *   decode, encode, inspect ──▶ queue ──batch──▶ thread: sandboxes ──outcomes──▶ answers
 *                                 ▲                 │ which call is running
 *                                 └── what was not run ◀── watchdog: the same for too long
 */
import { Worker } from 'node:worker_threads';
import type { CodecAnswer, CodecRunner, CodecScript, DecodeJob, EncodeAnswer } from '../../model/codec.ts';
import { Unavailable } from '../../model/errors.ts';
import { answerOf, type Ended, encodedOf, inspectedOf } from './answers.ts';
import {
  type Batch,
  type BatchDone,
  joinLines,
  type Outcome,
  type Ready,
  splitLines,
  type ThreadData,
} from './messages.ts';
import type { CallArguments } from './realm.ts';
import { Recent } from './recent.ts';
import type { SandboxLimits } from './sandbox.ts';
import { SetAside } from './set-aside.ts';
import { Watchdog } from './watchdog.ts';

export interface CodecRunnerOptions {
  /** A script is not run for a minute, and why. */
  onSetAside?(script: Pick<CodecScript, 'id' | 'version'>, reason: string): void;
  /** It was set aside before and gave an answer now. */
  onWorking?(script: Pick<CodecScript, 'id' | 'version'>): void;
  /** Monotonic, ms; for tests of what takes a minute. */
  now?: () => number;
}

const LIMITS: SandboxLimits = { budgetMs: 50, memoryBytes: 16 * 2 ** 20, maxAnswer: 64 * 1024 };
/** A call that is still running then is in a native loop; with what ending a thread takes, twice the budget. */
const KILL_MS = 1.7 * LIMITS.budgetMs;
const BATCH = 256;
const BATCH_SCRIPTS = 32;
/** Batches sent before the first is answered: the thread need not wait for us. */
const MOST_SENT = 2;
const MOST_WAITING = 20_000;
/** Of a whole `decode`; a thousand frames of the slowest script there may be. */
const DEADLINE_MS = 60_000;
const START_MS = 30_000;
const MOST_BAD_STARTS = 3;
/** Who ended one thread may end the next: so long a second one stands by. */
const SPARE_MS = 600_000;
/** A thread with nothing to do gives its memory back. */
const IDLE_MS = 300_000;

interface Task {
  script: CodecScript;
  /** By which failures are counted. */
  name: string;
  /** Of its sandbox: another for another text, even under the same id and version. */
  key: string;
  args: string;
  settle(outcome: Ended | Error): void;
}

interface Thread {
  worker: Worker;
  /** Which call it is at. Its own: one that is being ended may still write. */
  marker: Int32Array<SharedArrayBuffer>;
  ready: Ready | undefined;
}

interface Sent {
  first: number;
  tasks: Task[];
}

export function createCodecRunner(options: CodecRunnerOptions = {}): CodecRunner {
  return new Runner(options);
}

class Runner implements CodecRunner {
  #options: CodecRunnerOptions;
  #setAside: SetAside;
  /** Scripts of which it was told that they are set aside, by id. */
  #toldById = new Map<string, string>();
  #queue: Task[] = [];
  #sent: Sent[] = [];
  #thread: Thread | undefined;
  /** Waits, warm, for the thread to be ended. */
  #spare: Thread | undefined;
  #wantsSpareUntil = 0;
  #badStarts = 0;
  #lastError = '';
  #known = new Recent<true>();
  #keys = new Recent<{ text: string; key: string }>();
  #lastKey = 0;
  #idle: NodeJS.Timeout | undefined;
  #next = 1;
  #watchdog: Watchdog | undefined;
  #closed = false;

  constructor(options: CodecRunnerOptions) {
    this.#options = options;
    this.#setAside = new SetAside(options.now ?? (() => performance.now()));
  }

  async decode(jobs: readonly DecodeJob[]): Promise<CodecAnswer[]> {
    const outcomes = await this.#perform(
      jobs.map(({ script, owner, frame, console }) => {
        const { bytes, fPort, recvTime, variables, message, metadata } = frame;
        const isWhole = script.signature === 'os2iot';
        const args: CallArguments = [
          'decode',
          script.signature,
          Array.from(bytes),
          fPort,
          recvTime,
          variables,
          console === true,
          isWhole ? message : undefined,
          isWhole ? metadata : undefined,
        ];
        return { script, owner, args };
      }),
    );
    return outcomes.map(answerOf);
  }

  async encode(script: CodecScript, command: Parameters<CodecRunner['encode']>[1]): Promise<EncodeAnswer> {
    const { data, fPort, variables } = command;
    const args: CallArguments = {
      call: 'encode',
      signature: script.signature,
      data,
      variables,
      ...(fPort !== undefined && { fPort }),
    };
    const [outcome] = await this.#perform([{ script, args }]);
    return encodedOf(outcome);
  }

  async inspect(text: string): ReturnType<CodecRunner['inspect']> {
    const script = { id: `inspected ${++this.#lastKey}`, version: 0, signature: 'ts013', script: text } as const;
    const [outcome] = await this.#perform([{ script, args: { call: 'inspect' } }]);
    return inspectedOf(outcome);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    for (const task of [...this.#sent.flatMap((s) => s.tasks), ...this.#queue])
      task.settle(new Unavailable('the codecs are closed'));
    this.#sent = [];
    this.#queue = [];
    await this.#endAll();
  }

  async #perform(calls: readonly { script: CodecScript; owner?: string | undefined; args: CallArguments }[]) {
    if (this.#closed) throw new Unavailable('the codecs are closed');
    if (this.#queue.length > 0 && this.#queue.length + calls.length > MOST_WAITING)
      throw new Unavailable(`${this.#queue.length} calls of codecs are waiting, no more are taken`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const outcomes: Ended[] = new Array(calls.length);
    let left = calls.length;
    if (left === 0) return outcomes;
    for (const [i, { script, owner = '', args }] of calls.entries()) {
      const name = `${script.id}@${script.version}`;
      const settle: Task['settle'] = (outcome) => {
        if (outcome instanceof Error) return reject(outcome);
        outcomes[i] = outcome;
        if (--left === 0) resolve();
      };
      const key = this.#keyOf(`${name} ${owner}`, script.script);
      this.#queue.push({ script, name, key, args: JSON.stringify(args), settle });
    }
    const timer = setTimeout(() => reject(new Unavailable(`codecs: no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
    this.#pump();
    await promise.finally(() => clearTimeout(timer));
    return outcomes;
  }

  #keyOf(name: string, text: string): string {
    const known = this.#keys.get(name);
    const entry = known?.text === text ? known : { text, key: `${name} ${++this.#lastKey}` };
    this.#keys.touch(name, entry);
    return entry.key;
  }

  #pump(): void {
    if (this.#closed) return;
    clearTimeout(this.#idle);
    while (this.#queue.length > 0 && this.#sent.length < MOST_SENT) {
      if (!this.#thread) this.#start();
      if (!this.#thread?.ready) return;
      const tasks = this.#take();
      if (tasks.length === 0) continue;
      const first = this.#next;
      this.#next += tasks.length;
      if (this.#next > 2 ** 30) this.#next = 1;
      this.#sent.push({ first, tasks });
      this.#thread.worker.postMessage(this.#batchOf(first, tasks));
    }
    if (this.#sent.length > 0) this.#watchdog?.start();
    else this.#watchdog?.stop();
    if (this.#sent.length === 0 && this.#queue.length === 0)
      this.#idle = setTimeout(() => void this.#endAll(), IDLE_MS).unref();
  }

  /** The next tasks in order; those of scripts set aside meanwhile are answered on the way. */
  #take(): Task[] {
    const tasks: Task[] = [];
    const keys = new Set<string>();
    let taken = 0;
    for (const task of this.#queue) {
      const remaining = this.#setAside.remaining(task.name);
      if (remaining > 0) {
        task.settle({ setAsideUntil: Date.now() + remaining });
        taken++;
        continue;
      }
      if (tasks.length === BATCH || (!keys.has(task.key) && keys.size === BATCH_SCRIPTS)) break;
      keys.add(task.key);
      tasks.push(task);
      taken++;
    }
    this.#queue.splice(0, taken);
    return tasks;
  }

  #batchOf(first: number, tasks: readonly Task[]): Batch {
    const places = new Map<string, number>();
    const scripts: Batch['scripts'] = [];
    const of = Uint16Array.from(tasks, ({ key, script }) => {
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, scripts.length);
      const isThere = this.#known.has(key);
      this.#known.touch(key, true);
      return scripts.push(isThere ? { key } : { key, text: script.script }) - 1;
    });
    return { first, scripts, places: of, args: joinLines(tasks.map((t) => t.args)) };
  }

  #done({ first, texts, ms, others, broken }: BatchDone): void {
    const sent = this.#sent.shift();
    if (!sent || sent.first !== first) throw new Error('codecs: the thread answered what it was not asked');
    const again: Task[] = [];
    const other = new Map(others);
    if (broken) other.set(broken.at, { stopped: `it broke the sandbox: ${broken.why}`, ms: 0 });
    const lines = splitLines(texts);
    sent.tasks.forEach((task, i) => {
      const text = lines[i];
      const outcome: Outcome | undefined = other.get(i) ?? (text ? { text, ms: ms[i] ?? 0 } : undefined);
      if (outcome) this.#settle(task, outcome);
      else again.push(task);
    });
    if (broken !== undefined) this.#replaceThread();
    this.#queue.unshift(...again);
    this.#pump();
  }

  #settle(task: Task, outcome: Outcome): void {
    const { id, version } = task.script;
    const failure =
      'stopped' in outcome
        ? outcome.stopped
        : 'result' in outcome && outcome.result.threw
          ? (outcome.result.errors?.[0] ?? '')
          : undefined;
    const ms = 'ms' in outcome ? outcome.ms : 0;
    if (failure === undefined && this.#setAside.tookTooLong(task.name, ms)) {
      this.#toldById.set(id, task.name);
      this.#options.onSetAside?.({ id, version }, 'its calls take so long that the others would have to wait');
    } else if (failure === undefined) {
      const again = this.#setAside.worked(task.name);
      const former = this.#toldById.get(id);
      // Whoever mends a script gives it another version.
      if (former !== undefined && (again || former !== task.name)) {
        this.#toldById.delete(id);
        this.#options.onWorking?.({ id, version });
      }
    } else if (this.#setAside.failed(task.name, 'stopped' in outcome ? 'stopped' : 'threw')) {
      this.#toldById.set(id, task.name);
      this.#options.onSetAside?.({ id, version }, failure);
    }
    task.settle(outcome);
  }

  #start(): void {
    this.#thread = this.#spare ?? this.#spawn();
    this.#spare = undefined;
    this.#known = new Recent();
    if (this.#thread.ready) this.#opened(this.#thread, this.#thread.ready);
  }

  #spawn(): Thread {
    const marker = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(new URL('./codec-thread.ts', import.meta.url), {
      name: 'codecs',
      workerData: { limits: LIMITS, marker: marker.buffer } satisfies ThreadData,
      // Nothing of the process is for it.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 },
    });
    const thread: Thread = { worker, marker, ready: undefined };
    const late = setTimeout(() => void worker.terminate(), START_MS);
    worker.unref();
    worker.on('message', (message: BatchDone | Ready) => {
      if ('task' in message) {
        clearTimeout(late);
        thread.ready = message;
        if (this.#thread === thread) this.#opened(thread, message);
      } else if (this.#thread === thread) this.#done(message);
    });
    worker.on('error', (error) => {
      this.#lastError = String(error); // its end, which follows, says what is to be done
    });
    worker.on('exit', () => {
      clearTimeout(late);
      if (this.#spare === thread) this.#spare = undefined;
      if (this.#thread === thread) this.#lost(thread);
    });
    return thread;
  }

  #opened({ marker }: Thread, { task }: Ready): void {
    this.#badStarts = 0;
    this.#watchdog = new Watchdog({
      marker,
      limitMs: KILL_MS,
      task,
      onStuck: () => this.#blame(`it ran longer than ${LIMITS.budgetMs} ms and could not be interrupted`),
    });
    if (performance.now() < this.#wantsSpareUntil) this.#spare ??= this.#spawn();
    this.#pump();
  }

  /** The thread ended by itself: out of memory of its own, or it never began. */
  #lost({ ready }: Thread): void {
    if (!ready && ++this.#badStarts >= MOST_BAD_STARTS) {
      this.#badStarts = 0;
      this.#thread = undefined;
      const waiting = this.#queue.splice(0);
      for (const task of waiting)
        task.settle(new Unavailable(`codecs: their thread does not start: ${this.#lastError}`));
      return;
    }
    this.#blame('it ended the thread that runs codecs');
  }

  /** The call that is running is at fault; all others are run anew. */
  #blame(reason: string): void {
    const running = this.#thread ? Atomics.load(this.#thread.marker, 0) : 0;
    const tasks = this.#sent.flatMap((s) => s.tasks.map((task, i) => ({ task, number: s.first + i })));
    const guilty = tasks.find(({ number }) => number === running);
    this.#sent = [];
    this.#queue.unshift(...tasks.filter((t) => t !== guilty).map((t) => t.task));
    this.#replaceThread();
    if (guilty) this.#settle(guilty.task, { stopped: reason, ms: KILL_MS });
    this.#pump();
  }

  #replaceThread(): void {
    this.#queue.unshift(...this.#sent.splice(0).flatMap((s) => s.tasks));
    this.#wantsSpareUntil = performance.now() + SPARE_MS;
    void this.#end();
    if (!this.#closed) this.#start();
  }

  async #end(): Promise<void> {
    const thread = this.#thread;
    this.#watchdog?.stop();
    this.#watchdog = undefined;
    this.#thread = undefined;
    await thread?.worker.terminate();
  }

  async #endAll(): Promise<void> {
    const spare = this.#spare;
    this.#spare = undefined;
    await Promise.all([this.#end(), spare?.worker.terminate()]);
  }
}
