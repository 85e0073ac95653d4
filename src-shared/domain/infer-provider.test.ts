import { describe, expect, it } from 'vitest';
import { inferProvider } from './infer-provider';

describe('a provider is inferred from a model id', () => {
  it.each([
    ['gpt-4o', 'openai'],
    ['gpt-6-astra@latency=200', 'openai'],
    ['chatgpt-4o-latest', 'openai'],
    ['o3', 'openai'],
    ['o4-mini', 'openai'],
    ['O3', 'openai'],
    ['GPT-4o', 'openai'],
    [' gpt-4o ', 'openai'],
    ['GPT-OSS-20B', 'ollama'],
    ['Claude-Opus-5-5', 'anthropic'],
    ['Models/Gemini-2.0-Flash', 'google'],
    ['Qwen2.5.GGUF', 'ollama'],
    ['omni-vision', 'openai'],
    ['ft:gpt-4o:acme::id', 'openai'],
    ['openai/gpt-oss-20b', 'ollama'],
    ['claude-3-opus-20240229', 'anthropic'],
    ['us.anthropic.claude-opus-4', 'anthropic'],
    ['anthropic/claude-opus-5-5', 'anthropic'],
    ['gemini-2.0-flash', 'google'],
    ['models/gemini-4-argon', 'google'],
    ['gemma-3-27b-it', 'google'],
    ['llama3:8b', 'ollama'],
    ['gemma3:4b', 'ollama'],
    ['qwen2.5.gguf', 'ollama'],
    ['gpt-oss-20b', 'ollama'],
    ['o10x', null],
    ['oscar', null],
    ['meta/llama', null],
    ['', null],
  ])('%s → %s', (modelId, provider) => {
    expect(inferProvider(modelId)).toBe(provider);
  });
});
