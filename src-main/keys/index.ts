export { createOsKeyVault } from './os-key-vault';
export { createSessionKeyVault } from './session-key-vault';
