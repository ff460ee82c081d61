/**
 * Is the platform on this machine alive? Ends with 0 when it is, with 1 and one line when not.
 * For HEALTHCHECK of the image, ExecStartPost of the unit, and scripts: the image has no curl, and needs none.
 */
import { parseArgs } from 'node:util';

const USAGE = `node infra/health-check.ts [--ready] [--wait=SECONDS]

  --ready         ask /readyz (every stage and engine answers) instead of /healthz (the process answers)
  --wait=SECONDS  ask again until then`;
const ANSWER_MS = 4000;
const AGAIN_MS = 250;

/** Where the platform of this environment answers; an address that means "all" is asked on the loopback one. */
function ownAddress(env: NodeJS.ProcessEnv): string {
  const host = env.SANSEVAERK_HOST ?? '127.0.0.1';
  const asked = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${asked}:${env.SANSEVAERK_HTTP_PORT ?? '8080'}`;
}

/** @returns nothing when it answers as it should, else why not */
async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    return response.ok ? undefined : `${url} says ${response.status}: ${(await response.text()).slice(0, 500)}`;
  } catch (error) {
    const { cause } = error as Error; // fetch puts what happened into the cause
    return `${url} does not answer: ${cause instanceof Error ? cause.message : String(error)}`;
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      ready: { type: 'boolean', default: false },
      wait: { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const seconds = Number(values.wait);
  if (values.help || !(seconds >= 0)) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  const url = `${ownAddress(process.env)}${values.ready ? '/readyz' : '/healthz'}`;
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const wrong = await ask(url);
    if (wrong === undefined) return 0;
    if (performance.now() >= deadline) {
      console.error(wrong);
      return 1;
    }
    await new Promise((again) => setTimeout(again, AGAIN_MS));
  }
}

process.exitCode = await main();
