/** What the API needs, handed in by the composition root as one object: ports and functions, never engines or stages. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import type { CodecRunner } from '../../model/codec.ts';
import type { ConnectionState } from '../../model/connection-state.ts';
import type { DeviceReport, GatewayReport } from '../../model/device-report.ts';
import type { Directory } from '../../model/directory.ts';
import type { DecodeCounts } from '../../model/ledger.ts';
import type { LiveFeed } from '../../model/live.ts';
import type { Log } from '../../model/log.ts';
import type { NetworkServer } from '../../model/network-server.ts';
import type { RedecodeReport } from '../../model/redecode-report.ts';
import type { Registry } from '../../model/registry.ts';
import type { SeriesStore } from '../../model/series.ts';
import type { SourceRunner } from '../../model/source-runner.ts';
import type { ForwardedUplink } from '../../model/uplink.ts';
import type { MetricsJson } from '../../ops/metrics.ts';
import type { Ops } from '../../ops/ops.ts';
import type { Outgoing } from '../../pipeline/outgoing/request.ts';
import type { PrincipalCache } from '../../pipeline/principal-cache.ts';

/** The door of ingest, on the broker's thread. Resolves once everything given is on disk. */
export interface IngestDoor {
  /**
   * One message of a device. Gives the offset of its uplink.
   * @throws Rejected `unauthenticated`, `too-large` or `too-many`; Unavailable when nothing can be taken now.
   */
  acceptHttp(message: {
    device: string;
    secret: string;
    body: Uint8Array;
    idempotencyKey?: string;
    /** Of the client: an address that fails again and again is slowed down for that device. */
    address?: string;
  }): Promise<{ uplink: number }>;
  /** History entered by an operator: one uplink each. Whoever calls has checked that he may. */
  acceptImport(uplinks: { device: string; owner: string; payload: Uint8Array }[]): Promise<{ uplinks: number }>;
  /** Messages that somebody handed on for devices; whose they are the caller has made sure. Resolves when all are durable. */
  acceptForwarded(uplinks: readonly ForwardedUplink[]): Promise<void>;
}

export interface ApiConfig {
  host: string;
  /** 0: any free one. */
  port: number;
  /** As browsers reach us; from host and port when absent. */
  publicUrl?: string;
  /** The built web app; no pages are served when absent. */
  webDir?: string;
  /** What is shown is invented: every page says so. */
  sampleData?: boolean;
  /** For development: webhooks may go to addresses that are not public. */
  allowPrivateTargets?: boolean;
}

export interface ApiDependencies {
  config: ApiConfig;
  /** Questions to addresses that somebody typed, by the rules of the operator. */
  outgoing: Outgoing;
  registry: Registry;
  series: Pick<SeriesStore, 'latest' | 'points' | 'windows' | 'counts' | 'stats'>;
  log: Log;
  directory: Directory;
  catalogue: Catalogue;
  principals: PrincipalCache;
  live: LiveFeed;
  /** MQTT over WebSocket on `/mqtt`, once origin and path are right; the live broker's. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  door: IngestDoor;
  ops: Ops;
  /** Reads the ledger counts out of the state of the stage `decode`. */
  readDecodeCounts(state: ReadonlyMap<string, Uint8Array>): Record<string, DecodeCounts>;
  /** Reads the accepted counts by owner out of the state of the stage `ingest`. */
  readAccepted(state: ReadonlyMap<string, Uint8Array>): Record<string, number>;
  /** Not shown where absent. */
  deviceReport?(device: string): Promise<DeviceReport | undefined> | DeviceReport | undefined;
  /** Every gateway that was heard of; none where absent. `now`: epoch ms. */
  gatewayReports?(now: number): GatewayReport[];
  /** What keeps the connections to network servers; their state is not shown where absent. */
  networkServers?: {
    state(server: NetworkServer): ConnectionState;
    /** Resolves when it is on disk. @throws Rejected `too-large`; Unavailable when nothing is taken now. */
    posted(server: NetworkServer, event: string, payload: Uint8Array): Promise<void>;
  };
  /** What runs the sources; their state is not shown where absent. */
  sources?: SourceRunner;
  /** Jobs that read stored frames again through a codec; none where absent. */
  redecodes?(codec: string): RedecodeReport[];
  /** The sandbox of operators' codecs; without it they cannot be tried here. */
  codecs?: CodecRunner;
  /** A command was put into the registry. */
  commandQueued?(): void;
  metricsOfThreads(): Promise<MetricsJson[]>;
  /** One row for each thing we depend on; `ok: false` makes the process not ready. */
  readiness(): Promise<Record<string, { ok: boolean; detail?: string }>>;
  /** Epoch ms; default `Date.now`. */
  now?: () => number;
  /** How often a quiet stream says that it lives, ms; default 15,000. */
  heartbeatMs?: number;
  /** How long somebody may take nothing of a stream before he is cut off, ms; default 8,000. */
  stuckMs?: number;
}
