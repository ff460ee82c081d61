/** The newcomer's path with InfluxDB behind the store. */
import { startInfluxdb } from '../lib/servers/influxdb.ts';
import { newcomer } from './newcomer.ts';

newcomer('with InfluxDB behind the store', async () => {
  const server = await startInfluxdb();
  return {
    env: { SANSEVAERK_SERIES_URL: `influxdb://127.0.0.1:${server.port}/sansevaerk` },
    stop: () => server.stop(),
  };
});
