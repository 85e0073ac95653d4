/** The same prompts for the bare SDKs and for Prompter: a system text and one line of input. */
export const BENCH_SYSTEM =
  'You answer questions of customers of a shop for bicycles. Be brief, friendly and exact.';
export const BENCH_USER_TEMPLATE =
  'Customer number {{ number }} asks: my order {{ order }} has not arrived, what can I do? Answer in three sentences.';

export function benchInput(index: number): { number: string; order: string } {
  return { number: String(index), order: `B-${100_000 + index}` };
}

export function benchPrompt(index: number): string {
  const input = benchInput(index);
  return BENCH_USER_TEMPLATE.replace('{{ number }}', input.number).replace('{{ order }}', input.order);
}

export const BENCH_TEMPLATE = {
  name: 'Bench: order not arrived',
  system_instructions: BENCH_SYSTEM,
  user_prompt_template: BENCH_USER_TEMPLATE,
  model_id: 'gpt-4o',
};

/** A single text without a system part, for programs that format that part differently. */
export const BENCH_PROMPT = `${BENCH_SYSTEM} ${BENCH_USER_TEMPLATE}`;
export const BENCH_PROMPT_TEMPLATE = {
  name: 'Bench: order not arrived, one text',
  user_prompt_template: BENCH_PROMPT,
  model_id: 'gpt-4o',
};

/** One model per vendor. */
export const BENCH_TARGETS = {
  openai: 'gpt-4o',
  anthropic: 'claude-opus-5-5',
  google: 'gemini-3.8-flash',
} as const;
