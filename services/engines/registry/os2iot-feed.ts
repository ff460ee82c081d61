/** Messages of OS2iot's data target, bounded by number and age as they are added. */
import { FEED_MESSAGES, FEED_MS, type FeedMessage, type FeedSender, type Os2iotFeed } from '../../model/os2iot.ts';
import type { Sql } from './sql.ts';

const MOST_LABELS = 1000;

interface Row {
  owner: string;
  device: string;
  label: string;
  received_at: number;
  body: string;
}

export function createOs2iotFeed({ sql }: { sql: Sql }): Os2iotFeed {
  return {
    add: ({ owner, device, label, receivedAt, body }) =>
      sql.transaction(async (tx) => {
        await tx.run(
          `INSERT INTO os2iot_feed (place, owner, device, label, received_at, body)
           SELECT COALESCE(MAX(place), 0) + 1, $1, $2, $3, $4, $5 FROM os2iot_feed`,
          [owner, device, label, receivedAt, body],
        );
        await tx.run('DELETE FROM os2iot_feed WHERE received_at < $1', [receivedAt - FEED_MS]);
        await tx.run(
          `DELETE FROM os2iot_feed WHERE owner = $1 AND device = $2 AND place <=
             (SELECT place FROM os2iot_feed WHERE owner = $1 AND device = $2 ORDER BY place DESC LIMIT 1 OFFSET $3)`,
          [owner, device, FEED_MESSAGES],
        );
      }),
    list: async ({ owner, device, from, to }, limit) => {
      const rows = await sql.all<Row>(
        `SELECT owner, device, label, received_at, body FROM os2iot_feed
         WHERE owner = $1 AND device = $2 AND received_at >= $3 AND received_at < $4 ORDER BY place DESC LIMIT $5`,
        [owner, device, from, to, limit],
      );
      return rows.map(messageFrom).reverse();
    },
    senders: async ({ owner, from, to }) => {
      const named = await sql.all<SenderRow>(
        `SELECT device, MAX(label) AS label, COUNT(*) AS messages, MAX(received_at) AS last_at FROM os2iot_feed
         WHERE owner = $1 AND device <> '' AND received_at >= $2 AND received_at < $3 GROUP BY device ORDER BY device`,
        [owner, from, to],
      );
      const others = await sql.all<SenderRow>(
        `SELECT device, label, COUNT(*) AS messages, MAX(received_at) AS last_at FROM os2iot_feed
         WHERE owner = $1 AND device = '' AND received_at >= $2 AND received_at < $3
         GROUP BY device, label ORDER BY label LIMIT $4`,
        [owner, from, to, MOST_LABELS],
      );
      return [...named, ...others].map(senderFrom);
    },
  };
}

interface SenderRow {
  device: string;
  label: string;
  messages: number;
  last_at: number;
}

function senderFrom({ device, label, messages, last_at }: SenderRow): FeedSender {
  return { device, label, messages, lastAt: last_at };
}

function messageFrom({ owner, device, label, received_at, body }: Row): FeedMessage {
  return { owner, device, label, receivedAt: received_at, body };
}
