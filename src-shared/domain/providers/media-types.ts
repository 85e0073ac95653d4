import type { MediaPartType } from '../content';
import { protocolRecord, type Protocol } from './protocols';

/** Why a protocol has no form for an image or a file of this type; null where it has one. */
export function mediaTypeProblem(
  protocol: Protocol,
  { type, mediaType }: { readonly type: MediaPartType; readonly mediaType: string },
): string | null {
  const { media } = protocolRecord(protocol);
  if (media[type].includes(mediaType)) return null;
  const what = type === 'image' ? 'an image' : 'a file';
  return `${media.title} takes no ${mediaType} as ${what}: only ${media[type].join(', ')}`;
}
