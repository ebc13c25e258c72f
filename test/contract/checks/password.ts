// The superuser's first password, and the way out when nobody knows it.
import { at, type Check, first, same } from '../check.ts';
import { passwords } from '../secrets.ts';

const realm = at(
  'x-pack/plugin/security/src/main/java/org/elasticsearch/xpack/security/authc/esnative/ReservedRealm.java',
);
const client = at(
  'x-pack/plugin/security/src/main/java/org/elasticsearch/xpack/security/tool/CommandLineHttpClient.java',
);

const reset = (more: string): string => `elasticsearch-reset-password -u elastic --batch --auto --silent ${more} 2>&1`;

export const passwordChecks: readonly Check[] = [
  {
    name: 'bootstrap-password',
    fact: 'The bootstrap password of the keystore lets the superuser in, and another one gets 401',
    source: realm,
    run: async (image) => {
      const { statusFor } = await image.node();
      return first(
        same('the status with it', await statusFor('elastic', passwords.elastic), 200),
        same('the status with another', await statusFor('elastic', 'another-password'), 401),
      );
    },
  },
  {
    name: 'reset-password-asks-the-published-address',
    fact:
      'elasticsearch-reset-password asks the published address and checks its name: ' +
      'with certificates that name no address it ends with 69',
    source: client,
    run: async (image) => {
      const { pod } = await image.node();
      const { code, output } = await pod.exec(reset(''));
      return code === 69 ? undefined : `the exit code must be 69, but is ${code}: ${output.slice(-500)}`;
    },
  },
  {
    name: 'reset-password-with-url',
    fact:
      'With `--url https://localhost:9200` it sets a new password; ' +
      'config/users is a plain file afterwards, and no link any more',
    source: `${client}, [issue 68435](https://github.com/elastic/elasticsearch/issues/68435)`,
    run: async (image) => {
      const { pod, statusFor } = await image.node();
      const { code, output } = await pod.exec(reset('--url https://localhost:9200'));
      if (code !== 0) return `the exit code must be 0, but is ${code}: ${output.slice(-500)}`;
      const plain = await pod.exec('[ -f config/users ] && [ ! -h config/users ] && echo plain');
      return first(
        same(
          'the status with the new password',
          await statusFor('elastic', output.trim().split('\n').at(-1) ?? ''),
          200,
        ),
        same('config/users', plain.output.trim(), 'plain'),
      );
    },
  },
];
