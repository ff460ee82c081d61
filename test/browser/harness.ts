/** Chromium as people meet it, and what no page may do: call elsewhere, break its security policy, write errors. */
import axeCore from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Nothing but this machine has a name, so that a slip could not reach anybody.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// In the page, where this file's types do not hold: the language before the first script, and each violation told.
const watch = (language: 'da' | 'en'): string => `
  if (localStorage.getItem('language') === null) localStorage.setItem('language', '${language}');
  addEventListener('securitypolicyviolation', (e) => reportViolation(e.violatedDirective + ' ' + e.blockedURI));
`;

export interface Look {
  language?: 'da' | 'en';
  width?: number;
  /** Signs in before the first page; '' for nobody. */
  token?: string;
}

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** What the page did that no page may do. */
  faults: string[];
  end(): Promise<void>;
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS, headless: true });
}

export async function visit(browser: Browser, base: string, look: Look = {}): Promise<Visit> {
  const { language = 'da', width = 1280, token = '' } = look;
  const context = await browser.newContext({
    baseURL: base,
    locale: 'da-DK',
    timezoneId: 'America/New_York', // times are Danish wherever the browser is
    reducedMotion: 'reduce',
    viewport: { width, height: width < 500 ? 740 : 900 },
  });
  if (token !== '') {
    const answer = await context.request.post('/api/v1/session', {
      data: { token },
      headers: { 'x-sansevaerk': 'web' },
    });
    if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
  }
  const faults: string[] = [];
  await context.exposeBinding('reportViolation', (_, text: string) => void faults.push(`security policy: ${text}`));
  await context.addInitScript({ content: watch(language) });
  context.setDefaultTimeout(30_000); // the machine may be busy with other tests
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`error in the page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== base)
      faults.push(`request elsewhere: ${request.url()}`);
  });
  return { page, context, faults, end: () => context.close() };
}

/** What axe-core finds wrong, one line each. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeCore.source);
  const options = { runOnly: { type: 'tag', values: STANDARDS } };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length}, first ${v.nodes[0]?.html.slice(0, 160)})`);
}

interface AxeResults {
  violations: { id: string; help: string; nodes: { html: string }[] }[];
}

/** How many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)');
}

/** Buttons, links and fields smaller than 24 × 24 px; links within a line of text may be (WCAG 2.5.8). */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('button, select, input, textarea, summary, nav a')]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
    .map(({ element, box }) => element.outerHTML.slice(0, 80) + ' ' + box.width + ' × ' + box.height)`);
}

/** What the keyboard is on: its text, its tag and its id. */
export function focused(page: Page): Promise<{ text: string; tag: string; id: string }> {
  return page.evaluate(
    `(({ textContent, tagName, id }) => ({ text: (textContent ?? '').trim(), tag: tagName, id }))(document.activeElement)`,
  );
}

/** The faults so far, but for those that belong to what was done; none is left for the end. */
export function withoutNotes(faults: string[], expected: RegExp): string[] {
  return faults.splice(0).filter((fault) => !expected.test(fault));
}
