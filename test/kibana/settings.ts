// A contract with Kibana 9.5: every setting of kibana.yml, and where Kibana's source defines it. Kibana refuses to
// start with a setting that it does not know, and cannot be run in the test bed; so a new setting is looked up first,
// and its source is written here.
const source = (path: string): string => `https://github.com/elastic/kibana/blob/main/${path}`;

const general = 'https://www.elastic.co/docs/reference/kibana/configuration-reference/general-settings';
const http = source('src/core/packages/http/server-internal/src/http_config.ts');
const tls = source('src/platform/packages/shared/kbn-server-http-tools/src/ssl/ssl_config.ts');
const elasticsearch = source('src/core/packages/elasticsearch/server-internal/src/elasticsearch_config.ts');
const telemetry = source('src/platform/plugins/shared/telemetry/server/config/config.ts');
const uiSettings = source('src/core/packages/ui-settings/server-internal/src/ui_settings_config.ts');

export interface Setting {
  readonly source: string;
  readonly accepts: (value: unknown) => boolean;
}

const text = (value: unknown): boolean => typeof value === 'string' && value !== '';
const flag = (value: unknown): boolean => typeof value === 'boolean';
/** A key comes from a variable; the script makes sure that it is not empty, credentials makes it of 40 characters. */
const variable = (value: unknown): boolean => typeof value === 'string' && /^\$\{[A-Z_]+\}$/.test(value);
const texts = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(text);

export const settings: Readonly<Record<string, Setting>> = {
  'server.name': { source: http, accepts: text },
  'server.host': { source: http, accepts: text },
  // Between one second and two minutes.
  'server.shutdownTimeout': { source: http, accepts: (value) => /^([1-9]|[1-9]\d|1[01]\d|120)s$/.test(String(value)) },
  'server.ssl.enabled': { source: tls, accepts: flag },
  'server.ssl.certificate': { source: tls, accepts: text },
  'server.ssl.key': { source: tls, accepts: text },
  'elasticsearch.hosts': { source: elasticsearch, accepts: texts },
  'elasticsearch.ssl.certificateAuthorities': { source: elasticsearch, accepts: texts },
  'elasticsearch.ssl.verificationMode': {
    source: elasticsearch,
    accepts: (value) => ['none', 'certificate', 'full'].includes(String(value)),
  },
  // The name "elastic" is refused there.
  'elasticsearch.username': { source: elasticsearch, accepts: variable },
  'elasticsearch.password': { source: elasticsearch, accepts: variable },
  'xpack.security.encryptionKey': {
    source: source('x-pack/platform/plugins/shared/security/server/config.ts'),
    accepts: variable,
  },
  'xpack.encryptedSavedObjects.encryptionKey': {
    source: source('x-pack/platform/plugins/shared/encrypted_saved_objects/server/config.ts'),
    accepts: variable,
  },
  'xpack.reporting.encryptionKey': {
    source: source('src/platform/packages/private/kbn-reporting/server/config_schema.ts'),
    accepts: variable,
  },
  'status.allowAnonymous': {
    source: source('src/core/packages/status/server-internal/src/status_config.ts'),
    accepts: flag,
  },
  'telemetry.optIn': { source: telemetry, accepts: flag },
  'telemetry.allowChangingOptInStatus': { source: telemetry, accepts: flag },
  'newsfeed.enabled': { source: source('src/platform/plugins/shared/newsfeed/server/config.ts'), accepts: flag },
  'map.includeElasticMapsService': { source: general, accepts: flag },
  'xpack.fleet.isAirGapped': { source: source('x-pack/platform/plugins/shared/fleet/server/config.ts'), accepts: flag },
  'xpack.product_intercept.enabled': {
    source: source('x-pack/platform/plugins/private/product_intercept/common/config.ts'),
    accepts: flag,
  },
  // Overrides are open there, but each is held against the setting's own schema when Kibana starts: hideAnnouncements
  // in announcements.ts, defaultRoute (a path of Kibana's own) by the plugin navigation, dateFormat:tz (a zone that
  // moment knows) in date_formats.ts.
  'uiSettings.overrides.hideAnnouncements': { source: uiSettings, accepts: flag },
  'uiSettings.overrides.defaultRoute': { source: uiSettings, accepts: (value) => /^\/[^/]/.test(String(value)) },
  'uiSettings.overrides.dateFormat:tz': {
    source: uiSettings,
    accepts: (value) => value === 'UTC' || Intl.supportedValuesOf('timeZone').includes(String(value)),
  },
};

/** Settings that are known to stop Kibana 9, with the reason. */
export const refused: Readonly<Record<string, string>> = {
  'xpack.fleet.enabled': 'removed; xpack.fleet.agents.enabled is what is left',
  'xpack.security.enabled': 'removed in 8.0',
  'xpack.spaces.enabled': 'removed in 8.0',
  'kibana.index': 'removed in 8.0',
  'logging.dest': 'removed in 8.0',
};
