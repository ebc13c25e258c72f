// The table of docs/availability.md: which alerts fired in which scenario. One that ran replaces its line.
import { lineOf, renewed, sectionOf } from '../harness/section.ts';
import { type Declared, expectedOf, type Seen, wrongIn } from './expected.ts';

export interface Sighting {
  readonly scenario: string;
  readonly declared: Declared;
  /** Why, where nobody looked. */
  readonly seen: Seen | string;
  readonly date: string;
}

const alertsBegin = '<!-- alerts: begin -->';
const alertsEnd = '<!-- alerts: end -->';

const NONE = 'none';
const listed = (words: readonly string[]): string => (words.length === 0 ? NONE : words.join(', '));

const declaredText = (declared: Declared): string =>
  listed(
    expectedOf(declared).map(({ alert, perhaps, stays }) => {
      const reasons = [
        ...(perhaps === undefined ? [] : [`perhaps: ${perhaps}`]),
        ...(stays === undefined ? [] : [`stays: ${stays}`]),
      ];
      return reasons.length === 0 ? alert : `${alert} (${reasons.join('; ')})`;
    }),
  );

const firedText = ({ fired, still }: Seen): string =>
  listed(fired.map((alert) => `${alert}${still.includes(alert) ? ', not cleared' : ''}`));

const cells = ({ scenario, declared, seen, date }: Sighting): string[] => {
  if (typeof seen === 'string') return [scenario, declaredText(declared), `not looked at (${seen})`, '', date];
  const wrong = wrongIn(seen, declared);
  return [
    scenario,
    declaredText(declared),
    firedText(seen),
    wrong.length === 0 ? 'yes' : `**no**: ${wrong.join('; ')}`,
    date,
  ];
};

/** `order` are the names of all scenarios, as the suite has them; lines of others are dropped. */
export const withAlerts = (document: string, sightings: readonly Sighting[], order: readonly string[]): string => {
  if (sightings.length === 0) return document;
  const section = sectionOf(document, alertsBegin, alertsEnd);
  const made = (name: string): string[] =>
    sightings.filter(({ scenario }) => scenario === name).map((sighting) => lineOf(cells(sighting)));
  return section.with([
    lineOf(['scenario', 'declared', 'fired', 'as declared', 'date']),
    lineOf(['---', '---', '---', '---', '---']),
    ...renewed(section, order, made),
  ]);
};
