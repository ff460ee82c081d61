/**
 * How many uplinks a second decode handles on one thread: blocks in, encoded readings and state out, no log.
 * Also per second of CPU time of that thread, which a busy machine does not change. `node test/bench/decode.ts [--seconds N]` prints one JSON line a case.
 */
import { parseArgs } from 'node:util';
import { createDecode } from '../../services/stages/decode/decode.ts';
import { decodeCases } from './lib/decode-cases.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '3' } } });
const seconds = Number(values.seconds);

for (const { name, options, batches } of decodeCases()) {
  const decode = createDecode(options);
  await decode.restore(new Map());
  let uplinks = 0;
  let bytes = 0;
  let batch = 0;
  const run = async (ms: number): Promise<number> => {
    const began = performance.now();
    uplinks = 0;
    bytes = 0;
    while (performance.now() - began < ms) {
      const slices = batches(batch++);
      const { outputs, state } = await decode.handle(slices);
      for (const slice of slices) uplinks += slice.to - slice.from;
      for (const output of outputs) bytes += output.body.byteLength;
      for (const value of state.values()) bytes += value?.byteLength ?? 0;
    }
    return performance.now() - began;
  };
  await run(500);
  const before = process.threadCpuUsage();
  const ms = await run(seconds * 1000);
  const cpu = process.threadCpuUsage(before);
  const uplinksPerSecond = Math.round((uplinks / ms) * 1000);
  const uplinksPerCpuSecond = Math.round((uplinks / (cpu.user + cpu.system)) * 1e6);
  const bytesPerUplink = Math.round(bytes / uplinks);
  console.log(JSON.stringify({ case: name, uplinksPerSecond, uplinksPerCpuSecond, bytesPerUplink }));
}
