/** API tokens, known by the hash of their secret only. */
import type { Tokens } from '../../model/registry.ts';
import type { Role, Token } from '../../model/token.ts';
import { Where } from './query.ts';
import type { Sql } from './sql.ts';

/** A token in steady use is noted once a minute: a sync for every request would be paid by every request. */
const USE_NOTED_EVERY_MS = 60_000;
const COLUMNS = 'id, organisation, name, role, hash, created_at, expires_at, last_used_at';

interface TokenRow {
  id: string;
  organisation: string;
  name: string;
  role: Role;
  hash: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
}

export function createTokens({ sql }: { sql: Sql }): Tokens {
  return {
    byHash: async (hash) => {
      const row = await sql.get<TokenRow>(`SELECT ${COLUMNS} FROM tokens WHERE hash = $1`, [hash]);
      return row && tokenFrom(row);
    },
    put: async ({ id, organisation, name, role, hash, createdAt, expiresAt, lastUsedAt }) => {
      await sql.run(
        `INSERT INTO tokens (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET organisation = excluded.organisation, name = excluded.name,
           role = excluded.role, hash = excluded.hash, created_at = excluded.created_at,
           expires_at = excluded.expires_at, last_used_at = excluded.last_used_at`,
        [id, organisation, name, role, hash, createdAt, expiresAt ?? null, lastUsedAt ?? null],
      );
    },
    list: async (organisation) => {
      const where = new Where();
      where.equal('organisation', organisation);
      const rows = await sql.all<TokenRow>(`SELECT ${COLUMNS} FROM tokens ${where} ORDER BY id`, where.values);
      return rows.map(tokenFrom);
    },
    revoke: async (id) => (await sql.run('DELETE FROM tokens WHERE id = $1', [id])) > 0,
    used: async (id, at) => {
      const due = await sql.get(
        'SELECT id FROM tokens WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $2)',
        [id, at - USE_NOTED_EVERY_MS],
      );
      if (due) await sql.run('UPDATE tokens SET last_used_at = $2 WHERE id = $1', [id, at]);
    },
  };
}

function tokenFrom(row: TokenRow): Token {
  return {
    id: row.id,
    organisation: row.organisation,
    name: row.name,
    role: row.role,
    hash: row.hash,
    createdAt: row.created_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
  };
}
