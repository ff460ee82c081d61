/** Every generated file: its path below generated/ and its text. Pure, so that a test can compare it with what is committed. */
import { BOARDS } from './dashboards.ts';
import { buildDashboard } from './layer/build-dashboard.ts';
import { ENGINES } from './layer/engine.ts';
import { LANGUAGES } from './layer/language.ts';

/** Where the web app is until an installation says otherwise: the default of SANSEVAERK_PUBLIC_URL. */
const DEFAULT_WEB = 'http://127.0.0.1:8080';

/** `web`: address of the web app, as a browser reaches it. */
export function generatedFiles(web = DEFAULT_WEB): Map<string, string> {
  const files = new Map<string, string>();
  for (const engine of ENGINES)
    for (const language of LANGUAGES)
      for (const board of BOARDS)
        files.set(
          `${engine}/${language}/${board.id}.json`,
          `${JSON.stringify(buildDashboard(board, { engine, language, web }), null, 2)}\n`,
        );
  return files;
}
