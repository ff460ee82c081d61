/** What a device does, one thing after the other: the stream that faults change and that the MQTT runner carries out. */
import type { Timeline } from './timeline.ts';

interface PublishStep {
  kind: 'publish';
  /** When it is due on the simulation's clock, epoch ms. */
  at: number;
  payload: string | Uint8Array;
}

/** The device loses its connection and comes back. */
interface ReconnectStep {
  kind: 'reconnect';
  at: number;
}

export type Step = PublishStep | ReconnectStep;

interface StepOptions {
  timeline: Timeline;
  /** Whether messages carry their `time`; without one, every arrival is a new measurement. */
  stamped: boolean;
  /** Stops after so many messages. */
  count?: number;
}

/** Endless unless `count` is given; each report is made when it is asked for. */
export function* reportSteps({ timeline, stamped, count = Number.POSITIVE_INFINITY }: StepOptions): Generator<Step> {
  for (let i = 0; i < count; i++) {
    const { time, values } = timeline.take();
    const body = stamped ? { time: new Date(time).toISOString(), ...values } : values;
    yield { kind: 'publish', at: time, payload: JSON.stringify(body) };
  }
}
