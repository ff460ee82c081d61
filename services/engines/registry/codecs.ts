/** Codecs of operators, with every version there ever was: history is read again by the one somebody names. */
import type { Codec } from '../../model/codec.ts';
import type { Codecs } from '../../model/registry.ts';
import type { DirectoryFeed } from './directory.ts';
import { createEntities } from './entities.ts';
import type { Sql } from './sql.ts';

export function createCodecs({ sql, feed }: { sql: Sql; feed: DirectoryFeed }): Codecs {
  return {
    ...createEntities<Codec>({
      sql,
      feed,
      table: 'codecs',
      kind: 'codecs',
      onPut: async (tx, codec) => {
        await tx.run(
          `INSERT INTO codec_versions (id, version, body) VALUES ($1, $2, $3)
           ON CONFLICT (id, version) DO UPDATE SET body = excluded.body`,
          [codec.id, codec.version, JSON.stringify(codec)],
        );
      },
    }),
    versions: async (id) => {
      const rows = await sql.all<{ body: string }>(
        'SELECT body FROM codec_versions WHERE id = $1 ORDER BY version DESC LIMIT 1000',
        [id],
      );
      return rows.map((row): Codec => JSON.parse(row.body));
    },
  };
}
