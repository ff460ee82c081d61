/**
 * Field numbers of ChirpStack v4's events. Source: ChirpStack, api/proto/integration/integration.proto, api/proto/gw/gw.proto
 * and api/proto/common/common.proto (2026); only what chirpstack.ts reads, under the names of its JSON.
 */
import type { LorawanEvent } from '../../model/lorawan.ts';
import type { Fields } from './protobuf.ts';

const DEVICE_INFO: Fields = {
  3: { name: 'applicationId', as: 'text' },
  4: { name: 'applicationName', as: 'text' },
  6: { name: 'deviceProfileName', as: 'text' },
  7: { name: 'deviceName', as: 'text' },
  8: { name: 'devEui', as: 'text' },
  9: { name: 'tags', as: 'texts' },
};

const LOCATION: Fields = {
  1: { name: 'latitude', as: 'double' },
  2: { name: 'longitude', as: 'double' },
  3: { name: 'altitude', as: 'double' },
  4: {
    name: 'source',
    as: 'enum',
    names: [
      'UNKNOWN',
      'GPS',
      'CONFIG',
      'GEO_RESOLVER_TDOA',
      'GEO_RESOLVER_RSSI',
      'GEO_RESOLVER_GNSS',
      'GEO_RESOLVER_WIFI',
    ],
  },
  5: { name: 'accuracy', as: 'float' },
};

const RX_INFO: Fields = {
  1: { name: 'gatewayId', as: 'text' },
  3: { name: 'gwTime', as: 'time' },
  6: { name: 'rssi', as: 'int' },
  7: { name: 'snr', as: 'float' },
  12: { name: 'location', as: 'message', fields: LOCATION },
  17: { name: 'nsTime', as: 'time' },
};

const MODULATION: Fields = {
  3: { name: 'lora', as: 'message', fields: { 2: { name: 'spreadingFactor', as: 'uint' } } },
};

const TX_INFO: Fields = {
  1: { name: 'frequency', as: 'uint' },
  2: { name: 'modulation', as: 'message', fields: MODULATION },
};

const COMMON: Fields = {
  1: { name: 'deduplicationId', as: 'text' },
  2: { name: 'time', as: 'time' },
  3: { name: 'deviceInfo', as: 'message', fields: DEVICE_INFO },
};

const FIELDS: Readonly<Partial<Record<LorawanEvent, Fields>>> = {
  up: {
    ...COMMON,
    4: { name: 'devAddr', as: 'text' },
    7: { name: 'fCnt', as: 'uint' },
    8: { name: 'fPort', as: 'uint' },
    9: { name: 'confirmed', as: 'bool' },
    10: { name: 'data', as: 'bytes' },
    11: { name: 'object', as: 'struct' },
    12: { name: 'rxInfo', as: 'messages', fields: RX_INFO },
    13: { name: 'txInfo', as: 'message', fields: TX_INFO },
    15: { name: 'joinServerContext', as: 'message', fields: {} },
  },
  join: { ...COMMON, 4: { name: 'devAddr', as: 'text' } },
  ack: {
    ...COMMON,
    4: { name: 'queueItemId', as: 'text' },
    5: { name: 'acknowledged', as: 'bool' },
    6: { name: 'fCntDown', as: 'uint' },
  },
  txack: {
    2: { name: 'time', as: 'time' },
    3: { name: 'deviceInfo', as: 'message', fields: DEVICE_INFO },
    4: { name: 'queueItemId', as: 'text' },
    5: { name: 'fCntDown', as: 'uint' },
  },
  log: {
    1: { name: 'time', as: 'time' },
    2: { name: 'deviceInfo', as: 'message', fields: DEVICE_INFO },
    3: { name: 'level', as: 'enum', names: ['INFO', 'WARNING', 'ERROR'] },
    4: {
      name: 'code',
      as: 'enum',
      names: [
        'UNKNOWN',
        'DOWNLINK_PAYLOAD_SIZE',
        'UPLINK_CODEC',
        'DOWNLINK_CODEC',
        'OTAA',
        'UPLINK_F_CNT_RESET',
        'UPLINK_MIC',
        'UPLINK_F_CNT_RETRANSMISSION',
        'DOWNLINK_GATEWAY',
        'RELAY_NEW_END_DEVICE',
        'F_CNT_DOWN',
        'EXPIRED',
      ],
    },
    5: { name: 'description', as: 'text' },
    6: { name: 'context', as: 'texts' },
  },
  status: {
    ...COMMON,
    5: { name: 'margin', as: 'int' },
    6: { name: 'externalPowerSource', as: 'bool' },
    7: { name: 'batteryLevelUnavailable', as: 'bool' },
    8: { name: 'batteryLevel', as: 'float' },
  },
  location: { ...COMMON, 4: { name: 'location', as: 'message', fields: LOCATION } },
  gateway: {
    1: { name: 'legacyId', as: 'bytes' },
    2: { name: 'state', as: 'enum', names: ['OFFLINE', 'ONLINE'] },
    3: { name: 'gatewayId', as: 'text' },
  },
};

/** Of an event that says nothing to us only the device is read. */
export function chirpstackFields(event: LorawanEvent): Fields {
  return FIELDS[event] ?? COMMON;
}
