/** A certificate signed by itself, as an operator would try TLS out with. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath } from '../lib/servers/server-process.ts';

/** Writes cert.pem and key.pem into `folder`, over what is there; gives the certificate's text. */
export function makeCertificate(folder: string, host: string): { cert: string } {
  const openssl = findOnPath('openssl');
  if (openssl === undefined) throw new Error('openssl is not installed');
  execFileSync(
    openssl,
    // biome-ignore format: a command line
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${host}`,
      '-addext', `subjectAltName=DNS:${host},IP:127.0.0.1`, '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
    { stdio: 'pipe' },
  );
  return { cert: readFileSync(join(folder, 'cert.pem'), 'utf8') };
}
