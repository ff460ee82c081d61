/** docs/device-models.md is made from the catalogue, so it cannot fall behind: `vitest run` with this file, then `-u`, writes it anew. */
import { expect, it } from 'vitest';
import type { DeviceModel } from '../../../model/catalogue.ts';
import { parseTime } from '../../../model/time.ts';
import { catalogue, splitChannel } from '../../catalogue/catalogue.ts';
import { modelReadings, RECEIVED } from './testing/model-readings.ts';

const INTRODUCTION = `# Built-in device models

Made from the catalogue by \`services/knowledge/codecs/frames/device-models-page.test.ts\`; do not edit.

Each model names a codec of ours (\`services/knowledge/codecs/frames\`), what its keys are called here, and examples that are
tests. "Measures" is what the examples show, channels left out; what a device says beside it is listed on its page as unknown
keys. A model of one's own, with another mapping or a script as its codec, is added in the browser or with
\`PUT /api/v1/device-models/{id}\`. "Silence" is the longest that is normal: an asset whose device is silent for longer is
missed, unless the asset says otherwise.
`;

function measures(model: DeviceModel): string {
  const shown = (model.examples ?? []).flatMap(({ bytesHex, fPort, recvTime }) => {
    const { readings } = modelReadings(model, { bytesHex, fPort, recvTime: parseTime(recvTime ?? '') ?? RECEIVED });
    return Object.values(readings).flatMap((values) => Object.keys(values));
  });
  const mapped = Object.values(model.mapping ?? {}).map((m) => m.quantity);
  const names = new Set([...shown, ...(model.format === 'frame' ? [] : mapped)].map((n) => splitChannel(n)[0]));
  return [...names].sort().join(', ') || 'whatever its keys name';
}

function silence(seconds: number | undefined): string {
  if (seconds === undefined) return 'of the asset type';
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${seconds / 60} min`;
}

function row(model: DeviceModel): string {
  return `| ${[model.vendor, model.product, `\`${model.id}\``, measures(model), silence(model.heartbeat)].join(' | ')} |`;
}

it('docs/device-models.md lists what ships', async () => {
  const models = catalogue.deviceModels.toSorted((a, b) => a.id.localeCompare(b.id, 'en'));
  const byVendor = models.toSorted((a, b) => a.vendor.localeCompare(b.vendor, 'en')); // stable: by id within a vendor
  const rows = byVendor.map(row);
  const table = ['| vendor | product | model | measures | silence |', '|---|---|---|---|---|', ...rows].join('\n');
  const page = `${INTRODUCTION}\n${byVendor.length} models.\n\n${table}\n`;
  await expect(page).toMatchFileSnapshot('../../../../docs/device-models.md');
});
