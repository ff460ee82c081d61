/** Device secrets: one present, at most one former that works until the present one is used. See semantics: Secrets. */
import type { Credential } from '../../model/device.ts';
import type { SqlSession } from './sql.ts';

export interface CredentialRow {
  device: string;
  hash: string;
  created_at: number;
  used_at: number | null;
  expires_at: number | null;
}

export function credentialFrom(row: CredentialRow): Credential {
  return {
    device: row.device,
    hash: row.hash,
    createdAt: row.created_at,
    ...(row.used_at === null ? {} : { usedAt: row.used_at }),
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  };
}

/** Makes `credential` the present one. The former one kept is the one the device is known to use, where there is one. */
export async function addCredential(tx: SqlSession, credential: Credential, formerExpiresAt: number): Promise<void> {
  const { device, hash, createdAt, usedAt } = credential;
  const rows = await tx.all<CredentialRow>(
    'SELECT device, hash, created_at, used_at, expires_at FROM credentials WHERE device = $1 AND hash <> $2',
    [device, hash],
  );
  // A secret made and never used was perhaps never put into the device: the one before it must go on working.
  const working = rows.filter((row) => row.expires_at === null || row.expires_at > createdAt).toSorted(byUse);
  const former = formerExpiresAt > createdAt ? working[0] : undefined;
  await tx.run('DELETE FROM credentials WHERE device = $1', [device]);
  const insert = `INSERT INTO credentials (device, hash, created_at, used_at, expires_at) VALUES ($1, $2, $3, $4, $5)`;
  // Making secret after secret does not give the former one longer than the first of them did.
  if (former)
    await tx.run(insert, [
      device,
      former.hash,
      former.created_at,
      former.used_at,
      Math.min(former.expires_at ?? formerExpiresAt, formerExpiresAt),
    ]);
  await tx.run(insert, [device, hash, createdAt, usedAt ?? null, null]);
}

function byUse(a: CredentialRow, b: CredentialRow): number {
  if ((a.used_at === null) !== (b.used_at === null)) return a.used_at === null ? 1 : -1;
  return b.created_at - a.created_at;
}

/** True when that changed anything: the first use of a secret. */
export async function credentialUsed(tx: SqlSession, device: string, hash: string, at: number): Promise<boolean> {
  const changed = await tx.run(
    'UPDATE credentials SET used_at = $3 WHERE device = $1 AND hash = $2 AND used_at IS NULL',
    [device, hash, at],
  );
  if (changed === 0) return false;
  const used = await tx.get<CredentialRow>('SELECT expires_at FROM credentials WHERE device = $1 AND hash = $2', [
    device,
    hash,
  ]);
  // The present one has no end; only its use ends the former one.
  if (used?.expires_at === null)
    await tx.run('DELETE FROM credentials WHERE device = $1 AND hash <> $2', [device, hash]);
  return true;
}
