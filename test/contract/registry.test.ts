import { registryContract } from './registry.ts';
import { onSqlite } from './registry-on-sqlite.ts';

registryContract('registry on SQLite', () => onSqlite());
