// A program's environment, typed. A value that is not what it must be is refused with its name, before anything is done
// with it.

export type Environment = Readonly<Record<string, string | undefined>>;

export class Refused extends Error {}

export const wholeNumber = (environment: Environment, name: string): number => {
  const value = environment[name] ?? '';
  // Nine digits are thirty years; more would be no number that can be added up.
  if (!/^\d{1,9}$/.test(value)) throw new Refused(`${name} must be a whole number of seconds, but is '${value}'`);
  return Number(value);
};

export const required = (environment: Environment, name: string): string => {
  const value = environment[name] ?? '';
  if (value === '') throw new Refused(`${name} must be given, but is empty`);
  return value;
};

export const port = (environment: Environment, name: string, otherwise: string): number => {
  const value = Number(environment[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 1 || value > 65535)
    throw new Refused(`${name} must be a port, but is '${environment[name]}'`);
  return value;
};
