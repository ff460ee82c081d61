/** Who connects, and what that gives him the right to: decided once, from the credential, never from a topic. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Device } from '../../model/device.ts';
import { isId } from '../../model/ids.ts';
import type { Uplink } from '../../model/uplink.ts';
import { CONNACK } from './connect-packet.ts';
import type { FramedConnection } from './framed-connection.ts';
import type { Secrets } from './secrets.ts';

/** The rights of a connection. */
export interface Rights {
  device: string;
  /** Hash of the secret it came with; undefined for a client certificate. */
  hash: string | undefined;
  /** The topics it may publish to, and the one it may subscribe to. */
  readings: string;
  status: string;
  commands: string;
  /** Filled in for each message; the group copies it at once. */
  uplink: Uplink;
}

export type Login =
  | { kind: 'accepted'; rights: Rights; device: Device }
  /** `code` is the return code of the CONNACK. */
  | { kind: 'refused'; reason: string; code: number };

export interface DeviceLoginOptions {
  secrets: Secrets;
  /** Unique in the installation's life. */
  nextConnection(): number;
}

/** @throws Unavailable when the registry had to be asked and does not answer. */
export async function logIn(
  connection: FramedConnection,
  password: Buffer | undefined,
  { secrets, nextConnection }: DeviceLoginOptions,
): Promise<Login> {
  const { request, socket, address } = connection;
  const verdict = await identify(socket, request?.username, password, address, secrets);
  if (verdict.kind === 'refused') {
    const code = verdict.reason === 'too-many-failures' ? CONNACK.notAuthorized : CONNACK.credentials;
    return { ...verdict, code };
  }
  const { device, hash } = verdict;
  const session = request && !request.clean ? request.clientId : '';
  const rights = rightsOf(device, hash, session, nextConnection());
  const will = request?.willTopic;
  if (will !== undefined && will !== rights.status && will !== rights.readings)
    return { kind: 'refused', reason: 'will-topic', code: CONNACK.notAuthorized };
  return { kind: 'accepted', rights, device };
}

type Identity = { kind: 'known'; device: Device; hash: string | undefined } | { kind: 'refused'; reason: string };

async function identify(
  socket: Socket,
  username: string | undefined,
  password: Buffer | undefined,
  address: string,
  secrets: Secrets,
): Promise<Identity> {
  const certificate = certificateOf(socket);
  if (certificate.kind === 'invalid') return { kind: 'refused', reason: 'certificate' };
  if (certificate.kind === 'valid') {
    // The name in the certificate counts; a user name may repeat it, not change it.
    if (username !== undefined && username !== certificate.name) return { kind: 'refused', reason: 'certificate' };
    const device = isId(certificate.name) ? await secrets.byName(certificate.name) : undefined;
    return device ? { kind: 'known', device, hash: undefined } : { kind: 'refused', reason: 'unknown-device' };
  }
  if (username === undefined || password === undefined) return { kind: 'refused', reason: 'no-credentials' };
  if (!isId(username)) return { kind: 'refused', reason: 'unknown-device' };
  return await secrets.verify(username, password, address);
}

function certificateOf(socket: Socket): { kind: 'none' } | { kind: 'invalid' } | { kind: 'valid'; name: string } {
  if (!(socket instanceof TLSSocket)) return { kind: 'none' };
  const { subject } = socket.getPeerCertificate() ?? {};
  if (!subject) return { kind: 'none' };
  const name = Array.isArray(subject.CN) ? subject.CN[0] : subject.CN;
  return socket.authorized && name ? { kind: 'valid', name } : { kind: 'invalid' };
}

function rightsOf({ id, owner }: Device, hash: string | undefined, session: string, connection: number): Rights {
  const base = `devices/${id}`;
  return {
    device: id,
    hash,
    readings: `${base}/readings`,
    status: `${base}/status`,
    commands: `${base}/commands`,
    uplink: {
      device: id,
      owner,
      kind: 'readings',
      door: 'mqtt',
      receivedAt: 0,
      qos: 0,
      dup: false,
      packetId: 0,
      session,
      connection,
      identity: '',
      payload: new Uint8Array(0),
    },
  };
}
