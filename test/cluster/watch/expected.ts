// Which alerts a scenario declares, and what is wrong with those that came.

export interface Expected {
  readonly alert: string;
  /** Why it need not fire each time. */
  readonly perhaps?: string;
  /** Why it still fires when the scenario is over. */
  readonly stays?: string;
}

export interface Seen {
  /** Names of alerts that fired at any time. */
  readonly fired: readonly string[];
  /** Of those, the ones that did not clear. */
  readonly still: readonly string[];
}

export type Declared = readonly (string | Expected)[];

export const expectedOf = (declared: Declared = []): readonly Expected[] =>
  declared.map((one) => (typeof one === 'string' ? { alert: one } : one));

export const without = (declared: Declared, alerts: readonly string[]): Declared =>
  expectedOf(declared).filter(({ alert }) => !alerts.includes(alert));

/** Nothing, where exactly the declared ones fired, and cleared. */
export const wrongIn = ({ fired, still }: Seen, declared: Declared = []): string[] => {
  const expected = expectedOf(declared);
  const of = (alert: string): Expected | undefined => expected.find((one) => one.alert === alert);
  return [
    ...fired.filter((alert) => of(alert) === undefined).map((alert) => `${alert} fired, which is not declared`),
    ...expected
      .filter(({ alert, perhaps }) => perhaps === undefined && !fired.includes(alert))
      .map(({ alert }) => `${alert} did not fire`),
    ...still.filter((alert) => of(alert)?.stays === undefined).map((alert) => `${alert} did not clear`),
  ];
};
