/** What a dashboard is called in addresses. */
import type { Language } from './language.ts';
import type { Board } from './panels.ts';

/** Unique in a Grafana organisation; at most 40 characters (Grafana's limit). */
export function uidOf(board: Pick<Board, 'id'>, language: Language): string {
  return `sansevaerk-${board.id}-${language}`;
}
