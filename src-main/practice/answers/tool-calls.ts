import type { Exchange } from '../exchange';
import type { WireRecord } from '../vendors/wire-value';
import { isRecord } from '../vendors/wire-value';
import { HOSTILE_LINES } from './answer-text';
import { sampleJson } from './json-sample';
import { randomFrom } from './prng';

export interface OfferedTool {
  readonly name: string;
  /** JSON Schema of its arguments. */
  readonly parameters: unknown;
}

/** What a request says about tools, in every protocol's terms. */
export interface ToolOffer {
  readonly tools: readonly OfferedTool[];
  readonly choice: 'auto' | 'none' | 'required' | { readonly name: string };
  /** Whether an answer may call several at once. */
  readonly isParallel: boolean;
  /** What tools answered, if the request ends with that. */
  readonly result: string | undefined;
}

export interface ToolCall {
  /** 24 hex digits, of which each vendor makes its id. */
  readonly hex: string;
  readonly name: string;
  readonly args: WireRecord;
}

/**
 * The calls of an answer (src-main/practice/README.md#tools): of the tool that is forced; else of each that the prompt
 * asks for, unless a tool has just answered.
 */
export function callsFor(exchange: Exchange, offer: ToolOffer, prompt: string, topic: string): ToolCall[] {
  const { digest, faults } = exchange;
  const called = toolsToCall(offer, prompt);
  if (called.length === 0) return [];
  // Its own source: offering a tool that is not called changes no other answer.
  const random = randomFrom(digest, 'tools');
  const freeText = faults.hostile ? () => random.pick(HOSTILE_LINES) : undefined;
  return (offer.isParallel ? called : called.slice(0, 1)).map(({ name, parameters }) => {
    const args = sampleJson(parameters, { random, topic, ...(freeText && { freeText }) });
    return { hex: random.hex(24), name, args: isRecord(args) ? args : {} };
  });
}

function toolsToCall({ tools, choice, result }: ToolOffer, prompt: string): readonly OfferedTool[] {
  if (choice === 'none' || tools.length === 0) return [];
  if (typeof choice === 'object') return tools.filter(({ name }) => name === choice.name);
  if (choice === 'auto' && result !== undefined) return [];
  const said = wordsOf(prompt);
  const wanted = tools.filter(({ name }) =>
    subjectOf(name).some((word) => said.has(word) || said.has(`${word}s`)),
  );
  return choice === 'required' && wanted.length === 0 ? tools.slice(0, 1) : wanted;
}

/** Words that say that a tool is called, not what for. */
const VERBS = new Set([
  'get',
  'set',
  'fetch',
  'find',
  'look',
  'lookup',
  'up',
  'list',
  'make',
  'do',
  'run',
  'by',
  'of',
  'for',
  'the',
]);

/** `get_order`, `getOrder` → order. */
function subjectOf(name: string): string[] {
  const words = [...wordsOf(name.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replaceAll(/[_-]+/g, ' '))];
  const subject = words.filter((word) => !VERBS.has(word));
  return subject.length > 0 ? subject : words;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(
    text
      .slice(0, MAX_CHARS_READ)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu),
  );
}

const MAX_CHARS_READ = 20_000;
