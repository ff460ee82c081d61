/** A server of somebody else to run the suites on, from INFLUXDB_TEST_URL and VICTORIAMETRICS_TEST_URL. */

export interface TestServer {
  /** http or https. */
  url: string;
  token: string;
  org: string;
  bucket: string;
}

/**
 * Reads `influxdb://TOKEN@host:8086/org/bucket`, `victoriametrics://host:8428`, and either with `+https`. Everything in
 * the bucket may be deleted by the tests. `undefined` when the variable is not set. @throws Error for another form.
 */
export function testServer(variable: 'INFLUXDB_TEST_URL' | 'VICTORIAMETRICS_TEST_URL'): TestServer | undefined {
  const given = process.env[variable];
  if (given === undefined || given === '') return undefined;
  const scheme = variable === 'INFLUXDB_TEST_URL' ? 'influxdb' : 'victoriametrics';
  const [, secure, rest] = new RegExp(`^${scheme}(\\+https)?://(.+)$`).exec(given) ?? [];
  if (rest === undefined) throw new Error(`${variable}: begins with ${scheme}:// or ${scheme}+https://`);
  const { host, username, pathname } = new URL(`http://${rest}`);
  const [org = '', bucket = ''] = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  return { url: `${secure ? 'https' : 'http'}://${host}`, token: decodeURIComponent(username), org, bucket };
}
