/** A network server at work: its devices' messages in their time, a bounded number of them under way. */
import { setMaxListeners } from 'node:events';
import { createGate } from '../mqtt/gate.ts';
import type { Clock } from '../world/clock.ts';
import type { Delivery } from './deliver.ts';
import type { ServerMessage } from './server-message.ts';

export interface RunServerOptions {
  /** One a device; taken one at a time, when the one before is due. */
  devices: readonly Iterable<ServerMessage>[];
  clock: Clock;
  delivery: Delivery;
  signal?: AbortSignal;
  /** Messages without an answer at a time; default 32. */
  inFlight?: number;
  onProblem?(error: Error): void;
}

export interface RunServerResult {
  sent: number;
  /** The other side has them. */
  taken: number;
}

/** Resolves when every device's messages have ended, or after the signal; what is under way is waited for. */
export async function runServer(options: RunServerOptions): Promise<RunServerResult> {
  const { devices, clock, delivery, inFlight = 32, onProblem = () => {} } = options;
  const signal = options.signal ?? new AbortController().signal;
  setMaxListeners(0, signal); // one listener a device is no leak
  const gate = createGate(inFlight);
  const result: RunServerResult = { sent: 0, taken: 0 };
  await Promise.all(
    devices.map(async (messages) => {
      for (const message of messages) {
        if (!(await due(clock, message.at, signal))) return;
        const leave = await gate.enter();
        try {
          if (signal.aborted) return;
          result.sent++;
          // One device's messages stay in their order, as a network server sends them.
          await delivery.send(message);
          result.taken++;
        } catch (error) {
          onProblem(error as Error); // deliveries reject with errors
        } finally {
          leave();
        }
      }
    }),
  );
  return result;
}

async function due(clock: Clock, at: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.until(at, signal);
    return true;
  } catch {
    return false; // the signal
  }
}
