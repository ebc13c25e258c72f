// After a run of jest: an engine that one of its tests has started ends with it.
import { stopOwnEngine } from './engine.ts';

export default stopOwnEngine;
