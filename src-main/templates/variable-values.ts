import {
  fieldProblemsOf,
  fileValueSchema,
  historySchema,
  isRecord,
  validationError,
  type AssetPart,
  type JsonValue,
  type SentMessage,
  type Variables,
  type VariablePart,
} from '../../src-shared/domain';

/**
 * The messages of a placeholder: data, which nothing is filled into; none where it has no value and needs none.
 * @throws VALIDATION_FAILED naming the field, as in `variables.history.0.content`
 */
export function messagesOf(name: string, variables: Variables): SentMessage[] {
  const value = valueOf(name, variables);
  if (value === null) return [];
  if (!Array.isArray(value)) {
    throw validationError([
      {
        path: `variables.${name}`,
        message: 'must be a list of messages, as in [{"role": "user", "content": "Hi"}]',
      },
    ]);
  }
  const read = historySchema.safeParse(value);
  if (read.success) return read.data;
  throw invalidValue(name, read.error.issues);
}

/** The file of a part. @throws VALIDATION_FAILED naming the field, as in `variables.photo.media_type` */
export function fileOf({ type, variable }: VariablePart, variables: Variables): AssetPart {
  const value = valueOf(variable, variables);
  if (!isRecord(value)) {
    throw validationError([
      {
        path: `variables.${variable}`,
        message: 'must be a stored file, as in {"asset_sha256": "…", "media_type": "image/png"}',
      },
    ]);
  }
  const read = fileValueSchema.safeParse(value);
  if (!read.success) throw invalidValue(variable, read.error.issues);
  return { type, ...read.data, name: read.data.name ?? null };
}

function valueOf(name: string, variables: Variables): JsonValue {
  return Object.hasOwn(variables, name) ? (variables[name] ?? null) : null;
}

function invalidValue(name: string, issues: Parameters<typeof fieldProblemsOf>[0]): Error {
  return validationError(
    fieldProblemsOf(issues).map(({ path, message }) => ({
      path: ['variables', name, path].filter((part) => part !== '').join('.'),
      message,
    })),
  );
}
