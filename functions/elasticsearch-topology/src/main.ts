import { main } from './process.ts';

process.exitCode = main(0, 1, 2);
