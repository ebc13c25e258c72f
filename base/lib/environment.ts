// A program's environment, typed. A value that is not what it must be is refused with its name, before anything is done
// with it.

export type Environment = Readonly<Record<string, string | undefined>>;

export class Refused extends Error {}

export const wholeNumber = (environment: Environment, name: string, of: 'seconds' | 'days' = 'seconds'): number => {
  const value = environment[name] ?? '';
  // Nine digits of seconds are thirty years; more would be no number that can be added up.
  const digits = of === 'days' ? /^\d{1,5}$/ : /^\d{1,9}$/;
  if (!digits.test(value)) throw new Refused(`${name} must be a whole number of ${of}, but is '${value}'`);
  return Number(value);
};

export const required = (environment: Environment, name: string): string => {
  const value = environment[name] ?? '';
  if (value === '') throw new Refused(`${name} must be given, but is empty`);
  return value;
};

/** Of an HTTPS server: NAME=https://elasticsearch:9200. */
export const address = (environment: Environment, name: string): { readonly host: string; readonly port: number } => {
  const given = required(environment, name);
  const url = URL.canParse(given) ? new URL(given) : undefined;
  // Not quoted: somebody may have written a password into it.
  if (url === undefined || url.href !== `https://${url.host}/`)
    throw new Refused(`${name} must be an address as https://elasticsearch:9200, without a path or a login`);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 443 : Number(url.port) };
};

export const port = (environment: Environment, name: string, otherwise: string): number => {
  const value = Number(environment[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 1 || value > 65535)
    throw new Refused(`${name} must be a port, but is '${environment[name]}'`);
  return value;
};
