/** The tables of the journal. Numbers are REAL or INTEGER as they come; ids are text; lists of series are 32-bit integers. */

export const JOURNAL_FORMAT = 1;

export const JOURNAL_TABLES = `
CREATE TABLE IF NOT EXISTS state (
  id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER, installation TEXT, created INTEGER,
  seq INTEGER, off INTEGER, counts TEXT, newest_received REAL);
CREATE TABLE IF NOT EXISTS series (
  id INTEGER PRIMARY KEY, asset TEXT, quantity TEXT, owner TEXT, type TEXT, former TEXT);
CREATE TABLE IF NOT EXISTS newest (
  series INTEGER PRIMARY KEY, time REAL, value REAL, received REAL, marks INTEGER, uplink REAL, revision INTEGER);
CREATE TABLE IF NOT EXISTS dirty (id INTEGER PRIMARY KEY, hour INTEGER, series BLOB);
CREATE INDEX IF NOT EXISTS dirty_hour ON dirty (hour);
CREATE TABLE IF NOT EXISTS pending (
  id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER, off INTEGER, counts TEXT, newest_received REAL,
  removals TEXT, vanished TEXT);
CREATE TABLE IF NOT EXISTS body (n INTEGER PRIMARY KEY, lines TEXT, verdicts TEXT, series BLOB);
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, text TEXT);
`;
