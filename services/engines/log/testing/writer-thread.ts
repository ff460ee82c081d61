/** A thread that writes blocks of one stream, as fast as it can, and says when it is done. */
import { parentPort, workerData } from 'node:worker_threads';
import { LmdbLog } from '../lmdb-log.ts';
import { append, quiet } from './house.ts';

const { dir, stream, blocks, generationBytes } = workerData;
const log = new LmdbLog({ dir, logger: quiet, generationBytes });
await log.start();
await append(log, stream, blocks);
await log.close();
parentPort?.postMessage('done');
