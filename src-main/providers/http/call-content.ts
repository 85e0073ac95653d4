import { mediaTypeProblem, type Protocol } from '../../../src-shared/domain';
import type { CallContent, MediaPart } from '../../ports';
import { untaken } from './untaken';

/** Refuses a part that the protocol has no form for. */
export function assertMediaType(part: MediaPart, path: string, protocol: Protocol): void {
  const problem = mediaTypeProblem(protocol, part);
  if (problem !== null) untaken(path, problem);
}

/** The texts of content where a protocol takes nothing else. `where` is what the message is, as in "a system text". */
export function textParts(content: CallContent, path: string, where: string): string[] {
  if (typeof content === 'string') return [content];
  return content.map((part, index) =>
    part.type === 'text'
      ? part.text
      : untaken(`${path}.${String(index)}`, `${where} takes text alone, no ${part.type}`),
  );
}

/** A data URL (RFC 2397). */
export function dataUrl({ mediaType, base64 }: MediaPart): string {
  return `data:${mediaType};base64,${base64}`;
}

/** Where a protocol wants a name and the part has none. */
export function fileName({ name, mediaType }: MediaPart): string {
  return name ?? `file.${EXTENSIONS[mediaType] ?? 'bin'}`;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/pdf': 'pdf',
  'text/csv': 'csv',
  'text/html': 'html',
  'text/markdown': 'md',
  'text/plain': 'txt',
};
