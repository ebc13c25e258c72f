// One look at everything. Each part stands for itself: one that fails does not keep the others from being done.

import { keepCertificates } from './certificates.ts';
import type { Look } from './ports.ts';
import { rotate } from './rotation.ts';
import { isOurs, isThere } from './secret.ts';
import { changeSuperuser, makeSuperuser, storeSuperuser } from './superuser.ts';
import { makeKibanaKeys, makeUsers, USERS, writeUsersFile } from './users.ts';

type Part = (look: Look) => Promise<unknown>;

const keepUsers: Part = async (look) => {
  await makeUsers(look);
  // The first time there is nothing to rotate.
  const file = look.secrets.known(USERS);
  if (isThere(file) && isOurs(file)) await rotate(look);
  await writeUsersFile(look);
};

// Passwords first: they take no time, and nodes wait for both.
const PARTS: Readonly<Record<string, Part>> = {
  'the superuser': makeSuperuser,
  users: keepUsers,
  'the keys of Kibana': makeKibanaKeys,
  certificates: keepCertificates,
  'the new password of elastic': changeSuperuser,
  'the password of elastic': storeSuperuser,
};

export const lookAtAll = async (look: Look, left: () => number): Promise<void> => {
  for (const [name, part] of Object.entries(PARTS)) {
    if (left() <= 0) {
      look.report.failed('late', `a look takes longer than LOOK_SECONDS: ${name} and what follows is left to the next`);
      return;
    }
    try {
      await part(look);
    } catch (error) {
      look.report.failed(`part ${name}`, `${name}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
    }
  }
};
