import { describe, expect, it } from 'vitest';
import { inferProviders } from './infer-provider';

/** An open model may be on any local server. */
const LOCAL = ['ollama', 'lm-studio'];

describe('providers are inferred from a model id', () => {
  it.each([
    ['gpt-4o', ['openai']],
    ['gpt-6-astra@latency=200', ['openai']],
    ['chatgpt-4o-latest', ['openai']],
    ['o3', ['openai']],
    ['o4-mini', ['openai']],
    ['O3', ['openai']],
    ['GPT-4o', ['openai']],
    [' gpt-4o ', ['openai']],
    ['GPT-OSS-20B', LOCAL],
    ['Claude-Opus-5-5', ['anthropic']],
    ['Models/Gemini-2.0-Flash', ['google']],
    ['Qwen2.5.GGUF', LOCAL],
    ['omni-vision', ['openai']],
    ['ft:gpt-4o:acme::id', ['openai']],
    ['openai/gpt-oss-20b', LOCAL],
    ['claude-3-opus-20240229', ['anthropic']],
    ['us.anthropic.claude-opus-4', ['anthropic']],
    ['anthropic/claude-opus-5-5', ['anthropic']],
    ['gemini-2.0-flash', ['google']],
    ['models/gemini-4-argon', ['google']],
    ['gemma-3-27b-it', ['google']],
    ['llama3:8b', LOCAL],
    ['gemma3:4b', LOCAL],
    ['qwen2.5.gguf', LOCAL],
    ['gpt-oss-20b', LOCAL],
    ['o10x', []],
    ['oscar', []],
    ['gpt-4o/files', []],
    ['openai/claude-opus-5-5', ['openai']],
    ['models/gpt-4o', ['google']],
    ['/claude-opus-5-5', []],
    ['eu.anthropic/claude-opus-4', ['anthropic']],
    ['meta/llama', []],
    ['', []],
  ])('%s → %s', (modelId, provider) => {
    expect(inferProviders(modelId)).toEqual(provider);
  });
});
