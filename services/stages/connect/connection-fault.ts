/** Why a connection to a broker does not stand, as a sentence for somebody who can mend it. */
import type { Text } from '../../model/rule.ts';

export type FaultCode =
  | 'login-refused'
  | 'client-refused'
  | 'busy'
  | 'subscription-refused'
  | 'unknown-host'
  | 'nobody-listens'
  | 'unreachable'
  | 'no-answer'
  | 'certificate'
  | 'no-tls'
  | 'private-address'
  | 'lost'
  | 'closed';

/** Something in the way to a broker; always told as one of a few kinds, never as a stack. */
export class ConnectionFault extends Error {
  override readonly name = 'ConnectionFault';
  readonly code: FaultCode;
  constructor(code: FaultCode, options?: ErrorOptions) {
    super(SENTENCES[code].en, options);
    this.code = code;
  }

  get text(): Text {
    return SENTENCES[this.code];
  }
}

const SENTENCES: Readonly<Record<FaultCode, Text>> = {
  'login-refused': {
    da: 'Serveren afviser brugernavn eller adgangskode.',
    en: 'The server refuses the user name or the password.',
  },
  'client-refused': {
    da: 'Serveren afviser forbindelsens klient-id eller protokol.',
    en: 'The server refuses our client id or protocol.',
  },
  busy: { da: 'Serveren siger, at den ikke er klar.', en: 'The server says that it is not ready.' },
  'subscription-refused': {
    da: 'Serveren tillader ikke brugeren at abonnere på hændelserne. Kontrollér emnet og brugerens rettigheder.',
    en: 'The server does not let this user subscribe to the events. Check the topic and the rights of the user.',
  },
  'unknown-host': { da: 'Serverens navn kan ikke slås op.', en: 'The name of the server cannot be looked up.' },
  'nobody-listens': {
    da: 'Der er ingen server på adressen og porten.',
    en: 'No server listens at this address and port.',
  },
  unreachable: { da: 'Serveren kan ikke nås over netværket.', en: 'The server cannot be reached over the network.' },
  'no-answer': { da: 'Serveren svarer ikke i tide.', en: 'The server does not answer in time.' },
  certificate: {
    da: 'Serverens certifikat kan ikke godkendes. Angiv udstederens certifikat, hvis det ikke er en offentlig udsteder.',
    en: 'The certificate of the server is not valid here. Give the certificate of its authority if that is none of the public ones.',
  },
  'no-tls': {
    da: 'Serveren taler ikke TLS på denne port. Brug mqtt:// eller en anden port.',
    en: 'The server does not speak TLS at this port. Use mqtt:// or another port.',
  },
  'private-address': {
    da: 'Adressen ligger i et privat net. Den, der driver platformen, skal gemme serveren, før den må bruges.',
    en: 'The address is in a private network. Whoever runs the platform must save the server before it may be used.',
  },
  lost: { da: 'Forbindelsen blev afbrudt.', en: 'The connection was lost.' },
  closed: {
    da: 'Serveren lukker forbindelsen lige efter, den er åbnet. Måske bruger et andet program samme klient-id.',
    en: 'The server closes the connection soon after it was opened. Perhaps another program uses the same client id.',
  },
};

// CONNACK return codes, MQTT 3.1.1 table 3.1.
const CONNACK: Readonly<Record<number, FaultCode>> = {
  1: 'client-refused',
  2: 'client-refused',
  3: 'busy',
  4: 'login-refused',
  5: 'login-refused',
};

const SYSTEM: Readonly<Record<string, FaultCode>> = {
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  ECONNREFUSED: 'nobody-listens',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ETIMEDOUT: 'no-answer',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no-tls',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
};

/** `undefined` when `error` is none we know; the connection is then just lost. */
export function faultCodeOf(error: unknown): FaultCode | undefined {
  if (!(error instanceof Error)) return undefined;
  // A name with several addresses fails with all their errors together (RFC 8305): the first says why.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code: unknown = 'code' in error ? error.code : first instanceof Error && 'code' in first && first.code;
  if (typeof code === 'number') return CONNACK[code];
  if (error.message === 'connack timeout') return 'no-answer'; // MQTT.js, client.js: an error without a code
  if (typeof code !== 'string') return undefined;
  // OpenSSL's X509_V_ERR names as Node.js gives them: CERT_HAS_EXPIRED, UNABLE_TO_VERIFY_LEAF_SIGNATURE, …
  return SYSTEM[code] ?? (/^(CERT_|UNABLE_TO_|CRL_|INVALID_CA)/.test(code) ? 'certificate' : undefined);
}
