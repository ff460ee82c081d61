/** A declared dashboard as Grafana's JSON model, in one language and for one engine. */
import {
  ConstantVariableBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { buildPanel, DEFAULT_SIZE } from './build-panel.ts';
import { type Engine, readingsSource, variableQuery } from './engine.ts';
import type { Language } from './language.ts';
import { place } from './layout.ts';
import type { Board } from './panels.ts';
import type { Tag } from './query.ts';
import { uidOf } from './uid.ts';
import { WORDS } from './words.ts';

/** `web`: address of the web app, as a browser reaches it. */
export interface Edition {
  engine: Engine;
  language: Language;
  web: string;
}

export function buildDashboard(board: Board, edition: Edition): Dashboard {
  const { engine, language } = edition;
  const builder = new DashboardBuilder(board.title[language])
    .uid(uidOf(board, language))
    .description(board.question[language])
    .tags(['sansevaerk', `sansevaerk-${language}`])
    .time({ from: board.from, to: 'now' })
    .timezone('browser')
    .weekStart('monday')
    .refresh(board.refresh ?? '1m')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .annotations([])
    .links(links(board, language))
    .variables(variables(board, edition));
  const built = builder.build();
  built.panels = panels(board, engine, language);
  // The builder hides links in a menu of newer versions; they are to be seen.
  for (const link of built.links ?? []) delete link.placement;
  return built;
}

function panels(board: Board, engine: Engine, language: Language): Dashboard['panels'] {
  const all: NonNullable<Dashboard['panels']> = [];
  let top = 0;
  for (const section of board.sections) {
    const row = new RowBuilder(section.title[language]).id(all.length + 1).gridPos({ x: 0, y: top, w: 24, h: 1 });
    all.push(row.build());
    const sizes = section.panels.map(({ kind, width, height }) => ({
      w: width ?? DEFAULT_SIZE[kind].w,
      h: height ?? DEFAULT_SIZE[kind].h,
    }));
    const { places, next } = place(sizes, top + 1);
    for (const [i, panel] of section.panels.entries())
      all.push(buildPanel(panel, { engine, language, id: all.length + 1, gridPos: places[i]! })); // one place a panel
    top = next;
  }
  return all;
}

function variables(board: Board, { engine, language, web: address }: Edition) {
  const web = new ConstantVariableBuilder('web').label('web').value(address);
  if (board.types === 'none') return [web];
  const query = (tag: Tag) =>
    new QueryVariableBuilder(tag)
      .datasource(readingsSource(engine))
      .query(variableQuery(engine, tag, board.types === 'none' ? 'every' : board.types))
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc);
  const everyone = (variable: QueryVariableBuilder) =>
    variable
      .multi(true)
      .includeAll(true)
      .allValue('.*')
      .current({ selected: true, text: [WORDS.all[language]], value: ['$__all'] });
  const asset = query('asset').label(WORDS.asset[language]);
  return [
    everyone(query('owner').label(WORDS.organisation[language])),
    ...(board.oneAsset
      ? [asset.multi(false).includeAll(false), everyone(query('quantity').label(WORDS.quantity[language]))]
      : [everyone(asset)]),
    web,
  ];
}

function links(board: Board, language: Language) {
  const page = board.page ?? '/';
  const title = { '/': WORDS.web, '/alarmer': WORDS.webAlerts, '/regnskab': WORDS.webLedger }[page][language];
  return [
    new DashboardLinkBuilder(title)
      .type(DashboardLinkType.Link)
      .url(`$web${page}`)
      .icon('external link')
      .targetBlank(true),
    new DashboardLinkBuilder(WORDS.dashboards[language])
      .type(DashboardLinkType.Dashboards)
      .tags([`sansevaerk-${language}`])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true),
  ];
}
