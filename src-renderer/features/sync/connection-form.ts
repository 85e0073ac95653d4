import type { SyncStatus, TeamConnectionInput, TeamTls } from '../../../src-shared/contract';
import { TLS_SENTENCES } from '../../../src-shared/contract';

export interface FormValues {
  host: string;
  port: number | '';
  database: string;
  user: string;
  password: string;
  tls: TeamTls;
  tls_acknowledgement: string;
  ca: string;
}

const DEFAULT_PORT = 5432;

/** The form's initial values: the current connection without its password. */
export function initialValues({ database }: SyncStatus): FormValues {
  return {
    host: database?.host ?? '',
    port: database?.port ?? DEFAULT_PORT,
    database: database?.database ?? '',
    user: database?.user ?? '',
    password: '',
    tls: database?.tls ?? 'verify',
    tls_acknowledgement: '',
    ca: '',
  };
}

export function toInput(values: FormValues): TeamConnectionInput {
  return {
    host: values.host.trim(),
    port: values.port === '' ? DEFAULT_PORT : values.port,
    database: values.database.trim(),
    user: values.user.trim(),
    password: values.password || null,
    tls: values.tls,
    tls_acknowledgement: values.tls_acknowledgement.trim() || null,
    // If omitted, a certificate already stored for this server is kept.
    ca: values.ca.trim() || undefined,
  };
}

/** All missing fields at once. The core decides whether a stored password is enough. */
export function validate(values: FormValues): Partial<Record<keyof FormValues, string>> {
  return {
    ...(values.host.trim() === '' && { host: 'Enter the host.' }),
    ...(values.database.trim() === '' && { database: 'Enter the database.' }),
    ...(values.user.trim() === '' && { user: 'Enter the user.' }),
    ...(values.tls !== 'verify' &&
      values.tls_acknowledgement.trim() !== TLS_SENTENCES[values.tls] && {
        tls_acknowledgement: 'Type the sentence exactly as shown above.',
      }),
  };
}
