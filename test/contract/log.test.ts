import { openLmdbLog } from '../../services/engines/log/open-lmdb-log.ts';
import { createLogger } from '../../services/ops/logger.ts';
import { logContract } from './log.ts';

const logger = createLogger('silent');

logContract('LMDB', (dir) => openLmdbLog({ dir, logger, housekeeper: true }));
// So small that nearly every commit is followed by a new generation.
logContract('LMDB, in tiny generations', (dir) => openLmdbLog({ dir, logger, housekeeper: true, generationBytes: 1 }));
