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

/** What is in the form when it opens: the connection there is, without its password. */
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
    // Left out, a certificate that was given for this server stays.
    ca: values.ca.trim() || undefined,
  };
}

/** What is missing, at its field and all at once. Whether a stored password will do is for the core to say. */
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
