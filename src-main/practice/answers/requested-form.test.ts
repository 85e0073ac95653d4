import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, practiceEndpoint, recorder, storedAnswer } from '../../../test/support/provider-calls';
import type { JsonObject } from '../../../src-shared/domain';
import { checkAgainstSchema } from '../../templates';
import { createProviderClients } from '../../providers/clients';
import { startPracticeServer, type PracticeServer } from '..';

const clients = createProviderClients();
const MODELS = [
  ['openai_responses', 'gpt-4o'],
  ['anthropic', 'claude-haiku-4-5-20251001'],
  ['gemini', 'gemini-2.5-flash'],
] as const;

let server: PracticeServer;
beforeAll(async () => {
  server = await startPracticeServer();
});
afterAll(() => server.close());

interface Question {
  readonly system?: string;
  readonly user: string;
  readonly schema?: JsonObject;
}

async function answerOf(
  [protocol, modelId]: readonly [(typeof MODELS)[number][0], string],
  { system = 'You help.', user, schema }: Question,
): Promise<string> {
  const call = callOf(practiceEndpoint(protocol, server.url), {
    modelId,
    system,
    user,
    responseSchema: schema ?? null,
  });
  const seen = recorder();
  const client = clients.clientFor(protocol);
  await client.call(call, seen);
  const [exchange] = seen.exchanges;
  const parsed = exchange && client.parse(storedAnswer(exchange, call));
  if (parsed?.ok !== true || parsed.answer.failure !== null) throw new Error(JSON.stringify(parsed));
  return parsed.answer.outputText ?? '';
}

const count = fc.integer({ min: 1, max: 9 });
const subject = fc.constantFrom(
  'garden sheds',
  'tax returns',
  'bicycle brakes',
  'library fines',
  'choir rehearsals',
);
const labels = fc.uniqueArray(fc.constantFrom('BILLING', 'BUG', 'PRAISE', 'OTHER', 'SPAM'), {
  minLength: 2,
  maxLength: 5,
});
const listed = (names: readonly string[]) => `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;

interface Asked {
  readonly question: Question;
  readonly isKept: (answer: string, subject: string) => boolean;
}
const isMentioned = (answer: string, what: string): boolean =>
  what.split(' ').some((word) => answer.includes(word));
const lines = (answer: string) => answer.split('\n');

const FORMS: Readonly<Record<string, fc.Arbitrary<(subject: string) => Asked>>> = {
  'a JSON object': fc
    .constantFrom('Answer as JSON.', 'Respond with a JSON object.', 'Return only JSON.')
    .map((form) => (what) => ({
      question: { user: `Describe ${what}. ${form}` },
      isKept: (answer) => {
        const value: unknown = JSON.parse(answer);
        return (
          typeof value === 'object' && value !== null && !Array.isArray(value) && isMentioned(answer, what)
        );
      },
    })),
  'JSON of a schema': fc.constant((what: string) => {
    const schema: JsonObject = {
      type: 'object',
      additionalProperties: false,
      required: ['summary', 'level'],
      properties: { summary: { type: 'string' }, level: { type: 'string', enum: ['low', 'high'] } },
    };
    return {
      question: { user: `Describe ${what}.`, schema },
      isKept: (answer: string) =>
        checkAgainstSchema(schema, JSON.parse(answer)).valid && isMentioned(answer, what),
    };
  }),
  'a list of n': fc
    .tuple(count, fc.constantFrom('a numbered list of N ideas', 'N steps', 'N bullet points'))
    .map(([n, form]) => (what) => ({
      question: { user: `Write ${form.replace('N', String(n))} about ${what}.` },
      isKept: (answer) => {
        const mark = /numbered|steps/.test(form) ? /^\d+\. \S/ : /^- \S/;
        return (
          lines(answer).length === n &&
          lines(answer).every((line) => mark.test(line) && isMentioned(line, what))
        );
      },
    })),
  'one of given labels': fc
    .tuple(labels, fc.constantFrom('QUEUE is one of ', 'Answer with ', 'Label: '))
    .map(([names, start]) => (what) => ({
      question: { system: `You sort messages. ${start}${listed(names)}.`, user: `I write about ${what}.` },
      isKept: (answer) => names.some((name) => name === answer),
    })),
  'yes or no': fc.constantFrom('Answer yes or no.', 'Yes/no:').map((form) => (what) => ({
    question: { user: `Is this about ${what}? ${form}` },
    isKept: (answer) => /^(?:yes|no)$/i.test(answer),
  })),
  'one word': fc.constantFrom('Answer in one word.', 'Use exactly one word.').map((form) => (what) => ({
    question: { user: `Sum up ${what}. ${form}` },
    isKept: (answer) => /^\S+$/.test(answer),
  })),
  'a number in a range': fc
    .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 6, max: 100 }))
    .map(([low, high]) => (what) => ({
      question: { user: `Rate ${what}. Answer with a number from ${low} to ${high}.` },
      isKept: (answer) => /^\d+$/.test(answer) && Number(answer) >= low && Number(answer) <= high,
    })),
  'a table': fc.constant((what: string) => ({
    question: { user: `Compare ${what} as a Markdown table. Columns: Name, Use, Price.` },
    isKept: (answer: string) =>
      lines(answer)[0] === '| Name | Use | Price |' &&
      lines(answer)[1] === '| --- | --- | --- |' &&
      lines(answer).every((line) => line.split('|').length === 5) &&
      isMentioned(answer, what),
  })),
  'a code block': fc.constantFrom('Python', 'SQL', 'TypeScript').map((language) => (what) => ({
    question: { user: `Write a ${language} function for ${what}.` },
    isKept: (answer) =>
      answer.startsWith(`\`\`\`${language.toLowerCase()}\n`) &&
      answer.endsWith('\n```') &&
      isMentioned(answer, what),
  })),
  'n sentences': count.map((n) => (what) => ({
    question: { user: `Explain ${what} in ${n} ${n === 1 ? 'sentence' : 'sentences'}.` },
    isKept: (answer) => answer.match(/[.!?](?= |$)/g)?.length === n && isMentioned(answer, what),
  })),
  'at most n words': fc.integer({ min: 5, max: 120 }).map((n) => (what) => ({
    question: { user: `Explain ${what} in at most ${n} words.` },
    isKept: (answer) => answer.split(/\s+/).length <= n && isMentioned(answer, what),
  })),
  'a translation': fc.constantFrom('German', 'French').map((language) => (what) => ({
    question: { user: `Translate into ${language}: We talk about ${what}.` },
    isKept: (answer) => answer === `[${language}] We talk about ${what}.`,
  })),
};

describe.each(Object.keys(FORMS))('a prompt that asks for %s', (name) => {
  it('gets it, on its subject, from every model', async () => {
    const form = FORMS[name];
    if (form === undefined) throw new Error('no such form');
    await fc.assert(
      fc.asyncProperty(subject, form, fc.constantFrom(...MODELS), async (what, make, model) => {
        const { question, isKept } = make(what);
        const answer = await answerOf(model, question);
        expect([answer, isKept(answer, what)]).toEqual([answer, true]);
        expect(await answerOf(model, question)).toBe(answer);
      }),
      { numRuns: 12 },
    );
  });
});

describe('running text', () => {
  it('stays on the subject, in the tone of the model', async () => {
    const question = { user: 'Why do bicycle brakes squeal in the rain?' };
    const answers = await Promise.all(MODELS.map((model) => answerOf(model, question)));
    for (const answer of answers) expect(answer).toMatch(/bicycle brakes|rain/);
    expect(new Set(answers).size).toBe(MODELS.length);
  });

  it('differs once the version of the model has moved', async () => {
    const question = { user: 'Why do bicycle brakes squeal?' };
    const texts: string[] = [];
    for (let call = 0; call < 3; call += 1)
      texts.push(await answerOf(['openai_responses', 'gpt-4o@drift_once=2'], question));
    const [first, second, third] = texts.map((text) => createHash('sha256').update(text).digest('hex'));
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('asks for no form where JSON is only spoken of', async () => {
    const [model] = MODELS;
    const answer = await answerOf(model, { user: 'Explain bicycle brakes. Do not answer in JSON.' });
    expect(answer).not.toMatch(/^[[{]/);
  });
});
