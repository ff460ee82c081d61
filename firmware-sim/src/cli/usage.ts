/** What `--help` says. */
import { FAULTS } from '../faults/parse-fault.ts';
import { datasets } from '../replay/replay.ts';

export const USAGE = `Simulated devices against any broker.

  npm run sim -- run --devices FILE --mqtt URL [options]
      Devices from a JSON file: [{"id", "secret", "kind", "attributes"?, "location"?, "intervalSeconds"?}, …]
  npm run sim -- run --region --api URL --mqtt URL [options]
      A region of 16 invented municipalities: registers it, enters its history, then runs its devices.
  npm run sim -- replay ${datasets.map((d) => d.id).join('|')}|all --api URL --mqtt URL
      Real data, every row; compares the ledger with what must come out. Exit code 2 where they differ.
  npm run sim -- lorawan --server chirpstack|tts [--mqtt URL | --webhook URL] [options of lorawan]
      A LoRaWAN network server with devices of real models; without an address it prints its messages.
  npm run sim -- region [--seed TEXT]
      Prints the region as JSON: bodies for PUT /api/v1/organisations, assets and devices.
  npm run sim -- list
      Prints the kinds of devices, and the LoRaWAN models.

Options of run
  --seed TEXT       the same seed gives the same devices and values (default 1)
  --speed NUMBER    devices: simulated seconds a second, or "max"; region: how much more often than in life (default 30)
  --start TIME      simulated time at the beginning, RFC 3339 (default now)
  --count NUMBER    messages a device, then stop
  --qos 0|1|2       default 1
  --no-time         messages without a time: every arrival is a new measurement
  --persistent      keep the session at the broker over reconnections
  --no-status       no birth and last will
  --record FILE     append intents and acknowledgements, NDJSON, on disk before they count
  --days NUMBER     days of history for a region (default 30)
  --fault NAME=N    may be given several times; the first is nearest to the device
${Object.entries(FAULTS)
  .map(([name, { help }]) => `                      ${name.padEnd(12)}${help}`)
  .join('\n')}

Options of lorawan, beside --seed, --speed, --start, --count and --qos
  --model ID        may be given several times (default: every model)
  --per-model N     devices of each model (default 1)
  --gateways N      gateways around them (default 4)
  --application ID  as the server's operators call it
  --loss SHARE      frames that nobody hears: gaps in the counters (default 0.02)
  --restart SHARE   frames before which a device restarts: a new join, or a counter from 0 (default 0.0025)
  --token-file FILE the webhook's token

The administrator's token, where the API is used, comes from SANSEVAERK_ADMIN_TOKEN or --token-file FILE.
The first Ctrl-C waits for the last acknowledgements; a second ends at once.
`;
