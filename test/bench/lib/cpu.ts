/** Processor time of a process: what a message costs, whoever else the machine works for. Linux only. */
import { readFileSync } from 'node:fs';

/** Ticks of the clock that /proc counts in, by the second: the same on every Linux. */
const TICKS = 100;

/** User and system time since its start, of all its threads. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before may hold spaces; proc(5) numbers utime 14 and stime 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
