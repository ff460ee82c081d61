/** Registers organisations, assets and devices with the platform and fetches a secret for each device. */
import { type ApiClient, forEachLimited } from './api-client.ts';

/** Bodies as contract.md has them. */
export interface Registration {
  organisations: readonly { id: string; body: object }[];
  /** Parents before children. */
  assets: readonly { id: string; body: { name: string; parent?: string } }[];
  devices: readonly { id: string; body: object }[];
}

const AT_A_TIME = 8;

/** Device id → secret. Running it twice changes nothing but the secrets; a former one works until the new one is used. */
export async function register(
  api: ApiClient,
  { organisations, assets, devices }: Registration,
): Promise<Map<string, string>> {
  await forEachLimited(organisations, AT_A_TIME, ({ id, body }) => api.put(`/organisations/${id}`, body));
  for (const generation of generations(assets)) {
    await forEachLimited(generation, AT_A_TIME, ({ id, body }) => api.put(`/assets/${id}`, body));
  }
  const secrets = new Map<string, string>();
  await forEachLimited(devices, AT_A_TIME, async ({ id, body }) => {
    await api.put(`/devices/${id}`, body);
    secrets.set(id, passwordOf(id, await api.post(`/devices/${id}/credentials`, undefined)));
  });
  return secrets;
}

/** A child may only be put once its parent is there, and eight are put at a time. */
function generations(assets: Registration['assets']): Registration['assets'][] {
  const depth = new Map<string, number>();
  const rows: Registration['assets'][number][][] = [];
  for (const asset of assets) {
    const own = asset.body.parent === undefined ? 0 : (depth.get(asset.body.parent) ?? -1) + 1;
    depth.set(asset.id, own);
    rows[own] ??= [];
    rows[own].push(asset);
  }
  return rows;
}

function passwordOf(device: string, answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'password' in answer && typeof answer.password === 'string') {
    return answer.password;
  }
  throw new Error(`device ${device}: the platform answered without a password`);
}
