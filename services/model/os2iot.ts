/** What OS2iot's HTTP data target posts to us while both run: kept beside the series, never in them, to compare the two. */

/** One message as it came. */
export interface FeedMessage {
  /** Whose token it came with. */
  owner: string;
  /** Which of the owner's devices it is about; empty when none of them is meant. */
  device: string;
  /** What the message calls its device. */
  label: string;
  /** Epoch ms. */
  receivedAt: number;
  /** JSON, as it came. */
  body: string;
}

/** A sender of the feed, and how much it sent in the period asked for. */
export interface FeedSender {
  device: string;
  label: string;
  messages: number;
  /** Epoch ms. */
  lastAt: number;
}

/** Messages a device may have kept; the oldest go first. Those that name none of ours count together, by owner. */
export const FEED_MESSAGES = 1000;
/** So long a message is kept, ms. */
export const FEED_MS = 31 * 86_400_000;

export interface Os2iotFeed {
  add(message: FeedMessage): Promise<void>;
  /** The newest `limit` of a device in a period, the oldest of them first. */
  list(filter: { owner: string; device: string; from: number; to: number }, limit: number): Promise<FeedMessage[]>;
  /** Devices by id, then at most 1000 labels that are none of ours. */
  senders(filter: { owner: string; from: number; to: number }): Promise<FeedSender[]>;
}
