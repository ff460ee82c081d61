/**
 * A vendor's cloud that is asked on a schedule, one run at a time.
 *
 *   due ──▶ run ──▶ connected ──▶ due by the schedule
 *    ▲        └───▶ failed ─────▶ waiting may help: longer each time; else by the schedule
 *    └── somebody asks for a run at once
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpPullSettings } from '../../../knowledge/sources/http-pull.ts';
import { nextRun } from '../../../knowledge/sources/schedule.ts';
import { Rejected } from '../../../model/errors.ts';
import type { Text } from '../../../model/rule.ts';
import type { Ops } from '../../../ops/ops.ts';
import type { Position, Positions } from './positions.ts';
import { type PullParts, pull } from './pull.ts';
import type { Slots } from './slots.ts';
import { SourceFault } from './source-fault.ts';
import { type SourceStatus, unusableText } from './source-status.ts';

export interface PullTimes {
  minuteMs: number;
  firstRetryMs: number;
  mostRetryMs: number;
  /** After a start, sources that are overdue are spread over so long. */
  startSpreadMs: number;
}

export const PULL_TIMES: PullTimes = {
  minuteMs: 60_000,
  firstRetryMs: 30_000,
  mostRetryMs: 3_600_000,
  startSpreadMs: 10_000,
};

export interface PullSourceParts extends Omit<PullParts, 'save' | 'took' | 'signal'> {
  id: string;
  /** Of the source: once it was changed it is run at once. */
  etag: string;
  settings: HttpPullSettings;
  positions: Positions;
  /** Turns among all sources that are asked. */
  slots: Slots;
  status: SourceStatus;
  ops: Ops;
  times: PullTimes;
  random(): number;
}

export class PullSource {
  #o: PullSourceParts;
  #stopping = new AbortController();
  #wanted = Promise.withResolvers<void>();
  #failures = 0;
  #running: Promise<void>;

  constructor(parts: PullSourceParts) {
    this.#o = parts;
    this.#running = this.#run();
  }

  /** At once, not at the next turn; while one runs, once more after it. */
  runNow(): void {
    this.#wanted.resolve();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { status, now } = this.#o;
    const { signal } = this.#stopping;
    let due = 0;
    while (!signal.aborted) {
      try {
        due ||= await this.#firstDue();
        status.next(due);
        await this.#until(due);
        if (signal.aborted) return;
        due = await this.#o.slots.use(signal, () => this.#once());
      } catch (error) {
        // The position could not be read or kept: our own trouble, not the vendor's.
        if (signal.aborted) return;
        due = now() + this.#rest(0);
        this.#failed(error);
      }
    }
  }

  async #firstDue(): Promise<number> {
    const { settings, etag, times, now, random } = this.#o;
    const { ranAt, ranAs } = await this.#position();
    if (ranAt === undefined || ranAs !== etag) return now();
    const due = nextRun(settings.schedule, ranAt, random(), times.minuteMs);
    return due > now() ? due : now() + random() * times.startSpreadMs;
  }

  /** Gives when the next run is due. */
  async #once(): Promise<number> {
    const { id, etag, settings, positions, status, times, now, random } = this.#o;
    const ranAt = now();
    const save = (reached: Position) => positions.save(id, { ...reached, ranAt, ranAs: etag });
    status.ran(ranAt);
    let unusable = 0;
    const problems: string[] = [];
    try {
      const position = await pull(
        {
          ...this.#o,
          signal: this.#stopping.signal,
          save,
          took: (page) => {
            status.took(page);
            unusable += page.unusable;
            if (problems.length === 0) problems.push(...page.problems);
          },
        },
        await this.#position(),
      );
      await save(position);
      this.#failures = 0;
      status.connected(unusableText(unusable, problems));
      return nextRun(settings.schedule, ranAt, random(), times.minuteMs);
    } catch (error) {
      if (this.#stopping.signal.aborted) return 0;
      this.#failed(error);
      const again = !(error instanceof Rejected) && !(error instanceof SourceFault && !error.again);
      if (!again) return nextRun(settings.schedule, ranAt, random(), times.minuteMs);
      return now() + this.#rest(error instanceof SourceFault ? error.afterMs : 0);
    }
  }

  /** Twice as long each time, half of it at random; not sooner than the other side asked for. */
  #rest(afterMs: number): number {
    const { times, random } = this.#o;
    const rest = Math.min(times.mostRetryMs, times.firstRetryMs * 2 ** this.#failures++);
    return Math.max(afterMs, rest * (0.5 + random() / 2));
  }

  #failed(error: unknown): void {
    const { id, status, ops } = this.#o;
    ops.logger.info({ source: id, err: error }, 'source: a run failed');
    status.failed(textOf(error));
  }

  async #position(): Promise<Position> {
    const { id, settings, positions } = this.#o;
    return await positions.load(id, JSON.stringify([settings.request.url, settings.request.body ?? '']));
  }

  async #until(due: number): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, over.signal]);
    const wait = sleep(Math.max(0, due - this.#o.now()), undefined, { signal }).catch(() => {});
    await Promise.race([this.#wanted.promise, wait]);
    over.abort();
    this.#wanted = Promise.withResolvers();
  }
}

/** What the state shows of whatever went wrong; of our own trouble no inside. */
function textOf(error: unknown): Text {
  if (error instanceof SourceFault) return error.text;
  if (error instanceof Rejected)
    return { da: `Svaret kan ikke bruges: ${error.message.slice(0, 450)}`, en: error.message.slice(0, 500) };
  return { da: 'Fejl hos os; der prøves igen.', en: 'Trouble on our side; it is tried again.' };
}
