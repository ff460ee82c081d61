/** For tests of the rules: a directory to edit, readings to write down plainly, and a stage that may be cut and restarted. */
import { catalogue } from '../../../knowledge/catalogue/catalogue.ts';
import type { Act, Outage, Transition } from '../../../model/alert.ts';
import type { Asset, AttributeValue } from '../../../model/asset.ts';
import type { Block } from '../../../model/block.ts';
import type { Device } from '../../../model/device.ts';
import type { StoredModel } from '../../../model/device-model.ts';
import type { Directory } from '../../../model/directory.ts';
import { jsonBlock, readJsonBlock } from '../../../model/json-block.ts';
import { encodeReadings, ReadingWriter } from '../../../model/readings.ts';
import type { Rule, RuleBody } from '../../../model/rule.ts';
import { createLogger } from '../../../ops/logger.ts';
import { createMetrics } from '../../../ops/metrics.ts';
import type { Ops } from '../../../ops/ops.ts';
import { PlatformAlerts } from '../../../ops/platform-alerts.ts';
import type { Slice, Stage } from '../../../pipeline/stage.ts';
import { createRules } from '../rules.ts';

interface Row {
  asset: string;
  quantity: string;
  value: number;
  time: number;
  /** As `time` where it is not given. */
  received?: number;
  marks?: number;
}
export type Input = Row | { tick: number };

export function silentOps(): Ops {
  const logger = createLogger('silent');
  const metrics = createMetrics();
  return { logger, metrics, alerts: new PlatformAlerts(logger, metrics) };
}

/** A directory whose entities are replaced, as the real one's are. */
export class EditableDirectory implements Directory {
  version = 1;
  #assets = new Map<string, Asset>();
  #devices = new Map<string, Device[]>();
  #rules = new Map<string, Rule>();
  #models = new Map<string, StoredModel>();

  putAsset(
    asset: Partial<Asset> & { id: string; type: string },
    attributes: Record<string, AttributeValue> = {},
  ): void {
    const dated = Object.entries(attributes).map(([name, value]) => [name, [{ from: 0, value }]]);
    const full = { owner: 'kommune', operator: 'kommune', name: asset.id, externalIds: {}, sharing: 'open' as const };
    const rest = { attributes: Object.fromEntries(dated), tags: [], createdAt: 0 };
    this.#assets.set(asset.id, { ...full, ...rest, ...asset });
    this.version++;
  }

  putDevice(
    asset: string,
    id = `${asset}-sensor`,
    from = 0,
    model = 'generic-json',
    connection: Device['connection'] = { kind: 'mqtt' },
  ): void {
    const device: Device = {
      id,
      owner: 'kommune',
      model,
      connection,
      assignments: [{ asset, from }],
      registeredAt: from,
    };
    this.#devices.set(asset, [...(this.#devices.get(asset) ?? []).filter((d) => d.id !== id), device]);
    this.version++;
  }

  putRule(
    id: string,
    body: Pick<RuleBody, 'condition'> & Partial<RuleBody> & { owner?: string; version?: number },
  ): void {
    const text = { da: '{name}: {value}', en: '{name}: {value}' };
    this.#rules.set(id, {
      id,
      owner: 'kommune',
      version: 1,
      name: { da: id, en: id },
      appliesTo: {},
      severity: 'high',
      outcome: 'alarm',
      to: ['operations'],
      sentence: text,
      enabled: true,
      ...body,
    });
    this.version++;
  }

  putModel(id: string, heartbeat: number): void {
    this.#models.set(id, { id, owner: 'kommune', vendor: 'x', product: 'x', format: 'json', heartbeat });
    this.version++;
  }

  deleteRule(id: string): void {
    this.#rules.delete(id);
    this.version++;
  }

  deleteAsset(id: string): void {
    this.#assets.delete(id);
    this.#devices.delete(id);
    this.version++;
  }

  organisation(): undefined {}
  networkServer(): undefined {}
  codec(): undefined {}
  deviceModel(id: string): StoredModel | undefined {
    return this.#models.get(id);
  }
  deviceByEui(): undefined {}
  asset(id: string): Asset | undefined {
    return this.#assets.get(id);
  }
  device(id: string): Device | undefined {
    return [...this.devices()].find((d) => d.id === id);
  }
  credentials(): [] {
    return [];
  }
  assets(): Iterable<Asset> {
    return this.#assets.values();
  }
  devices(): Iterable<Device> {
    return [...this.#devices.values()].flat();
  }
  devicesOf(asset: string): readonly Device[] {
    return this.#devices.get(asset) ?? [];
  }
  rules(): Iterable<Rule> {
    return this.#rules.values();
  }
  async refresh(): Promise<void> {}
  onChange(): () => void {
    return () => {};
  }
}

const stateOf = new Map(catalogue.quantities.map((q) => [q.name, q.states?.map((s) => s.name) ?? []]));

/** The number of a state, by its name. */
export function stateNumber(quantity: string, name: string): number {
  return stateOf.get(quantity)?.indexOf(name) ?? -1;
}

/** The rules stage and what a log would keep for it. */
export class RulesRun {
  readonly directory: EditableDirectory;
  #stage: Stage;
  #state = new Map<string, Uint8Array>();
  #first = 0;
  #seq = 0;
  transitions: Transition[] = [];
  /** Size of the state changes of the last commit, bytes. */
  committed = 0;

  constructor(directory: EditableDirectory) {
    this.directory = directory;
    this.#stage = this.#create();
  }

  get state(): ReadonlyMap<string, Uint8Array> {
    return this.#state;
  }

  async start(): Promise<void> {
    await this.#stage.restore(new Map(this.#state));
  }

  /** As after a crash: only what was committed is left. */
  async restart(): Promise<void> {
    this.#stage = this.#create();
    await this.start();
  }

  /** Gives the inputs as one block, in the order of their receipt; returns the transitions it made. */
  async feed(...inputs: Input[]): Promise<Transition[]> {
    return await this.handle([whole(this.block(inputs))]);
  }

  async outage(state: Outage['state'], at: number, networkServer = 'cs'): Promise<Transition[]> {
    const outage: Outage = { kind: 'outage', networkServer, owner: 'kommune', state, at };
    return await this.handle([whole({ ...jsonBlock('acts', at, [outage]), seq: 1, first: 0 })]);
  }

  async act(act: Pick<Act, 'kind' | 'alert' | 'at'>): Promise<Transition[]> {
    const block = { ...jsonBlock('acts', act.at, [{ id: `act-${act.at}`, by: 'user', ...act }]), seq: 1, first: 0 };
    return await this.handle([whole(block)]);
  }

  block(inputs: readonly Input[]): Block {
    const writer = new ReadingWriter();
    let at = 0;
    for (const input of inputs) {
      if ('tick' in input) {
        writer.tick(input.tick);
        at = Math.max(at, input.tick);
        continue;
      }
      const { asset, quantity, time, value, received = time, marks = 0 } = input;
      const { owner = '', type = '' } = this.directory.asset(asset) ?? {};
      writer.push(writer.series({ asset, quantity, owner, type }), time, value, received, this.#first, 0, marks);
      at = Math.max(at, received);
    }
    const columns = writer.columns();
    const block = { stream: 'readings' as const, seq: ++this.#seq, at, first: this.#first, count: columns.count };
    this.#first += columns.count;
    return { ...block, body: encodeReadings(columns) };
  }

  async handle(batch: readonly Slice[]): Promise<Transition[]> {
    const { outputs, state } = await this.#stage.handle(batch);
    this.committed = 0;
    for (const [key, value] of state) {
      this.committed += key.length + (value?.byteLength ?? 0);
      if (value) this.#state.set(key, value);
      else this.#state.delete(key);
    }
    const made = outputs.flatMap((o) => readJsonBlock<Transition>({ ...o, seq: 1, first: 0 }));
    this.transitions.push(...made);
    return made;
  }

  #create(): Stage {
    return createRules({ directory: this.directory, catalogue, ops: silentOps() });
  }
}

export function whole(block: Block): Slice {
  return { block, from: 0, to: block.count };
}
