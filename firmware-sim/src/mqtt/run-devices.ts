/**
 * Many devices on one broker, each with a connection of its own:
 *
 *   steps ─▶ clock (due?) ─▶ gate (in flight) ─▶ record: intent ─▶ PUBLISH … PUBACK ─▶ record: ack ─▶ onAck
 */
import { setMaxListeners } from 'node:events';
import type { Step } from '../step.ts';
import type { Clock } from '../world/clock.ts';
import { createRng } from '../world/rng.ts';
import { type Connection, openConnection } from './connection.ts';
import { createGate, type Gate } from './gate.ts';
import type { RecordFile } from './record-file.ts';

export interface RunDevice {
  id: string;
  secret: string;
  /** What it does; faults are already in. Taken one at a time, when the one before is due. */
  steps: Iterable<Step>;
}

interface Ack {
  device: string;
  /** Which of the device's messages, from 1. */
  n: number;
  payload: string | Uint8Array;
}

export interface RunOptions {
  /** `mqtt://host:port`, `mqtts://…` or `ws://…`. */
  url: string;
  devices: readonly RunDevice[];
  clock: Clock;
  qos?: 0 | 1 | 2;
  /** false keeps the session at the broker over reconnections; default true. */
  clean?: boolean;
  /** Birth and last will; default true. */
  status?: boolean;
  /** Unacknowledged messages a device may have; default 10. */
  inFlight?: number;
  /** Connections at a time; further devices wait until one has finished. Default 2000. */
  maxConnections?: number;
  /** CONNECTs under way at a time; default 50. */
  maxConnecting?: number;
  record?: RecordFile;
  signal?: AbortSignal;
  /** After the acknowledgement is on record, where there is one. */
  onAck?(ack: Ack): void;
  onProblem?(device: string, error: Error): void;
  /** How long to wait for the last acknowledgements after the signal; default 5 s. */
  drainMs?: number;
  /** A lost connection comes back after a time between these two, ms; default 300 and 2500. */
  retryMs?: readonly [number, number];
  seed?: string;
}

export interface RunResult {
  sent: number;
  acked: number;
  /** Without an answer when it ended. The broker may have them. */
  unacked: number;
  reconnects: number;
  /** Devices that never got in. */
  refused: string[];
}

/** Resolves when every device's steps have ended, or after the signal, in order. Rejects only when the record fails. */
export async function runDevices(options: RunOptions): Promise<RunResult> {
  const { devices, maxConnections = 2000, maxConnecting = 50, seed = 'run' } = options;
  const result: RunResult = { sent: 0, acked: 0, unacked: 0, reconnects: 0, refused: [] };
  const running = createGate(maxConnections);
  const connecting = createGate(maxConnecting);
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  setMaxListeners(0, signal); // one listener a device is no leak
  const rng = createRng(seed);

  const tasks = devices.map(async (device) => {
    const leave = await running.enter();
    try {
      if (!signal.aborted)
        await runDevice({ ...options, signal, device, connecting, result, rng: rng.split(device.id) });
    } catch (error) {
      stop.abort(error); // the record is the test's truth: without it there is nothing to go on for
      throw error;
    } finally {
      leave();
    }
  });
  const ends = await Promise.allSettled(tasks);
  const failed = ends.find((e) => e.status === 'rejected');
  if (failed) throw failed.reason;
  result.unacked = result.sent - result.acked;
  return result;
}

interface DeviceRun extends RunOptions {
  device: RunDevice;
  signal: AbortSignal;
  connecting: Gate;
  result: RunResult;
  rng: ReturnType<typeof createRng>;
}

async function runDevice(run: DeviceRun): Promise<void> {
  const { device, signal, clock, result } = run;
  const connection = openConnection({
    url: run.url,
    id: device.id,
    secret: device.secret,
    clean: run.clean ?? true,
    status: run.status ?? true,
    rng: run.rng,
    ...(run.retryMs ? { retryMs: run.retryMs } : {}),
    onConnect: (again) => {
      if (again) result.reconnects++;
    },
    onError: (error) => run.onProblem?.(device.id, error),
  });
  const inFlight = createGate(run.inFlight ?? 10);
  let broken: unknown;
  try {
    if (!(await connected(run, connection))) return;
    let n = 0;
    for (const step of device.steps) {
      if (!(await due(clock, step.at, signal))) break;
      if (step.kind === 'reconnect') {
        connection.drop();
        continue;
      }
      const leave = await enter(inFlight, signal);
      if (!leave) break;
      if (broken !== undefined) {
        leave();
        break;
      }
      n++;
      void send(run, connection, n, step.payload)
        .catch((error) => {
          broken = error;
        })
        .finally(leave);
    }
    await Promise.race([inFlight.empty(), drainDeadline(run)]);
  } finally {
    await connection.close(1000);
  }
  if (broken !== undefined) throw broken;
}

async function connected(
  { device, signal, connecting, result, onProblem }: DeviceRun,
  connection: Connection,
): Promise<boolean> {
  const leave = await connecting.enter();
  try {
    await connection.opened(signal);
    return true;
  } catch (error) {
    if (!signal.aborted) {
      result.refused.push(device.id);
      onProblem?.(device.id, error as Error); // opened rejects with errors of our own making
    }
    return false;
  } finally {
    leave();
  }
}

/** Rejects only when the record does: a message that is not acknowledged is a result, not a failure. */
async function send(run: DeviceRun, connection: Connection, n: number, payload: string | Uint8Array): Promise<void> {
  const { device, record, result, qos = 1 } = run;
  await record?.append({ type: 'intent', device: device.id, n, qos, ...asText(payload) });
  result.sent++;
  try {
    await connection.publish(payload, qos);
  } catch (error) {
    if (!run.signal.aborted) run.onProblem?.(device.id, error as Error); // the client rejects with errors
    return;
  }
  await record?.append({ type: 'ack', device: device.id, n });
  result.acked++;
  run.onAck?.({ device: device.id, n, payload });
}

function asText(payload: string | Uint8Array): { payload: string; encoding?: 'base64' } {
  return typeof payload === 'string'
    ? { payload }
    : { payload: Buffer.from(payload).toString('base64'), encoding: 'base64' };
}

async function due(clock: Clock, at: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.until(at, signal);
    return true;
  } catch {
    return false; // the signal
  }
}

/** A place among the messages in flight; `undefined` when the signal came first. */
async function enter(gate: Gate, signal: AbortSignal): Promise<(() => void) | undefined> {
  if (signal.aborted) return undefined;
  const entered = gate.enter();
  return new Promise((resolve) => {
    const aborted = (): void => resolve(undefined);
    signal.addEventListener('abort', aborted, { once: true });
    void entered.then((leave) => {
      signal.removeEventListener('abort', aborted);
      if (signal.aborted) leave();
      resolve(signal.aborted ? undefined : leave);
    });
  });
}

/** While the run goes on there is no deadline: an outage of the broker may take as long as it likes. */
function drainDeadline({ signal, drainMs = 5000 }: DeviceRun): Promise<void> {
  return new Promise((resolve) => {
    const start = (): void => {
      setTimeout(resolve, drainMs).unref();
    };
    if (signal.aborted) start();
    else signal.addEventListener('abort', start, { once: true });
  });
}
