/** As much of a dashboard's JSON as the checks look at. */
import type { DataSource } from '../layer/engine.ts';

export interface DashboardJson {
  uid: string;
  title: string;
  panels: PanelJson[];
  templating: { list: VariableJson[] };
  links?: { type: string; tags: string[]; url?: string }[];
}

export interface PanelJson {
  id: number;
  type: string;
  title?: string;
  repeat?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: DataSource;
  targets?: TargetJson[];
  options?: Record<string, unknown>;
  fieldConfig?: {
    defaults: { unit?: string; custom?: Record<string, unknown> };
    overrides: { matcher: { id: string; options: string }; properties: { id: string; value?: unknown }[] }[];
  };
}

export interface TargetJson {
  refId: string;
  datasource: DataSource;
  query?: string;
  expr?: string;
}

export interface VariableJson {
  name: string;
  type: string;
  query?: string;
  datasource?: DataSource;
}
