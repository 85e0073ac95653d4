export { resolveConfig, settingsOf, type Config } from './config';
export { parseDatabaseUrl, type TeamDatabase } from './database-url';
export { ownerFile, readOwner, writeOwner, type Owner } from './owner';
export { publishOwnerKey, readOwnerKey, withdrawOwnerKey } from './owner-key';
export { readServedPort, rememberServedPort } from './served-port';
export {
  challengeSchema,
  isProven,
  newChallenge,
  proofSchema,
  prove,
  settingDigest,
  type Challenge,
  type Claims,
} from './proof';
