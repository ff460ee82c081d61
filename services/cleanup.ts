/** What was opened is closed in reverse order, each step named and bounded in time, so that shutdown is right by construction. */
import type { Logger } from './ops/logger.ts';

interface Step {
  name: string;
  run: () => void | Promise<void>;
}

export class Cleanup {
  #steps: Step[] = [];
  #running: Promise<void> | undefined;

  /** Register where the thing is opened. */
  add(name: string, run: Step['run']): void {
    this.#steps.push({ name, run });
  }

  /** Runs every step, newest first, whatever earlier ones do. Calling it again waits for the same run. */
  run(logger: Logger, stepMs = 10_000): Promise<void> {
    this.#running ??= this.#unwind(logger, stepMs);
    return this.#running;
  }

  async #unwind(logger: Logger, stepMs: number): Promise<void> {
    for (const { name, run } of this.#steps.splice(0).reverse()) {
      const { promise: late, resolve } = Promise.withResolvers<'late'>();
      const timer = setTimeout(resolve, stepMs, 'late');
      try {
        if ((await Promise.race([run(), late])) === 'late')
          logger.error({ step: name, ms: stepMs }, 'shutdown step did not end in time');
      } catch (error) {
        logger.error({ step: name, err: error }, 'shutdown step failed');
      } finally {
        clearTimeout(timer);
      }
    }
  }
}
