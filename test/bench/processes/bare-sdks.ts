/**
 * The baseline: the same calls by the bare official SDKs, without any storage. Usage: bare-sdks URL INPUTS CONCURRENCY
 * MODEL_SUFFIX; prints one JSON line.
 */
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { benchPrompt, BENCH_SYSTEM } from '../lib/workload';

const [url = '', inputsText = '1000', concurrencyText = '32', suffix = ''] = process.argv.slice(2);
const inputs = Number(inputsText);
const openai = new OpenAI({ apiKey: 'bench', baseURL: `${url}/openai/v1`, maxRetries: 0 });
const anthropic = new Anthropic({ apiKey: 'bench', baseURL: `${url}/anthropic`, maxRetries: 0 });
const google = new GoogleGenAI({
  apiKey: 'bench',
  apiVersion: 'v1',
  httpOptions: { baseUrl: `${url}/google` },
});

const calls: ((user: string) => Promise<unknown>)[] = [
  (user) =>
    openai.responses.create({
      model: `gpt-4o${suffix}`,
      instructions: BENCH_SYSTEM,
      input: user,
      store: false,
    }),
  (user) =>
    anthropic.messages.create({
      model: `claude-opus-5-5${suffix}`,
      max_tokens: 4096,
      system: BENCH_SYSTEM,
      messages: [{ role: 'user', content: user }],
    }),
  (user) =>
    google.models.generateContent({
      model: `gemini-3.8-flash${suffix}`,
      contents: user,
      config: { systemInstruction: BENCH_SYSTEM },
    }),
];

let next = 0;
const total = inputs * calls.length;
const latencies: number[] = [];
const startedAt = performance.now();
await Promise.all(
  Array.from({ length: Number(concurrencyText) }, async () => {
    while (next < total) {
      const index = next++;
      const sentAt = performance.now();
      await calls[index % calls.length]?.(benchPrompt(Math.floor(index / calls.length)));
      latencies.push(performance.now() - sentAt);
    }
  }),
);
const wall = performance.now() - startedAt;
latencies.sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({ calls: total, wall_ms: wall, p95_ms: latencies[Math.floor(latencies.length * 0.95)] })}\n`,
);
