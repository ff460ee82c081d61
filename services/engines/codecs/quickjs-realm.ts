/** One QuickJS runtime with our side of the sandbox in it: made once, given a script, asked, thrown away. */
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { environment } from './environment.ts';
import { FUNCTIONS, realm } from './realm.ts';

const STACK_BYTES = 256 * 1024;
const NAMES = ['use', 'run', 'looksIntact', 'mend'] as const;
type Name = (typeof NAMES)[number];

/** What QuickJS threw. `message` has the name of the error, and the line of the script where there is one. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

export class QuickjsRealm {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #ours: Record<Name, QuickJSHandle>;
  /** Asked every few thousand steps; true ends what runs. Nothing of ours is interrupted while it is set up. */
  isOver: () => boolean = () => false;

  constructor(options: {
    module: QuickJSWASMModule;
    memoryBytes: number;
    maxAnswer: number;
  }) {
    this.#runtime = options.module.newRuntime();
    this.#runtime.setMemoryLimit(options.memoryBytes);
    this.#runtime.setMaxStackSize(STACK_BYTES);
    this.#runtime.setInterruptHandler(() => this.isOver());
    const context = this.#runtime.newContext();
    this.#context = context;
    const ours = this.#value(
      context.evalCode(
        `(${realm.toString()})((${environment.toString()})(), ${JSON.stringify(FUNCTIONS)}, ${options.maxAnswer})`,
        'sandbox.js',
      ),
    );
    const member = (name: Name) => context.getProp(ours, name);
    this.#ours = { use: member('use'), run: member('run'), looksIntact: member('looksIntact'), mend: member('mend') };
    ours.dispose();
  }

  /** @throws ScriptError. */
  compile(text: string): void {
    this.#value(this.#context.evalCode(text, 'codec.js', { type: 'global', compileOnly: true })).dispose();
  }

  /** `text` is an expression that gives the factory of realm.ts. @throws ScriptError. */
  use(text: string): void {
    const factory = this.#value(this.#context.evalCode(text, 'codec.js'));
    this.#call('use', factory).dispose();
  }

  /** @throws ScriptError when it did not come to its end. */
  run(args: string): string {
    const given = this.#context.newString(args);
    return this.#call('run', given).consume((value) => this.#context.getString(value));
  }

  /** @throws ScriptError. */
  ask(question: 'looksIntact' | 'mend'): unknown {
    return this.#call(question).consume((value) => this.#context.dump(value) as unknown);
  }

  /** Whether calls left work to be done later, which is never done. */
  hasPromises(): boolean {
    return this.#runtime.hasPendingJob();
  }

  close(): void {
    for (const name of NAMES) this.#ours[name].dispose();
    this.#context.dispose();
    this.#runtime.dispose();
  }

  /** Takes `arg` away: a runtime in which something is still held cannot be freed. */
  #call(name: Name, arg?: QuickJSHandle): QuickJSHandle {
    const context = this.#context;
    try {
      return this.#value(context.callFunction(this.#ours[name], context.undefined, ...(arg ? [arg] : [])));
    } finally {
      if (arg?.alive) arg.dispose();
    }
  }

  #value(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
    if (!result.error) return result.value;
    throw new ScriptError(this.#describe(result.error));
  }

  #describe(error: QuickJSHandle): string {
    const context = this.#context;
    try {
      const text = (name: string) => context.getProp(error, name).consume((value) => context.getString(value));
      const line = /codec\.js:(\d+)/.exec(text('stack'));
      return `${text('name')}: ${text('message')}${line ? ` (line ${line[1]})` : ''}`.slice(0, 500);
    } catch {
      return 'an error that cannot be shown';
    } finally {
      error.dispose();
    }
  }
}
