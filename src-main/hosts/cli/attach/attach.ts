import { AppError, validationError } from '../../../../src-shared/domain';
import {
  isProven,
  newChallenge,
  proofSchema,
  readOwner,
  readOwnerKey,
  resolveConfig,
  settingDigest,
  settingsOf,
  type Owner,
} from '../../../home';
import { postJson } from './loopback';

/** A running Prompter that has proven to be the owner of the store. */
export interface ProvenOwner {
  readonly owner: Owner;
  readonly url: string;
  /** To be sent to `url`, and never to be shown. */
  readonly key: string;
}

export type OwnerSearch =
  | { readonly found: true; readonly proven: ProvenOwner; readonly version: string }
  /** `why` nobody can be asked; null where nobody offers it. */
  | { readonly found: false; readonly why: string | null };

/** Looks for the process that has the store of `home`, and believes nothing that is not proven. */
export async function findOwner(home: string, environment: NodeJS.ProcessEnv): Promise<OwnerSearch> {
  const owner = readOwner(home);
  if (owner?.url === undefined) return { found: false, why: null };
  const { url } = owner;
  const reading = readOwnerKey(home);
  if (!reading.ok) return { found: false, why: reading.why };
  const { key } = reading;
  const challenge = newChallenge();
  const answer = await postJson(`${url}/attach`, { value: challenge }).catch(() => null);
  if (answer === null) return { found: false, why: `nothing answers at ${url}` };
  const proof = proofSchema.safeParse(answer.value).data;
  if (proof === undefined || !isProven(key, challenge, url, proof)) {
    return { found: false, why: `what answers at ${url} did not prove that it has this store` };
  }
  assertSameSettings(owner, key, proof.settings, environment);
  return { found: true, proven: { owner, url, key }, version: proof.version };
}

/**
 * What the environment says here does not reach the process that does the work: a setting that it does not share must
 * not be dropped in silence. @throws VALIDATION_FAILED naming the variables
 */
function assertSameSettings(
  { pid }: Owner,
  key: string,
  digests: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
): void {
  const here = settingsOf(resolveConfig(environment));
  const fields = Object.entries(here).flatMap(([name, value]) => {
    const isGiven = (environment[name] ?? '') !== '';
    if (!isGiven || digests[name] === settingDigest(key, name, value)) return [];
    const message = `differs from the running Prompter's (process ${pid}), which goes by its own. Unset it here, or close Prompter`;
    return [{ path: name, message }];
  });
  if (fields.length > 0) throw validationError(fields);
}

/** @throws STORE_LOCKED where the owner is of another version: the two may not mean the same by a call */
export function assertSameVersion({ owner }: ProvenOwner, theirs: string, ours: string): void {
  if (theirs === ours) return;
  const { pid, command, url } = owner;
  throw new AppError(
    'STORE_LOCKED',
    `Prompter ${theirs} has the store (process ${pid}, ${command}), and this is ${ours}. Use the command of the same version, or close that Prompter first.`,
    { data: { pid, command, url, version: theirs } },
  );
}
