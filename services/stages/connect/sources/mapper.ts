/** Evaluates the mappings of sources in a thread of its own, which is ended when one of them runs away or takes all memory. */
import { Worker } from 'node:worker_threads';
import { Rejected, Unavailable } from '../../../model/errors.ts';
import { EVALUATION_MS, type MapperAnswer, type MapperJob, type MapperSetting, MOST_TEXT } from './mapper-job.ts';

type Question = Omit<MapperJob, 'id'>;

interface Waiting {
  question: Question;
  resolve(results: Record<string, unknown>): void;
  reject(error: Error): void;
}

const MOST_WAITING = 500;
/** Bytes of input that wait, all together. */
const MOST_WAITING_TEXT = 10 * MOST_TEXT;
/** For all expressions of one job: room for two that use up their time, and for parsing. */
const ANSWER_MS = 2 * EVALUATION_MS + 1_000;
/** A mapping that had to be ended from outside is not tried again for so long: each attempt costs everybody its deadline. */
const SET_ASIDE_MS = 60_000;
const MOST_SET_ASIDE = 1000;
const SET_ASIDE = 'set aside for a minute: it used up its time or memory';
const MEMORY_MB = 128;
/** Until the thread is ready for its first job; the job's own time begins then. */
const START_MS = 30_000;

export class Mapper {
  #worker: Worker | undefined;
  #ready = false;
  #queue: Waiting[] = [];
  #waitingText = 0;
  #running: Waiting | undefined;
  #id = 0;
  #timer: NodeJS.Timeout | undefined;
  #setAside = new Map<string, number>();
  #answerMs: number;
  #evaluationMs: number;

  constructor({
    evaluationMs = EVALUATION_MS,
    answerMs = ANSWER_MS,
  }: { evaluationMs?: number; answerMs?: number } = {}) {
    this.#evaluationMs = evaluationMs;
    this.#answerMs = answerMs;
  }

  /**
   * What each expression gives for the input, under its name; `undefined` for nothing.
   * @throws Rejected `mapping-failed` when the input is no JSON or too large, or an expression fails or runs away;
   *         Unavailable when too much waits or we stop.
   */
  async map(question: Question): Promise<Record<string, unknown>> {
    const { input, expressions } = question;
    if (input.length > MOST_TEXT) throw failed(`the message has more than ${MOST_TEXT} characters`);
    const until = this.#setAside.get(keyOf(expressions)) ?? 0;
    if (until > performance.now()) throw failed(SET_ASIDE);
    if (this.#queue.length >= MOST_WAITING || this.#waitingText + input.length > MOST_WAITING_TEXT)
      throw new Unavailable('mapping: too many messages wait for it');
    return await new Promise((resolve, reject) => {
      this.#queue.push({ question, resolve, reject });
      this.#waitingText += input.length;
      this.#next();
    });
  }

  async close(): Promise<void> {
    const waiting = [...(this.#running ? [this.#running] : []), ...this.#queue.splice(0)];
    this.#waitingText = 0;
    await this.#end();
    for (const { reject } of waiting) reject(new Unavailable('mapping: it is stopping'));
  }

  #next(): void {
    if (this.#running || this.#queue.length === 0) return;
    this.#worker ??= this.#start();
    this.#worker.ref();
    if (!this.#ready) return; // it goes on when the thread says so
    const next = this.#queue.shift()!; // it is not empty
    this.#running = next;
    this.#waitingText -= next.question.input.length;
    this.#timer = setTimeout(() => this.#giveUp('it ran too long'), this.#answerMs);
    this.#worker.postMessage({ id: ++this.#id, ...next.question } satisfies MapperJob);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./mapper-worker.ts', import.meta.url), {
      name: 'mapper',
      env: {},
      workerData: { evaluationMs: this.#evaluationMs } satisfies MapperSetting,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    this.#ready = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#notStarted('in time'), START_MS);
    worker.on('message', (answer: MapperAnswer | 'ready') => {
      if (worker !== this.#worker) return;
      if (answer === 'ready') {
        clearTimeout(this.#timer);
        this.#ready = true;
        this.#next();
      } else if (answer.id === this.#id) this.#settle(answer);
    });
    worker.on('error', (error) => {
      if (worker !== this.#worker) return;
      const { code } = error as { code?: string };
      if (!this.#ready) this.#notStarted(error.message);
      else this.#giveUp(code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it took too much memory' : error.message);
    });
    return worker;
  }

  #settle(answer: MapperAnswer): void {
    const done = this.#take();
    if (!done) return;
    if ('error' in answer) {
      if (answer.ranAway) this.#ranAway(done);
      done.reject(failed(answer.error));
    } else {
      const results = Object.entries(answer.results);
      done.resolve(
        Object.fromEntries(results.map(([name, text]) => [name, text === undefined ? undefined : JSON.parse(text)])),
      );
    }
    this.#next();
  }

  #giveUp(why: string): void {
    const done = this.#take();
    void this.#end();
    if (done) {
      this.#ranAway(done);
      done.reject(failed(`${why} and was ended`));
    }
    this.#next();
  }

  #notStarted(why: string): void {
    const waiting = this.#queue.splice(0);
    this.#waitingText = 0;
    void this.#end();
    for (const { reject } of waiting) reject(new Unavailable(`mapping: its thread does not start: ${why}`));
  }

  /** Neither it nor what waits for the same mapping is tried for a while: each attempt costs everybody its time. */
  #ranAway({ question }: Waiting): void {
    if (this.#setAside.size >= MOST_SET_ASIDE) this.#setAside.clear();
    const key = keyOf(question.expressions);
    this.#setAside.set(key, performance.now() + SET_ASIDE_MS);
    const same = this.#queue.filter((w) => keyOf(w.question.expressions) === key);
    this.#queue = this.#queue.filter((w) => !same.includes(w));
    for (const waiting of same) {
      this.#waitingText -= waiting.question.input.length;
      waiting.reject(failed(SET_ASIDE));
    }
  }

  #take(): Waiting | undefined {
    clearTimeout(this.#timer);
    this.#worker?.unref(); // an idle thread keeps no process alive
    const done = this.#running;
    this.#running = undefined;
    return done;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#running = undefined;
    await worker?.terminate();
  }
}

function failed(why: string): Rejected {
  return new Rejected('mapping-failed', `mapping: ${why}`);
}

function keyOf(expressions: Question['expressions']): string {
  return JSON.stringify(expressions);
}
