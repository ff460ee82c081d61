/** The thread in which scripts run: takes batches of calls, runs those of one script one after the other, and says what came of them. */
import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import {
  type Batch,
  type BatchDone,
  joinLines,
  type Outcome,
  type Ready,
  splitLines,
  type ThreadData,
} from './messages.ts';
import { QuickjsRealm } from './quickjs-realm.ts';
import { Recent } from './recent.ts';
import { NotAScript, Sandbox, Stopped } from './sandbox.ts';

interface Entry {
  text: string;
  sandbox: Sandbox | undefined;
  /** It changes the language around it, or was stopped a while ago: till then (monotonic ms) each call is followed by putting that right. */
  carefulUntil: number;
}

const CAREFUL_MS = 60_000;
const BLANK = 8;
const { limits, marker } = workerData as ThreadData; // made by codec-runner.ts
const running = new Int32Array(marker);
const module = await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync'));
const entries = new Recent<Entry>();
/** Opened before a script needs them. */
const blank: QuickjsRealm[] = [];
let isAsked = false;

const openRealm = () => new QuickjsRealm({ module, memoryBytes: limits.memoryBytes, maxAnswer: limits.maxAnswer });
const newRealm = () => blank.pop() ?? openRealm();

/** As the kernel calls this thread, proc(5): by it the watchdog sees our processor time from outside. Linux only. */
function taskOfThisThread(): string | undefined {
  try {
    return readlinkSync('/proc/thread-self');
  } catch {
    return undefined;
  }
}

class Run {
  readonly #outcomes: (Outcome | undefined)[];
  readonly #args: string[];
  /** Place of the call that is running or ran last. */
  at = 0;
  #batch: Batch;

  constructor(batch: Batch) {
    this.#batch = batch;
    this.#args = splitLines(batch.args);
    this.#outcomes = new Array(this.#args.length).fill(undefined);
  }

  /** Ends early when a call is stopped, so that whoever waits for the others decides what of them is still to be run. */
  go(): void {
    const { scripts, places } = this.#batch;
    const used = scripts.map(({ key, text }) => touch(key, text));
    const byScript = Map.groupBy(places.keys(), (i) => places[i] as number);
    for (const [script, indexes] of byScript) {
      if (!this.#group(used[script] as Entry, indexes)) return;
    }
  }

  done(): BatchDone {
    const outcomes = this.#outcomes;
    const others: BatchDone['others'] = [];
    for (const [i, outcome] of outcomes.entries()) if (outcome && !('text' in outcome)) others.push([i, outcome]);
    return {
      first: this.#batch.first,
      texts: joinLines(outcomes.map((o) => (o && 'text' in o ? o.text : ''))),
      ms: Float32Array.from(outcomes, (o) => o?.ms ?? 0),
      others,
    };
  }

  /** All calls of one script. False when one was stopped. */
  #group(entry: Entry, indexes: readonly number[]): boolean {
    // Answers count once it is certain that no call of the group disturbed another; if one did, they are run again.
    for (let attempt = 0; performance.now() >= entry.carefulUntil && attempt < 3; attempt++) {
      for (const i of indexes) if (!this.#call(entry, i)) return this.#forgetBut(i, indexes);
      const found = this.#mend(entry, indexes[0] as number);
      if (found === 'intact' || indexes.length === 1) return true;
      if (found === 'changed') entry.carefulUntil = Number.POSITIVE_INFINITY;
    }
    for (const i of indexes) {
      if (!this.#call(entry, i)) return false;
      this.#mend(entry, i);
    }
    return true;
  }

  /** One was stopped: whether it disturbed others before is not known any more, so only its own outcome counts. */
  #forgetBut(stopped: number, indexes: readonly number[]): false {
    for (const i of indexes) if (i !== stopped) this.#outcomes[i] = undefined;
    return false;
  }

  #call(entry: Entry, i: number): boolean {
    this.at = i;
    const args = this.#args[i] as string;
    entry.sandbox ??= new Sandbox({ newRealm, script: entry.text, limits });
    const { sandbox } = entry;
    sandbox.prepare(); // not watched: it is our own time
    Atomics.store(running, 0, this.#batch.first + i);
    try {
      const answer = sandbox.call(args);
      const ms = sandbox.elapsedMs;
      this.#outcomes[i] = typeof answer === 'string' ? { text: answer, ms } : { result: answer, ms };
      return true;
    } catch (error) {
      const ms = sandbox.elapsedMs;
      if (error instanceof NotAScript) {
        this.#outcomes[i] = { result: { errors: [`the script cannot be read: ${error.message}`], threw: true }, ms };
        return true;
      }
      if (!(error instanceof Stopped)) throw error;
      this.#outcomes[i] = { stopped: error.message, ms };
      // Else the calls before the next stop would be run again each time.
      entry.carefulUntil = Math.max(entry.carefulUntil, performance.now() + CAREFUL_MS);
      return false;
    } finally {
      Atomics.store(running, 0, 0);
    }
  }

  #mend(entry: Entry, i: number): 'intact' | 'strays' | 'changed' {
    Atomics.store(running, 0, this.#batch.first + i);
    try {
      return entry.sandbox?.mend() ?? 'intact';
    } finally {
      Atomics.store(running, 0, 0);
    }
  }
}

function touch(key: string, text: string | undefined): Entry {
  const entry = entries.get(key) ?? { text: text ?? '', sandbox: undefined, carefulUntil: 0 };
  entries.touch(key, entry)?.sandbox?.close();
  return entry;
}

parentPort?.on('message', (batch: Batch) => {
  isAsked = true;
  const run = new Run(batch);
  try {
    run.go();
    parentPort?.postMessage(run.done());
  } catch (error) {
    // QuickJS itself gave up: nothing of it can be trusted any more.
    const broken = { at: run.at, why: error instanceof Error ? error.message : String(error) };
    parentPort?.postMessage({ ...run.done(), broken });
  }
});
blank.push(openRealm()); // warm: the first script that comes pays for itself alone
parentPort?.postMessage({ task: taskOfThisThread() } satisfies Ready);
// A spare thread has time: it opens some before it is needed.
setImmediate(function open() {
  if (isAsked || blank.length >= BLANK) return;
  blank.push(openRealm());
  setImmediate(open);
});
