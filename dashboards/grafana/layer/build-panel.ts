/** A declared panel as Grafana's: the only file, with build-dashboard.ts, that knows how Grafana draws. */
import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  type Panel as GrafanaPanel,
  type GridPos,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { TextMode, PanelBuilder as TextPanel } from '@grafana/grafana-foundation-sdk/text';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { arrangeColumns } from './arrange-columns.ts';
import { assetLinks } from './asset-links.ts';
import { type DataSource, type Engine, PLATFORM_SOURCE, platformTarget, readingsSource, targets } from './engine.ts';
import { decimalsOf, limits, plainSteps, quantityLabel, stepsFrom, unitOf } from './field-of.ts';
import { showChosen, showStates, showTypes } from './in-words.ts';
import type { Language, Text } from './language.ts';
import type { Bars, Figure, Graph, Note, Panel, Ranking, States } from './panels.ts';
import { isCount, isSummedByGrafana, type Query, quantityOf, type Shape } from './query.ts';
import { rulesWithOwnLimit } from './thresholds.ts';
import { WORDS } from './words.ts';

export interface Place {
  engine: Engine;
  language: Language;
  id: number;
  gridPos: GridPos;
}

export const DEFAULT_SIZE: Record<Panel['kind'], { w: number; h: number }> = {
  figure: { w: 6, h: 4 },
  graph: { w: 12, h: 8 },
  ranking: { w: 12, h: 8 },
  states: { w: 12, h: 8 },
  bars: { w: 12, h: 8 },
  note: { w: 24, h: 3 },
};

export function buildPanel(panel: Panel, at: Place): GrafanaPanel {
  switch (panel.kind) {
    case 'figure':
      return figure(panel, at);
    case 'graph':
      return graph(panel, at);
    case 'ranking':
      return ranking(panel, at);
    case 'states':
      return states(panel, at);
    case 'bars':
      return bars(panel, at);
    case 'note':
      return note(panel, at);
  }
}

function figure(panel: Figure, at: Place): GrafanaPanel {
  const { query, alarmFrom } = panel;
  const counts = isCount(query);
  const summed = isSummedByGrafana(query, 'figure');
  const steps = alarmFrom
    ? plainSteps(alarmFrom.value, alarmFrom.colour)
    : ((counts ? undefined : limits(query)) ?? plainSteps());
  const builder = frame(new Stat(), panel, at, 'figure', query)
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs([summed ? 'sum' : 'lastNotNull']))
    .thresholds(steps)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .noValue(WORDS.noData[at.language])
    .unit(unitOf(query, panel.unit));
  const decimals = panel.decimals ?? (counts ? 0 : decimalsOf(query));
  if (decimals !== undefined) builder.decimals(decimals);
  return showStates(builder, query, at).build();
}

function graph(panel: Graph, at: Place): GrafanaPanel {
  const drawsBars = panel.style === 'bars';
  const builder = frame(new TimeSeries(), panel, at, 'graph', panel.query)
    .unit(unitOf(panel.query, panel.unit))
    .drawStyle(drawsBars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .fillOpacity(drawsBars ? 60 : 0)
    .showPoints(VisibilityMode.Auto)
    // Gaps are shown as gaps: what was not measured is not known.
    .spanNulls(false)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .dataLinks(assetLinks(panel.query, at.language));
  if (panel.stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  if (panel.ago) builder.timeShift(panel.ago);
  if (panel.repeat) builder.repeat(panel.repeat).repeatDirection('h').maxPerRow(2);
  if (panel.query.kind === 'readings' && panel.query.quantity === 'chosen') showChosen(builder, at.language);
  const steps = isCount(panel.query) || drawsBars ? undefined : limits(panel.query);
  if (steps)
    builder
      .thresholds(steps)
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  showTypes(builder, panel.query, at.language);
  return showStates(builder, panel.query, at).build();
}

function ranking(panel: Ranking, at: Place): GrafanaPanel {
  const { query } = panel;
  const { language, engine } = at;
  const value = panel.column?.[language] ?? quantityLabel(query, language);
  const unit = unitOf(query, panel.unit);
  const builder = frame(new Table(), panel, at, 'table', query)
    .unit(unit)
    .thresholds(limits(query) ?? plainSteps())
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .filterable(true)
    .sortBy([new TableSortByFieldStateBuilder().displayName(value).desc(panel.worst === 'highest')]);
  if (query.kind === 'readings') arrangeColumns(builder, { query, engine, language, value, unit });
  return showStates(builder, query, at).build();
}

function states(panel: States, at: Place): GrafanaPanel {
  const builder = frame(new StateTimeline(), panel, at, 'graph', panel.query)
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    // A state holds until the next one is heard.
    .spanNulls(true)
    .fillOpacity(70)
    .unit(unitOf(panel.query, undefined))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .dataLinks(assetLinks(panel.query, at.language));
  return showStates(builder, panel.query, at).build();
}

function bars(panel: Bars, at: Place): GrafanaPanel {
  const builder = frame(new BarGauge(), panel, at, 'figure', panel.query)
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .unit(unitOf(panel.query, panel.unit))
    .min(0)
    .thresholds(
      (isCount(panel.query) ? undefined : limits(panel.query)) ??
        new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(stepsFrom('blue')),
    );
  showTypes(builder, panel.query, at.language);
  return builder.build();
}

function note(panel: Note, { language, id, gridPos }: Place): GrafanaPanel {
  return new TextPanel()
    .id(id)
    .gridPos(gridPos)
    .title(panel.title[language])
    .mode(TextMode.Markdown)
    .content(panel.text[language])
    .build();
}

/** What all builders of the SDK that ask something have in common. */
interface Common {
  id(id: number): this;
  gridPos(gridPos: GridPos): this;
  title(title: string): this;
  description(description: string): this;
  datasource(source: DataSource): this;
  targets(targets: Builder<Dataquery>[]): this;
}

function frame<B extends Common>(builder: B, panel: Panel, at: Place, shape: Shape, query: Query): B {
  const { engine, language, id, gridPos } = at;
  builder.id(id).gridPos(gridPos).title(panel.title[language]);
  const description = describe(panel, query, language);
  if (description) builder.description(description);
  if (query.kind === 'platform')
    return builder.datasource(PLATFORM_SOURCE).targets([platformTarget(query, shape, panel.title[language])]);
  return builder.datasource(readingsSource(engine)).targets(targets(engine, query, shape, panel.title[language]));
}

function describe(panel: Panel, query: Query, language: Language): string {
  const names = [...new Set(ownLimits(panel, query).map((name) => name[language]))].join(', ');
  return [panel.description?.[language] ?? '', names ? `${WORDS.ownLimit[language]} ${names}.` : '']
    .filter(Boolean)
    .join(' ');
}

/** Names of rules whose limit is each asset's own and cannot be drawn. */
function ownLimits(panel: Panel, query: Query): readonly Text[] {
  const quantity = quantityOf(query);
  if (query.kind === 'platform' || quantity === undefined) return [];
  return panel.kind === 'figure' || query.field === 'received' ? [] : rulesWithOwnLimit(query.types, quantity);
}
