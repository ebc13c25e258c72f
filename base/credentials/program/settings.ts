// The environment, typed. A value that is not what it must be is refused with its name, before anything is done with
// it.

import { type ApiServer, readApiServer } from '../../lib/api-server.ts';
import { type Environment, Refused, required, wholeNumber } from '../../lib/environment.ts';

export interface Settings {
  readonly namespace: string;
  /** By which the API server tells two of these programs apart. */
  readonly podName: string;
  readonly apiServer: ApiServer | undefined;
  readonly elasticsearch: { readonly host: string; readonly port: number };
  readonly makesCertificates: boolean;
  readonly certificateDays: number;
  readonly renewBeforeDays: number;
  readonly authorityDays: number;
  readonly spreadSeconds: number;
  readonly keepPreviousSeconds: number;
  /** For one look at everything. */
  readonly lookSeconds: number;
  /** Undefined: one look, and the end. */
  readonly lookAgainSeconds: number | undefined;
  readonly certutilSeconds: number;
  readonly files: Readonly<Record<'account' | 'certutil' | 'users' | 'resolvConf' | 'complete', string>>;
  /** Undefined: those of the pod. */
  readonly dnsServers: readonly string[] | undefined;
}

export const readSettings = (environment: Environment): Settings => {
  const days = (name: string): number => wholeNumber(environment, name, 'days');
  const seconds = (name: string): number => wholeNumber(environment, name);
  const makes = environment['MAKE_CERTIFICATES'] ?? 'yes';
  if (makes !== 'yes' && makes !== 'no') throw new Refused(`MAKE_CERTIFICATES must be yes or no, but is '${makes}'`);
  const address = environment['ELASTICSEARCH_URL'] ?? 'https://elasticsearch:9200';
  const url = URL.parse(address);
  if (url?.protocol !== 'https:') throw new Refused(`ELASTICSEARCH_URL must be https://HOST:PORT, but is '${address}'`);
  const settings = {
    namespace: required(environment, 'POD_NAMESPACE'),
    podName: required(environment, 'HOSTNAME'),
    apiServer: readApiServer(environment),
    elasticsearch: { host: url.hostname, port: Number(url.port || '443') },
    makesCertificates: makes === 'yes',
    certificateDays: days('CERTIFICATE_DAYS'),
    renewBeforeDays: days('RENEW_BEFORE_DAYS'),
    authorityDays: days('AUTHORITY_DAYS'),
    spreadSeconds: seconds('SPREAD_SECONDS'),
    keepPreviousSeconds: seconds('KEEP_PREVIOUS_SECONDS'),
    lookSeconds: seconds('LOOK_SECONDS'),
    lookAgainSeconds: environment['LOOK_AGAIN_SECONDS'] === undefined ? undefined : seconds('LOOK_AGAIN_SECONDS'),
    certutilSeconds: seconds('CERTUTIL_SECONDS'),
    // The manifests set none of these; tests do.
    files: {
      account: environment['SERVICE_ACCOUNT_DIR'] ?? '/var/run/secrets/kubernetes.io/serviceaccount',
      certutil: environment['CERTUTIL'] ?? '/run/certutil',
      users: environment['USERS_TABLE'] ?? '/opt/credentials/scripts/users.txt',
      resolvConf: environment['RESOLV_CONF'] ?? '/etc/resolv.conf',
      complete: environment['COMPLETE'] ?? '/tmp/complete',
    },
    dnsServers: environment['DNS_SERVERS']?.split(','),
  };
  const { certificateDays, renewBeforeDays, authorityDays } = settings;
  if (renewBeforeDays >= certificateDays || authorityDays <= certificateDays + renewBeforeDays)
    throw new Refused(
      'RENEW_BEFORE_DAYS must be less than CERTIFICATE_DAYS, and AUTHORITY_DAYS more than both together: otherwise ' +
        'renewal would never end',
    );
  return settings;
};
