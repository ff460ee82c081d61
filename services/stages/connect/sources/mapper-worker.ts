/**
 * A thread that evaluates mappings, one after the other. JSONata bounds its own steps, depth and lists (options `timeout`,
 * `stack` and `sequence`, https://docs.jsonata.org/embedding-extending); what it calls natively, a regular expression for
 * one, it cannot stop: that is why this is a thread of its own, which mapper.ts ends when it does not answer.
 */
import { parentPort, workerData } from 'node:worker_threads';
import jsonata from 'jsonata';
import { type MapperAnswer, type MapperJob, type MapperSetting, MOST_TEXT } from './mapper-job.ts';

const { evaluationMs } = workerData as MapperSetting; // given by mapper.ts
const LIMITS = { timeout: evaluationMs, stack: 250, sequence: 100_000 };
const MOST_COMPILED = 200;
const compiled = new Map<string, jsonata.Expression>();
let last: Promise<unknown> = Promise.resolve();

parentPort?.on('message', (job: MapperJob) => {
  last = last.then(async () => parentPort?.postMessage(await answer(job)));
});

parentPort?.postMessage('ready');

async function answer({ id, expressions, input, bindings }: MapperJob): Promise<MapperAnswer> {
  try {
    const document: unknown = JSON.parse(input);
    const results: Record<string, string | undefined> = {};
    for (const [name, text] of Object.entries(expressions)) {
      const result: unknown = await compile(text).evaluate(document, { ...bindings });
      const written = JSON.stringify(result) as string | undefined; // of nothing, and of a function, it is undefined
      if (written !== undefined && written.length > MOST_TEXT)
        return { id, error: `the mapping gives more than ${MOST_TEXT} characters` };
      results[name] = written;
    }
    return { id, results };
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    const what = String(message ?? error).slice(0, 500);
    return { id, error: code ? `${what} (JSONata ${code})` : what, ranAway: code === 'D1012' };
  }
}

function compile(text: string): jsonata.Expression {
  const known = compiled.get(text);
  if (known) return known;
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  const expression = jsonata(text, LIMITS);
  compiled.set(text, expression);
  return expression;
}
