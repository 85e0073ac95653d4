export { BackupsSection } from './backups-section';
export { useBackupCommand } from './use-backup';
