// What the tools of Elasticsearch and the entrypoint do without a server.
import { at, type Check, first, same } from '../check.ts';
import { docker, restricted } from '../docker.ts';
import { home, lines, shell } from './shell.ts';

export const toolChecks: readonly Check[] = [
  {
    name: 'certutil',
    fact:
      'elasticsearch-certutil writes ca/ca.crt and ca/ca.key in PEM, for ' +
      'its owner only, and refuses a file that exists',
    source: at('x-pack/plugin/security/cli/src/main/java/org/elasticsearch/xpack/security/cli/CertificateTool.java'),
    run: async (image) => {
      const once = 'elasticsearch-certutil ca --silent --pem --out /tmp/ca.zip';
      const found = await shell(
        image,
        `${once}; stat -c %a /tmp/ca.zip; unzip -Z1 /tmp/ca.zip | grep -v '/$'; ` +
          `${once} < /dev/null > /dev/null 2>&1; echo $?`,
      );
      const [mode, ...rest] = lines(found);
      return first(
        same('the mode', mode, '600'),
        same('the files', rest.slice(0, -1), ['ca/ca.crt', 'ca/ca.key']),
        rest.at(-1) === '0' ? 'an existing file was overwritten' : undefined,
      );
    },
  },
  {
    name: 'certutil-authority',
    fact:
      'With an authority in PEM, elasticsearch-certutil writes tls/tls.crt and tls/tls.key; a file that holds two ' +
      'certificates of authorities is refused',
    source: at('x-pack/plugin/core/src/main/java/org/elasticsearch/xpack/core/ssl/CertParsingUtils.java'),
    run: async (image) => {
      const cert = 'elasticsearch-certutil cert --silent --pem --name tls --dns localhost --ca-key /tmp/ca/ca.key';
      const found = await shell(
        image,
        `elasticsearch-certutil ca --silent --pem --out /tmp/ca.zip; unzip -q /tmp/ca.zip -d /tmp
        ${cert} --ca-cert /tmp/ca/ca.crt --out /tmp/tls.zip; unzip -Z1 /tmp/tls.zip | grep -v '/$'
        cat /tmp/ca/ca.crt /tmp/ca/ca.crt > /tmp/two.crt
        ${cert} --ca-cert /tmp/two.crt --out /tmp/two.zip > /dev/null 2>&1; echo $?`,
      );
      const all = lines(found);
      return first(
        same('the files', all.slice(0, -1), ['tls/tls.crt', 'tls/tls.key']),
        all.at(-1) === '0' ? 'a file with two certificates was taken' : undefined,
      );
    },
  },
  {
    name: 'keystore-tool',
    fact:
      'elasticsearch-keystore says in one plain line what it has made, and ' +
      'has-passwd fails for one without a password',
    source: at(
      'distribution/tools/keystore-cli/src/main/java/org/elasticsearch/cli/keystore/CreateKeyStoreCommand.java',
    ),
    run: async (image) => {
      const script = `cp -r ${home}/config /tmp/config; export ES_PATH_CONF=/tmp/config; elasticsearch-keystore create
        elasticsearch-keystore has-passwd --silent; echo "$?"; elasticsearch-keystore list`;
      return same('what it says', lines(await shell(image, script)), [
        'Created elasticsearch keystore in /tmp/config/elasticsearch.keystore',
        '1',
        'keystore.seed',
      ]);
    },
  },
  {
    name: 'keystore-tool-reads-the-settings',
    fact: 'elasticsearch-keystore reads elasticsearch.yml, and fails where that names a variable which is not set',
    source: at('server/src/main/java/org/elasticsearch/common/cli/EnvironmentAwareCommand.java'),
    run: async ({ engine, name }) => {
      const script = `cp -r ${home}/config /tmp/config; export ES_PATH_CONF=/tmp/config
        echo 'node.name: \${NOT_SET}' >> /tmp/config/elasticsearch.yml
        elasticsearch-keystore create`;
      const done = await docker(engine, ['run', '--rm', ...restricted, '--entrypoint=bash', name, '-c', script]);
      const said = `${done.stdout}${done.stderr}`;
      return first(
        done.code === 0 ? 'it succeeded' : undefined,
        said.includes('NOT_SET') ? undefined : `it says ${said.slice(0, 500)}`,
      );
    },
  },
  {
    name: 'keystore-that-exists',
    fact: 'elasticsearch-keystore create asks before it overwrites a keystore, and fails where nobody can answer',
    source: at(
      'distribution/tools/keystore-cli/src/main/java/org/elasticsearch/cli/keystore/CreateKeyStoreCommand.java',
    ),
    run: async ({ engine, name }) => {
      const script = `cp -r ${home}/config /tmp/config; export ES_PATH_CONF=/tmp/config
        elasticsearch-keystore create > /dev/null
        before=$(sha256sum < /tmp/config/elasticsearch.keystore)
        elasticsearch-keystore create < /dev/null; echo "code $?"
        [ "$before" = "$(sha256sum < /tmp/config/elasticsearch.keystore)" ] && echo kept`;
      const { stdout } = await docker(engine, ['run', '--rm', ...restricted, '--entrypoint=bash', name, '-c', script]);
      return first(
        /code 0/.test(stdout) ? `it succeeded: ${stdout}` : undefined,
        stdout.includes('kept') ? undefined : `it was overwritten: ${stdout}`,
      );
    },
  },
  {
    name: 'keystore-add-file',
    fact: 'elasticsearch-keystore add-file --force takes several settings with a file each, in place of earlier ones',
    source: at(
      'distribution/tools/keystore-cli/src/main/java/org/elasticsearch/cli/keystore/AddFileKeyStoreCommand.java',
    ),
    run: async (image) => {
      const script = `cp -r ${home}/config /tmp/config; export ES_PATH_CONF=/tmp/config
        elasticsearch-keystore create > /dev/null
        echo -n one > /tmp/1; echo -n two > /tmp/2; echo -n three > /tmp/3
        elasticsearch-keystore add-file --force s3.client.a.access_key /tmp/1 s3.client.a.secret_key /tmp/2
        elasticsearch-keystore add-file --force s3.client.a.access_key /tmp/3 < /dev/null
        elasticsearch-keystore list
        elasticsearch-keystore show s3.client.a.access_key; echo; elasticsearch-keystore show s3.client.a.secret_key`;
      const found = lines(await shell(image, script)).filter((line) => line !== '');
      return same('the entries, and what the two hold', found, [
        'keystore.seed',
        's3.client.a.access_key',
        's3.client.a.secret_key',
        'three',
        'two',
      ]);
    },
  },
  {
    name: 'password-file-for-its-owner',
    fact: 'ELASTIC_PASSWORD_FILE must have mode 400 or 600, or the container ends with 1',
    source: at('distribution/src/bin/elasticsearch-env-from-file'),
    run: async ({ engine, name }) => {
      const args = ['run', '--rm', ...restricted, '--env=ELASTIC_PASSWORD_FILE=/etc/passwd', name];
      const done = await docker(engine, args);
      return first(
        same('the exit code', done.code, 1),
        done.stderr.includes('must have file permissions 400 or 600') ? undefined : done.stderr,
      );
    },
  },
];
