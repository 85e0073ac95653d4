import * as z from 'zod';
import { gradeClaudeId, gradeGeminiId, gradeOpenAiId } from './grade-model-id';
import { keysOf } from '../keys-of';
import type { EvidenceGrade } from '../version';

export interface MediaTypes {
  readonly title: string;
  readonly image: readonly string[];
  readonly file: readonly string[];
}

const TEXT_FILES = ['text/plain', 'text/markdown', 'text/csv', 'text/html'];
const WEB_IMAGES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** All that the rest of the app knows about a wire protocol. How it is spoken is in its folder of `providers/`. */
interface ProtocolRecord {
  /** Its API's name in stored attempts and in runs. One that was ever stored stays. */
  readonly api: string;
  /** How much the model id echoed in an answer proves. */
  readonly gradeModelId: (model: string) => EvidenceGrade;
  /** Servers of other makers speak it too, so what one understands is found out by a test or set by the user. */
  readonly hasDialects: boolean;
  /** A stream has to be asked for its token counts. */
  readonly hasStreamOptions: boolean;
  /** It can ask for JSON of any shape. */
  readonly hasJsonMode: boolean;
  /** What it documents as images and as files, and what it is called in a sentence about that. */
  readonly media: MediaTypes;
  /** The vendor that the practice server plays for it, and the base URL under that vendor's own prefix. */
  readonly practice: { readonly vendor: string; readonly base: '' | '/v1' };
}

const PROTOCOL_RECORDS = {
  openai_responses: {
    api: 'openai.responses',
    gradeModelId: gradeOpenAiId,
    hasDialects: false,
    hasStreamOptions: false,
    hasJsonMode: true,
    media: {
      title: 'The Responses API',
      image: WEB_IMAGES,
      file: ['application/pdf', ...TEXT_FILES, 'application/json'],
    },
    practice: { vendor: 'openai', base: '/v1' },
  },
  openai_chat: {
    api: 'openai.chat_completions',
    gradeModelId: gradeOpenAiId,
    hasDialects: true,
    hasStreamOptions: true,
    hasJsonMode: true,
    // Servers that are merely compatible take no other files.
    media: { title: 'Chat completions', image: WEB_IMAGES, file: ['application/pdf'] },
    practice: { vendor: 'openai', base: '/v1' },
  },
  anthropic: {
    api: 'anthropic.messages',
    gradeModelId: gradeClaudeId,
    hasDialects: false,
    hasStreamOptions: false,
    hasJsonMode: false,
    media: {
      title: 'The Messages API',
      image: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
      file: ['application/pdf', ...TEXT_FILES, 'application/json'],
    },
    practice: { vendor: 'anthropic', base: '' },
  },
  gemini: {
    api: 'gemini.generate_content',
    gradeModelId: gradeGeminiId,
    hasDialects: false,
    hasStreamOptions: false,
    hasJsonMode: true,
    media: {
      title: 'Gemini',
      image: ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'],
      file: ['application/pdf', ...TEXT_FILES],
    },
    practice: { vendor: 'google', base: '' },
  },
} as const satisfies Readonly<Record<string, ProtocolRecord>>;

/** The wire protocol that a provider speaks. */
export type Protocol = keyof typeof PROTOCOL_RECORDS;
export const PROTOCOLS = keysOf(PROTOCOL_RECORDS);
export const protocolSchema = z.enum(PROTOCOLS);

/** The provider API that an attempt called. */
export type ResponseApi = (typeof PROTOCOL_RECORDS)[Protocol]['api'];
export const RESPONSE_APIS: readonly ResponseApi[] = PROTOCOLS.map((name) => PROTOCOL_RECORDS[name].api);
export const responseApiSchema = z.enum(RESPONSE_APIS);

/** A vendor whose services the practice server plays. */
export type PracticeVendor = (typeof PROTOCOL_RECORDS)[Protocol]['practice']['vendor'];
export const PRACTICE_VENDORS: readonly PracticeVendor[] = [
  ...new Set(PROTOCOLS.map((name) => PROTOCOL_RECORDS[name].practice.vendor)),
];

type KnownProtocol = ProtocolRecord & {
  readonly api: ResponseApi;
  readonly practice: { readonly vendor: PracticeVendor };
};

export function protocolRecord(protocol: Protocol): KnownProtocol {
  return PROTOCOL_RECORDS[protocol];
}

/** The protocol whose adapter reads the answers of an API. */
export function protocolOfApi(api: ResponseApi): Protocol {
  const found = PROTOCOLS.find((name) => PROTOCOL_RECORDS[name].api === api);
  if (found === undefined) throw new Error(`No protocol has the API "${api}".`);
  return found;
}
