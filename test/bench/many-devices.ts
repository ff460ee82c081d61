/** B3: many devices that each wait for their ack before they go on. */
import { comparePubackRates } from './lib/puback-rate.ts';
import type { Benchmark } from './lib/result.ts';

export const manyDevices: Benchmark = async (context) => {
  const seconds = context.quick ? 8 : 30;
  const result = await comparePubackRates(
    {
      id: 'B3',
      what: `PUBACK rate over ${seconds} s: QoS 1, 2000 connections with 1 in flight, the whole pipeline on`,
      load: { connections: 2000, inFlight: 1, seconds },
      rounds: context.quick ? 2 : 3,
      atLeast: 0.5,
    },
    context,
  );
  return [result];
};
