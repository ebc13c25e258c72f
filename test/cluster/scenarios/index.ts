// All scenarios, in the order in which they run: so that the lab changes its shape, and the namespace is emptied, as seldom as possible.
import type { Scenario } from '../harness/scenario.ts';
import { applyAgain } from './apply-again.ts';
import { clientAccess } from './client-access.ts';
import { devOverlay } from './dev-overlay.ts';
import { firstStart } from './first-start.ts';
import { scaling } from './scaling.ts';

export const scenarios: readonly Scenario[] = [firstStart, clientAccess, applyAgain, scaling, devOverlay];
