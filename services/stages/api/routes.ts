/** Every route there is: method, path, the action its caller must be allowed, and the endpoint that answers. */
import type { Action } from '../../knowledge/access/roles.ts';
import * as alerts from './alerts.ts';
import * as assets from './assets.ts';
import * as audit from './audit.ts';
import * as catalogue from './catalogue.ts';
import * as codecs from './codecs.ts';
import * as commands from './commands.ts';
import * as deviceModels from './device-models.ts';
import * as devices from './devices.ts';
import type { Endpoint } from './endpoint.ts';
import * as exports from './export.ts';
import * as gateways from './gateways.ts';
import * as health from './health.ts';
import * as imports from './import.ts';
import * as ledger from './ledger.ts';
import * as networkServerEvents from './network-server-events.ts';
import * as networkServers from './network-servers.ts';
import * as organisations from './organisations.ts';
import * as os2iotComparison from './os2iot-comparison.ts';
import * as os2iotDoor from './os2iot-door.ts';
import * as os2iotFeed from './os2iot-feed.ts';
import * as os2iotImport from './os2iot-import.ts';
import * as os2iotKey from './os2iot-key.ts';
import * as readings from './readings.ts';
import * as redecode from './redecode.ts';
import * as rejects from './rejects.ts';
import * as rules from './rules.ts';
import * as session from './session.ts';
import * as sourcePush from './source-push.ts';
import * as sources from './sources.ts';
import * as stream from './stream.ts';
import * as targets from './targets.ts';
import * as tokens from './tokens.ts';
import * as unknownDevices from './unknown-devices.ts';
import * as uplinks from './uplinks.ts';

/**
 * The role must have the action at all; whether it reaches the thing asked for, the endpoint asks once it knows the thing.
 * `anyone`: no right is needed. `device`: a device proves itself with its own secret, a network server with its token.
 */
export type Needs = Action | 'anyone' | 'device';
export type Route = readonly [
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  needs: Needs,
  endpoint: Endpoint,
];

const V1 = '/api/v1';

// biome-ignore format: a table is read by its columns
export const ROUTES: readonly Route[] = [
  ['GET',    `${V1}/organisations`,            'read-organisations', organisations.list],
  ['GET',    `${V1}/organisations/:id`,        'read-organisations', organisations.get],
  ['PUT',    `${V1}/organisations/:id`,        'edit-organisations', organisations.put],

  ['GET',    `${V1}/assets`,                   'read',               assets.list],
  ['GET',    `${V1}/assets/:id`,               'read',               assets.get],
  ['PUT',    `${V1}/assets/:id`,               'edit-assets',        assets.put],
  ['DELETE', `${V1}/assets/:id`,               'edit-assets',        assets.remove],

  ['GET',    `${V1}/devices`,                  'read-devices',       devices.list],
  ['GET',    `${V1}/devices/unknown`,          'read-rejects',       unknownDevices.list],
  ['POST',   `${V1}/devices/unknown/:id/claim`, 'edit-devices',      unknownDevices.claim],
  ['GET',    `${V1}/devices/:id`,              'read-devices',       devices.get],
  ['PUT',    `${V1}/devices/:id`,              'edit-devices',       devices.put],
  ['DELETE', `${V1}/devices/:id`,              'edit-devices',       devices.remove],
  ['POST',   `${V1}/devices/:id/commands`,     'command',            commands.send],
  ['GET',    `${V1}/devices/:id/commands`,     'read-commands',      commands.list],
  ['POST',   `${V1}/devices/:id/credentials`,  'make-credentials',   devices.makeCredentials],
  ['POST',   `${V1}/devices/:id/readings`,     'device',             uplinks.post],

  ['POST',   `${V1}/receive-data`,             'device',             os2iotDoor.receiveData],
  ['POST',   `${V1}/sigfox-callback/data/bidir`, 'device',           os2iotDoor.sigfoxCallback],
  ['PUT',    `${V1}/devices/:id/os2iot-key`,   'make-credentials',   os2iotKey.put],
  ['POST',   `${V1}/os2iot/import`,            'import-os2iot',      os2iotImport.post],
  ['POST',   `${V1}/os2iot/feed`,              'feed-os2iot',        os2iotFeed.post],
  ['GET',    `${V1}/os2iot/comparison`,        'compare-os2iot',     os2iotComparison.get],

  ['GET',    `${V1}/network-servers`,          'read-network-servers', networkServers.list],
  ['GET',    `${V1}/network-servers/:id`,      'read-network-servers', networkServers.get],
  ['PUT',    `${V1}/network-servers/:id`,      'edit-network-servers', networkServers.put],
  ['DELETE', `${V1}/network-servers/:id`,      'edit-network-servers', networkServers.remove],
  ['POST',   `${V1}/network-servers/:id/token`, 'edit-network-servers', networkServers.makeToken],
  ['POST',   `${V1}/network-servers/:id/events`, 'device',           networkServerEvents.post],
  ['POST',   `${V1}/network-servers/:id/events/:kind`, 'device',     networkServerEvents.postKind],
  ['POST',   `${V1}/network-servers/:id/events/:kind/:detail`, 'device', networkServerEvents.postDetail],

  ['GET',    `${V1}/device-models`,            'read-device-models', deviceModels.list],
  ['GET',    `${V1}/device-models/:id`,        'read-device-models', deviceModels.get],
  ['PUT',    `${V1}/device-models/:id`,        'edit-device-models', deviceModels.put],
  ['DELETE', `${V1}/device-models/:id`,        'edit-device-models', deviceModels.remove],

  ['GET',    `${V1}/sources`,                  'read-sources',       sources.list],
  ['GET',    `${V1}/sources/:id`,              'read-sources',       sources.get],
  ['PUT',    `${V1}/sources/:id`,              'edit-sources',       sources.put],
  ['DELETE', `${V1}/sources/:id`,              'edit-sources',       sources.remove],
  ['POST',   `${V1}/sources/:id/token`,        'edit-sources',       sources.makeToken],
  ['POST',   `${V1}/sources/:id/run`,          'edit-sources',       sources.run],
  ['POST',   `${V1}/sources/:id/test`,         'edit-sources',       sources.test],
  ['POST',   `${V1}/sources/:id/push`,         'device',             sourcePush.post],

  ['GET',    `${V1}/assets/:id/readings`,      'read',               readings.ofAsset],
  ['GET',    `${V1}/readings`,                 'read',               readings.ofMany],
  ['GET',    `${V1}/latest`,                   'read',               readings.latest],
  ['GET',    `${V1}/export/readings.csv`,      'read',               exports.csv],
  ['GET',    `${V1}/export/readings.parquet`,  'read',               exports.parquet],
  ['GET',    `${V1}/stream`,                   'read',               stream.get],
  ['POST',   `${V1}/import/readings`,          'import',             imports.readings],

  ['GET',    `${V1}/codecs`,                   'read-codecs',        codecs.list],
  ['POST',   `${V1}/codecs/test`,              'read-codecs',        codecs.bench],
  ['GET',    `${V1}/codecs/:id`,               'read-codecs',        codecs.get],
  ['PUT',    `${V1}/codecs/:id`,               'edit-codecs',        codecs.put],
  ['DELETE', `${V1}/codecs/:id`,               'edit-codecs',        codecs.remove],
  ['GET',    `${V1}/codecs/:id/versions`,      'read-codecs',        codecs.versions],
  ['POST',   `${V1}/codecs/:id/test`,          'read-codecs',        codecs.test],
  ['POST',   `${V1}/codecs/:id/redecode`,      'edit-codecs',        redecode.order],
  ['GET',    `${V1}/codecs/:id/redecode`,      'edit-codecs',        redecode.list],
  ['DELETE', `${V1}/codecs/:id/redecode/:job`, 'edit-codecs',        redecode.cancel],

  ['GET',    `${V1}/gateways`,                 'read-gateways',      gateways.list],
  ['GET',    `${V1}/gateways/:id`,             'read-gateways',      gateways.get],
  ['PUT',    `${V1}/gateways/:id`,             'edit-gateways',      gateways.put],
  ['DELETE', `${V1}/gateways/:id`,             'edit-gateways',      gateways.remove],

  ['GET',    `${V1}/rejects`,                  'read-rejects',       rejects.list],
  ['POST',   `${V1}/rejects/replay`,           'replay',             rejects.replay],

  ['GET',    `${V1}/rules`,                    'read-rules',         rules.list],
  ['GET',    `${V1}/rules/:id`,                'read-rules',         rules.get],
  ['PUT',    `${V1}/rules/:id`,                'edit-rules',         rules.put],
  ['DELETE', `${V1}/rules/:id`,                'edit-rules',         rules.remove],

  ['GET',    `${V1}/alerts`,                   'read-alerts',        alerts.list],
  ['GET',    `${V1}/alerts/counts`,            'read-alerts',        alerts.counts],
  ['GET',    `${V1}/alerts/:id`,               'read-alerts',        alerts.get],
  ['POST',   `${V1}/alerts/:id/acknowledge`,   'acknowledge',        alerts.acknowledge],
  ['POST',   `${V1}/alerts/:id/assign`,        'assign',             alerts.assign],
  ['POST',   `${V1}/alerts/:id/comment`,       'comment',            alerts.comment],
  ['POST',   `${V1}/alerts/:id/resolve`,       'resolve',            alerts.resolve],

  ['GET',    `${V1}/notify-targets`,           'read-targets',       targets.list],
  ['GET',    `${V1}/notify-targets/:id`,       'read-targets',       targets.get],
  ['PUT',    `${V1}/notify-targets/:id`,       'edit-targets',       targets.put],
  ['DELETE', `${V1}/notify-targets/:id`,       'edit-targets',       targets.remove],

  ['GET',    `${V1}/tokens`,                   'read-tokens',        tokens.list],
  ['POST',   `${V1}/tokens`,                   'edit-tokens',        tokens.create],
  ['DELETE', `${V1}/tokens/:id`,               'edit-tokens',        tokens.revoke],

  ['GET',    `${V1}/ledger`,                   'read-ledger',        ledger.get],
  ['GET',    `${V1}/audit`,                    'read-audit',         audit.list],
  ['GET',    `${V1}/catalogue`,                'anyone',             catalogue.get],

  ['GET',    `${V1}/session`,                  'anyone',             session.get],
  ['POST',   `${V1}/session`,                  'anyone',             session.open],
  ['DELETE', `${V1}/session`,                  'anyone',             session.close],
  ['GET',    '/login',                         'anyone',             session.useLoginLink],

  ['GET',    '/healthz',                       'anyone',             health.live],
  ['GET',    '/readyz',                        'anyone',             health.ready],
  ['GET',    '/metrics',                       'anyone',             health.metrics],
];
