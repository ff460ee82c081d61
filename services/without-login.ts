/** An address as it may be shown: what could be a secret in it is left out, also where it is no proper address. */

/** Of a series engine, whose values are no secrets. */
const SHOWN = /^(corrections|select|tenant)$/;

/**
 * `influxdb://bob:pw@host/x?token=t` as `influxdb://…@host/x?token=…`. Everything up to the last `@` goes: a password that
 * somebody forgot to encode may hold any sign.
 */
export function withoutLogin(text: string): string {
  return text
    .replace(/^([a-z0-9+.-]+:\/\/)?.*@/is, '$1…@')
    .replaceAll(/([?&])([^=&#]*)=[^&#]*/g, (all, sign: string, name: string) =>
      SHOWN.test(name) ? all : `${sign}${name}=…`,
    );
}
