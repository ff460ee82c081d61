/** Every generated file: its path below generated/ and its text. Pure, so that a test can compare it with what is committed. */
import { BOARDS } from './dashboards.ts';
import { buildDashboard } from './layer/build-dashboard.ts';
import { ENGINES } from './layer/engine.ts';
import { LANGUAGES } from './layer/language.ts';

export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const engine of ENGINES)
    for (const language of LANGUAGES)
      for (const board of BOARDS)
        files.set(
          `${engine}/${language}/${board.id}.json`,
          `${JSON.stringify(buildDashboard(board, engine, language), null, 2)}\n`,
        );
  return files;
}
