/** The newcomer's path with the embedded engines: as `npm start` gives it. */
import { newcomer } from './newcomer.ts';

newcomer('embedded', async () => ({ env: {}, stop: async () => {} }));
