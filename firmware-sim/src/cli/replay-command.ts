/** `sim replay`: real data, and whether the ledger accounts for every row of it. */
import { datasets, replay } from '../replay/replay.ts';

export interface ReplayArguments {
  dataset: string | undefined;
  api?: string;
  mqtt?: string;
  token?: string;
}

interface Context {
  signal: AbortSignal;
  say(line: string): void;
  /** Results, on standard output. */
  print(text: string): void;
}

/** Exit code 2 where the ledger differs from what the rows must give. */
export async function replayCommand(args: ReplayArguments, { signal, say, print }: Context): Promise<number> {
  const chosen = args.dataset === 'all' ? datasets : datasets.filter((d) => d.id === args.dataset);
  if (chosen.length === 0) {
    throw new Error(`replay: name a data set: ${datasets.map((d) => d.id).join(', ')} or all`);
  }
  const { api: apiUrl, mqtt: mqttUrl, token: adminToken } = args;
  if (apiUrl === undefined || mqttUrl === undefined) throw new Error('replay: --api URL and --mqtt URL are needed');
  if (adminToken === undefined) throw new Error('replay: SANSEVAERK_ADMIN_TOKEN or --token-file is needed');
  let code = 0;
  for (const dataset of chosen) {
    say(`${dataset.title}. ${dataset.attribution}`);
    for (const note of dataset.notes) say(`  ${note}`);
    const { expected, acked, ledger, differences } = await replay({
      dataset,
      apiUrl,
      mqttUrl,
      adminToken,
      signal,
      onProblem: (device, error) => say(`${device}: ${error.message}`),
    });
    print(`${JSON.stringify({ dataset: dataset.id, expected, acked, ledger, differences })}\n`);
    if (differences.length === 0) say(`  every one of ${expected.rows} rows is accounted for`);
    else {
      code = 2;
      for (const difference of differences) say(`  DIFFERS ${difference}`);
    }
  }
  return code;
}
