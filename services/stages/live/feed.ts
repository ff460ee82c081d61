/**
 * The live feed: follows the `readings` and `alerts` streams from their ends and hands what is new to those who listen.
 * It commits nothing and remembers nothing: whoever comes back within 5 minutes is served from the log itself.
 *
 *   readings ─┐                       ┌─▶ listener (an SSE client)
 *             ├─▶ block ─▶ series? ───┼─▶ listener (an MQTT subscriber)
 *   alerts ───┘      whose? per series└─▶ …
 *
 * Who wants a series is asked once and remembered, so a row costs one look at an array, and without listeners nothing
 * is read at all.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { AlertChange } from '../../model/alert.ts';
import type { Block } from '../../model/block.ts';
import type { Directory } from '../../model/directory.ts';
import { readJsonBlock } from '../../model/json-block.ts';
import type { FeedPosition, Listener, LiveFeed } from '../../model/live.ts';
import type { Log, Position } from '../../model/log.ts';
import type { Ops } from '../../ops/ops.ts';
import { handOverReadings } from './hand-over.ts';
import { WhoWants } from './who-wants.ts';

const RESUME_MS = 5 * 60_000;
/** More than this between an event id and now, and reading it again would cost the others too much. */
const RESUME_RECORDS = 200_000;
const MOST_RESUMING = 4;
/** Behind by more than this the feed is not live any more: it goes on from the end and says so. */
const MOST_BEHIND = 500_000;
/** About 6000 readings: what one step gives at most. */
const READ_BYTES = 256 * 1024;
/** A step waits so long for listeners that are busy: catching up must not drown who reads well. */
const COURTESY_MS = 20;
const WAIT_MS = 1000;

const STREAMS = ['readings', 'alerts'] as const;
type Positions = Record<(typeof STREAMS)[number], Position>;

export interface FeedDependencies {
  log: Pick<Log, 'read' | 'end' | 'seek' | 'wait'>;
  directory: Pick<Directory, 'onChange'>;
  ops: Ops;
  now?: () => number;
}

export interface Feed extends LiveFeed {
  /** Follows the streams until `signal` fires. */
  run(signal: AbortSignal): Promise<void>;
}

export function createFeed(dependencies: FeedDependencies): Feed {
  const { log, directory, ops, now = Date.now } = dependencies;
  const listeners = new Set<Listener>();
  const who = new WhoWants();
  const gauge = ops.metrics.gauge('live_listeners', 'Who listens to live data');
  const skips = ops.metrics.counter('live_skipped_total', 'Records the live feed left out because it was behind');
  let at: Positions | undefined; // undefined: nobody listens, nothing is followed
  let joining = 0;
  let wake = (): void => {};

  const ends = async (): Promise<Positions> => ({
    readings: await log.end('readings'),
    alerts: await log.end('alerts'),
  });

  async function follow(): Promise<Positions> {
    if (at) return at;
    const found = await ends();
    at ??= found; // another may have begun to follow meanwhile
    wake();
    return at;
  }

  function join(listener: Listener): void {
    listeners.add(listener);
    who.set(listeners);
    gauge.set(listeners.size);
  }

  function leave(listener: Listener): void {
    if (!listeners.delete(listener)) return;
    if (listeners.size + joining === 0) at = undefined; // the next one begins at the end, not where this one left
    who.set(listeners);
    gauge.set(listeners.size);
  }

  /** Reads a little of both streams; true when there was something. */
  async function step(from: Positions): Promise<boolean> {
    const end = await log.end('readings');
    if (end.offset - from.readings.offset > MOST_BEHIND) {
      skips.inc(end.offset - from.readings.offset);
      at = await ends();
      for (const listener of listeners) listener.skipped(offsets(at));
      return true;
    }
    const readings = await log.read('readings', from.readings, READ_BYTES);
    const alerts = await log.read('alerts', from.alerts, READ_BYTES);
    if (at !== from || readings.length + alerts.length === 0) return at !== from;
    // From here on synchronous: a listener that joins sees all of a block or nothing of it.
    for (const block of readings) {
      handOverReadings(block, from.readings.offset, who);
      from.readings = after(block);
    }
    for (const block of alerts) {
      handOverAlerts(block, from.alerts.offset, listeners);
      from.alerts = after(block);
    }
    for (const listener of listeners) listener.flush(offsets(from));
    return true;
  }

  async function run(signal: AbortSignal): Promise<void> {
    const stopWatching = directory.onChange(() => who.forget());
    // Roles and tokens change without the directory changing; semantics gives a revoked grant 60 s.
    const timer = setInterval(() => who.forget(), 30_000).unref();
    try {
      while (!signal.aborted) {
        if (listeners.size + joining === 0) {
          at = undefined;
          await new Promise<void>((resolve) => {
            wake = () => {
              signal.removeEventListener('abort', wake);
              resolve();
            };
            signal.addEventListener('abort', wake);
          });
          continue;
        }
        try {
          const from = await follow();
          if (!(await step(from))) await waitForEither(log, from, signal);
        } catch (error) {
          // It keeps nothing that could be lost: say so, and try again a little later.
          ops.logger.error({ err: error }, 'live: unable to read the streams');
          await pause(WAIT_MS, undefined, { signal }).catch(() => {}); // the signal ends the loop above
        }
        await breathe(listeners);
      }
    } finally {
      clearInterval(timer);
      stopWatching();
    }
  }

  /** Hands `listener` what lies between `from` and the live point, then lets it join there. */
  async function catchUp(listener: Listener, from: Positions): Promise<void> {
    const alone = new WhoWants();
    alone.set(new Set([listener]));
    for (;;) {
      const live = await follow();
      const readings =
        from.readings.offset < live.readings.offset ? await log.read('readings', from.readings, READ_BYTES) : [];
      const alerts = from.alerts.offset < live.alerts.offset ? await log.read('alerts', from.alerts, READ_BYTES) : [];
      const point = at;
      if (!point) continue;
      for (const block of readings) {
        if (block.first >= point.readings.offset) break;
        handOverReadings(block, from.readings.offset, alone);
        from.readings = after(block);
      }
      for (const block of alerts) {
        if (block.first >= point.alerts.offset) break;
        handOverAlerts(block, from.alerts.offset, [listener]);
        from.alerts = after(block);
      }
      listener.flush(offsets(from));
      if (from.readings.offset >= point.readings.offset && from.alerts.offset >= point.alerts.offset)
        return join(listener);
      await breathe([listener]);
    }
  }

  /** Where the listener may go on; `undefined` when that is too long ago, too much, or no place at all. */
  async function resumable(from: FeedPosition): Promise<Positions | undefined> {
    const end = await ends();
    const found: Partial<Positions> = {};
    for (const stream of STREAMS) {
      const missed = end[stream].offset - from[stream];
      if (missed < 0 || missed > RESUME_RECORDS) return undefined;
      if (missed === 0) found[stream] = end[stream];
      else {
        const position = await log.seek(stream, from[stream]);
        const [block] = position ? await log.read(stream, position, 1) : [];
        if (!position || !block || block.at < now() - RESUME_MS) return undefined;
        found[stream] = position;
      }
    }
    return found as Positions; // both streams were gone through
  }

  return {
    run,
    forget: () => who.forget(),
    async listen(listener, from) {
      joining++;
      try {
        const live = await follow();
        const start = from && joining <= MOST_RESUMING ? await resumable(from) : undefined;
        if (start) await catchUp(listener, start);
        else join(listener);
        return { resumed: start !== undefined, position: offsets(at ?? live), stop: () => leave(listener) };
      } finally {
        joining--;
        wake();
      }
    },
  };
}

function after(block: Block): Position {
  return { seq: block.seq + 1, offset: block.first + block.count };
}

function offsets(at: Positions): FeedPosition {
  return { readings: at.readings.offset, alerts: at.alerts.offset };
}

function handOverAlerts(block: Block, from: number, listeners: Iterable<Listener>): void {
  const changes = readJsonBlock<AlertChange>(block);
  changes.forEach(({ alert }, i) => {
    if (block.first + i < from) return;
    for (const listener of listeners) if (listener.wantsAlert?.(alert)) listener.alert?.(alert, block.first + i);
  });
}

/** The thread is shared with stages that matter more. */
async function breathe(listeners: Iterable<Listener>): Promise<void> {
  for (const listener of listeners) if (listener.busy) return await pause(COURTESY_MS);
  await new Promise((resolve) => setImmediate(resolve));
}

async function waitForEither(log: FeedDependencies['log'], at: Positions, signal: AbortSignal): Promise<void> {
  const other = new AbortController();
  const either = AbortSignal.any([signal, other.signal]);
  await Promise.race(STREAMS.map((stream) => log.wait(stream, at[stream], WAIT_MS, either)));
  other.abort();
}
