// What a scenario is, and what it gets.
import type { Declared } from '../watch/expected.ts';
import type { Alerts } from './alerts.ts';
import type { LabShape } from './lab.ts';
import type { Variant } from './render.ts';
import type { Row } from './row.ts';
import type { Set } from './settings.ts';

export interface Bed {
  readonly scenario: string;
  readonly variant: Variant;
  readonly namespace: string;
  readonly record: (row: Row) => void;
  /** A line of the table in docs/security.md. */
  readonly tried: (what: string, answer: string) => void;
  /** The table of who reaches whom in docs/security.md: its head, then a line for each who. */
  readonly matrix: (...rows: readonly [readonly string[], readonly (readonly string[])[]]) => void;
  readonly alerts: Alerts;
}

export interface Scenario {
  readonly name: string;
  /** One sentence for the table in README.md. */
  readonly does: string;
  /** `ci` also runs in the full set. */
  readonly set: Set;
  readonly lab: LabShape;
  /** What is green in its namespace when it begins. */
  readonly variant: Variant;
  /** Begins without the namespace, and puts the variant there itself. */
  readonly empty?: boolean;
  /** Does what only the lab can: crash nodes, change the control plane or the kernel. */
  readonly labOnly?: boolean;
  readonly minutes: number;
  /** Those that fire meanwhile and clear; nothing else may fire. */
  readonly alerts?: Declared;
  /** Is about alerts: nothing without a Prometheus. */
  readonly watched?: boolean;
  /** Why no source of figures may be heard at all. */
  readonly unheard?: string;
  readonly run: (bed: Bed) => Promise<void>;
  /** Takes away what the next scenario cannot begin with, when this one has passed and its alerts were looked at. */
  readonly after?: (bed: Bed) => Promise<void>;
}

export const threeNodes: LabShape = { nodes: 3 };
export const prod: Variant = { overlay: 'prod' };
export const dev: Variant = { overlay: 'dev' };
