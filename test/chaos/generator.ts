/**
 * Devices for the crash test, in a process of their own: each publishes numbered values as fast as its window allows,
 * writes down what it intends before it publishes and what was acknowledged after, and syncs that record before it
 * goes on. Half of them give no time and keep persistent sessions, so that a redelivery is known by its packet alone.
 *
 * node generator.ts PORT RECORD DEVICES.json [RATE]   ends on SIGTERM, once everything in flight is acknowledged
 * RATE: messages a second of each device at most
 */
import { fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { connect, type MqttClient } from 'mqtt';

export interface ChaosDevice {
  id: string;
  secret: string;
  /** Gives its own time, and may use a clean session. */
  timed: boolean;
  /** First number to publish. */
  from: number;
}

const WINDOW = 20;
const [port = '', record = '', devicesFile = '', rate] = process.argv.slice(2);
const devices = JSON.parse(readFileSync(devicesFile, 'utf8')) as ChaosDevice[]; // written by fleet.ts
const file = openSync(record, 'a');
let stopping = false;
let inFlight = 0;

// One sync for all lines of a turn of the loop: what is written here is on disk before anybody acts on it.
let lines: string[] = [];
let synced: (() => void)[] = [];
function note(line: string, then: () => void): void {
  lines.push(line);
  synced.push(then);
  if (lines.length > 1) return;
  setImmediate(() => {
    const [text, callbacks] = [lines.join(''), synced];
    lines = [];
    synced = [];
    writeSync(file, text);
    fsyncSync(file);
    for (const callback of callbacks) callback();
  });
}

function run({ id, secret, timed, from }: ChaosDevice): MqttClient {
  const client = connect({
    host: '127.0.0.1',
    port: Number(port),
    protocol: 'mqtt',
    clientId: `client-${id}`,
    username: id,
    password: secret,
    clean: timed,
    reconnectPeriod: 100 + Math.floor(Math.random() * 200),
    connectTimeout: 5000,
    resubscribe: false,
  });
  client.on('error', () => {}); // the platform is killed on purpose; the client reconnects
  let next = from;
  let open = 0;
  // A number and a millisecond of its own for each message, so that no two share a key.
  const epoch = Date.now() - 60_000_000 + from;
  let began = 0;
  const allowed = (): number =>
    rate === undefined
      ? Number.POSITIVE_INFINITY
      : from + Math.ceil(((performance.now() - began) / 1000) * Number(rate));
  const publish = (): void => {
    while (open < WINDOW && !stopping && next < allowed()) {
      const n = next++;
      open++;
      inFlight++;
      const payload = JSON.stringify(timed ? { time: epoch + n, distance: n } : { distance: n });
      note(`i ${id} ${n}\n`, () =>
        client.publish(`devices/${id}/readings`, payload, { qos: 1 }, (error) => {
          const done = (): void => {
            open--;
            inFlight--;
            publish();
          };
          // The client gives up a message that waited behind a resend when the line drops again: intended, never promised.
          if (error) done();
          else note(`a ${id} ${n}\n`, done);
        }),
      );
    }
  };
  client.once('connect', () => {
    began = performance.now();
    publish();
    if (rate !== undefined) setInterval(publish, 10).unref();
  });
  return client;
}

const clients = devices.map(run);
process.on('SIGTERM', () => {
  stopping = true;
  const done = setInterval(() => {
    if (inFlight > 0) return;
    clearInterval(done);
    for (const client of clients) client.end(true);
  }, 20);
});
