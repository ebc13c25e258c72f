// One line for each new state of things instead of one for each question.

import { type Say, saying as sayingNew } from '../../../base/lib/say.ts';

/** How long a try was waited for differs each time, and says nothing new. */
const stateOf = (message: string): string => message.replaceAll(/\b[\d.]+ s\b/g, '');

export const saying = (say: Say): Say => sayingNew(say, stateOf);
