/**
 * What OS2iot's REST API answers, as far as we read it: its OpenAPI document is served at /api/v1/docs, the entities are in
 * OS2iot-backend, src/entities. Members we do not use may be there; those that say nothing are null.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const Numeric = Type.Integer({ minimum: 0 });
const Nullable = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

/** GeoJSON as PostGIS gives it: longitude, latitude. */
const Point = Nullable(Type.Object({ coordinates: Type.Array(Type.Number(), { minItems: 2 }) }));

const Application = Type.Object({
  id: Numeric,
  name: Type.String(),
  status: Text,
  contactPerson: Text,
  contactEmail: Text,
  contactPhone: Text,
  personalData: Nullable(Type.Boolean()),
  /** Its organisation. */
  belongsTo: Nullable(Type.Object({ id: Numeric })),
  controlledProperties: Nullable(Type.Array(Type.Object({ type: Type.String() }))),
});
export type Application = Static<typeof Application>;

const IotDevice = Type.Object({
  id: Numeric,
  name: Type.String(),
  type: Type.String(),
  location: Point,
  commentOnLocation: Text,
  comment: Text,
  /** An object, or one as text. */
  metadata: Type.Optional(Type.Unknown()),
  deviceModel: Nullable(Type.Object({ body: Type.Optional(Type.Unknown()) })),
  /** GENERIC_HTTP. */
  apiKey: Text,
  /** LORAWAN. */
  deviceEUI: Text,
  /** SIGFOX. */
  deviceId: Text,
  deviceTypeId: Text,
  /** MQTT; password and keys are not read. */
  mqttURL: Text,
  mqttPort: Nullable(Type.Integer()),
  mqtttopicname: Text,
});
export type IotDevice = Static<typeof IotDevice>;

const PayloadDecoder = Type.Object({ id: Numeric, name: Type.String(), decodingFunction: Type.String() });
export type PayloadDecoder = Static<typeof PayloadDecoder>;

/** Its authorizationHeader is not read. */
const DataTarget = Type.Object({
  id: Numeric,
  name: Type.String(),
  type: Type.String(),
  application: Nullable(Type.Object({ id: Numeric })),
});
export type DataTarget = Static<typeof DataTarget>;

/** Which devices go through which decoder to which data target. */
const Connection = Type.Object({
  iotDevices: Type.Array(Type.Object({ id: Numeric })),
  payloadDecoder: Nullable(Type.Object({ id: Numeric })),
});
export type Connection = Static<typeof Connection>;

const Gateway = Type.Object({
  gatewayId: Type.String({ pattern: '^[0-9a-fA-F]{16}$' }),
  name: Type.String(),
  location: Nullable(Type.Object({ latitude: Nullable(Type.Number()), longitude: Nullable(Type.Number()) })),
  operationalResponsibleEmail: Text,
  gatewayResponsibleEmail: Text,
  organizationId: Nullable(Numeric),
});
export type Gateway = Static<typeof Gateway>;

const Row = Type.Object({ id: Numeric });
const List = Type.Object({ data: Type.Array(Type.Unknown()), count: Type.Integer() });
const GatewayList = Type.Object({ resultList: Type.Array(Type.Unknown()), totalCount: Type.Integer() });

const reader = <T extends TSchema>(schema: T) => {
  const checked = Compile(schema);
  /** `undefined` when it is something else than documented. */
  return (value: unknown): Static<T> | undefined => (checked.Check(value) ? (value as Static<T>) : undefined);
};

export const readRow = reader(Row);
export const readApplication = reader(Application);
export const readIotDevice = reader(IotDevice);
export const readPayloadDecoder = reader(PayloadDecoder);
export const readDataTarget = reader(DataTarget);
export const readConnection = reader(Connection);
export const readGateway = reader(Gateway);
/** A page of anything but gateways, and a page of gateways. */
export const readList = reader(List);
export const readGatewayList = reader(GatewayList);
