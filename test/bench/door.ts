/** B1 door: how fast uplinks are acknowledged, each on disk before its PUBACK, with every stage running. */
import { comparePubackRates } from './lib/puback-rate.ts';
import type { Benchmark } from './lib/result.ts';

export const door: Benchmark = async (context) => {
  const seconds = context.quick ? 10 : 60;
  const result = await comparePubackRates(
    {
      id: 'B1-door',
      what: `PUBACK rate over ${seconds} s: QoS 1, 20 connections with 100 in flight, the whole pipeline on`,
      load: { connections: 20, inFlight: 100, seconds },
      rounds: context.quick ? 2 : 3,
      atLeast: 0.7,
    },
    context,
  );
  return [result];
};
