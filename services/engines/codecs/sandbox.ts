/**
 * One script in a QuickJS runtime of its own: compiled once, run anew for each call, so that what it keeps in variables
 * never reaches the frame of another device. Interrupted after its budget of processor time; out of memory ends only this
 * runtime. Nothing of Node.js is reachable from inside.
 */
import { CallClock } from './call-clock.ts';
import { type QuickjsRealm, ScriptError } from './quickjs-realm.ts';
import { type CallResult, FUNCTIONS } from './realm.ts';

export interface SandboxLimits {
  /** Processor time of a call, ms. */
  budgetMs: number;
  /** Of the runtime: script, environment and what a call makes. */
  memoryBytes: number;
  /** Characters of the JSON an answer may have. */
  maxAnswer: number;
}

/** A call that did not come to an end. The message is for people. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** The script cannot be compiled. */
export class NotAScript extends Error {
  override readonly name = 'NotAScript';
}

/** A script that makes more globals of what it has not declared is not helped any more. */
const MOST_STRAYS = 500;
/** Scripts that do not look as if they changed the language are examined closely only now and then. */
const MEND_EVERY_MS = 1000;
const SUSPICIOUS =
  /prototype|__|\.\s*constructor|['"`]constructor|PrototypeOf|defineProp|globalThis|eval|Function|Reflect|\\[ux]|\b(?:Math|JSON|Object|Array|Number|String|Date|Boolean|RegExp|Buffer|console)\s*(?:\.\s*\w+|\[[^\]]*\])\s*=[^=]/;

/** Only for that look: what a text hides from it is found within a second. */
const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/.*/g;

export class Sandbox {
  #newRealm: () => QuickjsRealm;
  #script: string;
  #limits: SandboxLimits;
  #clock: CallClock;
  #realm: QuickjsRealm | undefined;
  #isCompiled = false;
  #elapsedMs = 0;
  #isSuspicious: boolean;
  #mendedAt = Number.NEGATIVE_INFINITY;
  /** Names the script assigns to without declaring them: declared for it, so that they too are new for each call. */
  #strays: string[] = [];

  constructor(options: { newRealm: () => QuickjsRealm; script: string; limits: SandboxLimits }) {
    this.#newRealm = options.newRealm;
    this.#script = options.script;
    this.#limits = options.limits;
    this.#clock = new CallClock(options.limits.budgetMs);
    this.#isSuspicious = SUSPICIOUS.test(options.script.replace(COMMENTS, ''));
  }

  /** Everything before a call that is ours and not the script's. */
  prepare(): QuickjsRealm {
    if (!this.#realm) {
      this.#realm = this.#newRealm();
      this.#realm.isOver = () => this.#clock.isOver();
    }
    return this.#realm;
  }

  /** Processor time of the last call, ms. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /**
   * Runs the script once. `args` are CallArguments as JSON. The usual answer, data without more, is given as its JSON.
   * @throws NotAScript; Stopped when time, memory or stack ran out, after which the sandbox can be used again.
   */
  call(args: string): CallResult | string {
    const realm = this.prepare();
    if (!this.#isCompiled) this.#compile(realm);
    this.#clock.start();
    const text = this.#ended(() => realm.run(args));
    if (text.startsWith('+')) return text.slice(1);
    const answer = readResult(text);
    if (answer.tooLong !== undefined)
      throw new Stopped(`its answer has ${answer.tooLong} characters; ${this.#limits.maxAnswer} is the most`);
    const reason = answer.threw && this.#reasonOf(answer.errors?.[0] ?? '');
    if (!reason) return answer;
    this.close();
    throw new Stopped(reason);
  }

  /**
   * Puts right what calls changed of the language itself. `intact`: nothing was, so no call can have disturbed the next.
   * `strays`: they made globals; those are declared for the script from now on, so that they are new for each call.
   */
  mend(): 'intact' | 'strays' | 'changed' {
    const realm = this.#realm;
    if (!realm) return 'intact';
    const found = this.#mend(realm);
    // A promise nobody waits for would keep what it was given.
    if (this.#realm?.hasPromises()) this.close();
    return found;
  }

  #mend(realm: QuickjsRealm): 'intact' | 'strays' | 'changed' {
    const now = performance.now();
    this.#clock.start();
    try {
      const isDue = this.#isSuspicious || now - this.#mendedAt >= MEND_EVERY_MS;
      if (!isDue && realm.ask('looksIntact') === true) return 'intact';
      this.#mendedAt = now;
      const found = realm.ask('mend');
      if (found === 0) return 'intact';
      if (found === 1) return 'changed';
      this.close();
      return typeof found === 'string' && this.#declare(found.split(',')) ? 'strays' : 'changed';
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      this.close();
      return 'changed';
    }
  }

  /** The next call begins in a new runtime. */
  close(): void {
    this.#realm?.close();
    this.#realm = undefined;
    this.#isCompiled = false;
  }

  #declare(names: readonly string[]): boolean {
    const known = this.#strays.length;
    this.#strays.push(...names.filter((name) => !this.#strays.includes(name)).slice(0, MOST_STRAYS - known));
    return this.#strays.length > known;
  }

  #compile(realm: QuickjsRealm): void {
    const script = this.#script;
    this.#clock.start();
    try {
      // First alone: it must not become one by closing the brackets around it.
      realm.compile(script);
      const found = FUNCTIONS.filter((name) => script.includes(name)).map(
        (name) => `${name}: typeof ${name} === 'function' ? ${name} : undefined`,
      );
      if (script.includes('exports'))
        found.push(`module: typeof module === 'object' && module !== null ? module : undefined`);
      const strays = this.#strays.length > 0 ? `var ${this.#strays.join(',')};` : '';
      // On one line with its first, so that line numbers stay; and a directive of its own stays first in its function.
      realm.use(`(function (module, exports, require) {${strays}return (function () {${script}
;return {${found.join(', ')}};}).call(this);})`);
      this.#isCompiled = true;
    } catch (error) {
      this.#elapsedMs = this.#clock.elapsedMs();
      if (!(error instanceof ScriptError)) throw error;
      const reason = this.#reasonOf(error.message);
      this.close();
      throw reason ? new Stopped(reason) : new NotAScript(error.message);
    }
  }

  #ended<T>(run: () => T): T {
    try {
      const result = run();
      this.#elapsedMs = this.#clock.elapsedMs();
      return result;
    } catch (error) {
      this.#elapsedMs = this.#clock.elapsedMs();
      if (!(error instanceof ScriptError)) throw error;
      this.close();
      throw new Stopped(this.#reasonOf(error.message) ?? error.message);
    }
  }

  /** What QuickJS says when it stops a script, in words for people; `undefined` for errors of the script's own. */
  #reasonOf(message: string): string | undefined {
    const is = (...beginnings: string[]) => beginnings.some((beginning) => message.startsWith(beginning));
    if (is('InternalError: interrupted')) return `it ran longer than ${this.#limits.budgetMs} ms`;
    // Without memory for an error QuickJS throws null.
    if (is('InternalError: out of memory') || message === 'null')
      return `it used more than ${this.#limits.memoryBytes / 2 ** 20} MB of memory`;
    if (is('InternalError: stack overflow')) return 'it called itself too deeply';
    if (is('InternalError: string too long')) return 'it made a text that is too long';
    return undefined;
  }
}

/** A script may have changed how JSON is written while it ran: then its answer is not one. */
function readResult(text: string): CallResult {
  const result = parsed(text);
  const isList = (value: unknown) =>
    value === undefined || (Array.isArray(value) && value.every((v) => typeof v === 'string'));
  if (result && isList(result.errors) && isList(result.warnings) && isList(result.console)) return result;
  return { errors: ['the script changed how answers are written'], threw: true };
}

function parsed(text: string): CallResult | undefined {
  try {
    const result: unknown = JSON.parse(text);
    return typeof result === 'object' && result !== null ? (result as CallResult) : undefined; // its members are checked by whoever asked
  } catch {
    return undefined;
  }
}
