// age, https://age-encryption.org: a file that only the holder of the key reads. Nothing plain touches the disk.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { UserError } from '../cli.ts';

const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

/** age1…, several with commas between them. */
export const recipientsIn = (text: string): readonly string[] => {
  const recipients = text.split(',').map((one) => one.trim());
  if (recipients.some((one) => one.startsWith('AGE-SECRET-KEY')))
    throw new UserError('RECIPIENT must be the public key, age1…: the secret one stays where it is');
  if (recipients.some((one) => !RECIPIENT.test(one)))
    throw new UserError('RECIPIENT must be the public key of whoever may read the file, age1… (age-keygen makes one)');
  return recipients;
};

/** Never over a file that is there. */
export const writeEncrypted = async (file: string, text: string, recipients: readonly string[]): Promise<void> => {
  const { armor, Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients)
    try {
      encrypter.addRecipient(recipient);
    } catch {
      // By its checksum.
      throw new UserError(`RECIPIENT ${recipient} is mistyped: nothing was saved`);
    }
  const encrypted = armor.encode(await encrypter.encrypt(text));
  try {
    await writeFile(file, encrypted, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    // Half a file would be taken for a backup.
    if (!isThere) await rm(file, { force: true }).catch(() => undefined);
    throw new UserError(
      isThere ? `${file} is there already: nothing was saved` : `${file} cannot be written: ${String(error)}`,
    );
  }
};

const read = async (file: string, what: string): Promise<Buffer> => {
  if (file === '') throw new UserError(`${what} must name a file`);
  try {
    return await readFile(file);
  } catch (error) {
    throw new UserError(`${what}=${file} cannot be read: ${error instanceof Error ? error.message : 'unknown error'}`);
  }
};

/** The first words of a file of age that is not armored, as `age --encrypt` writes it by default. */
const BINARY = 'age-encryption.org/';

/** `identity`: a file as age-keygen writes it, with lines AGE-SECRET-KEY-1…. */
export const readEncrypted = async (file: string, identity: string): Promise<string> => {
  const { armor, Decrypter } = await import('age-encryption');
  const encrypted = await read(file, 'FILE');
  const keys = (await read(identity, 'IDENTITY'))
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (keys.length === 0) throw new UserError(`IDENTITY=${identity} has no line AGE-SECRET-KEY-…`);
  const decrypter = new Decrypter();
  try {
    for (const key of keys) decrypter.addIdentity(key.trim());
    const isBinary = encrypted.toString('latin1', 0, BINARY.length) === BINARY;
    return await decrypter.decrypt(isBinary ? encrypted : armor.decode(encrypted.toString()), 'text');
  } catch {
    // Its own message may quote what was read.
    throw new UserError(`${file} cannot be decrypted: it is damaged, or for another key than that of ${identity}`);
  }
};
