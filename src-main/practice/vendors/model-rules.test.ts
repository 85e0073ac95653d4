import { describe, expect, it } from 'vitest';
import { claudeFamily } from './anthropic/model-rules';
import { geminiFamily } from './google/model-rules';
import { openAiFamily, openAiFingerprint } from './openai/model-rules';

describe('model families', () => {
  it.each([
    ['gpt-4o', 'yes'],
    ['chatgpt-4o-latest', 'yes'],
    ['gpt-5-chat-latest', 'yes'],
    ['ft:gpt-4o-2024-08-06:org::id', 'yes'],
    ['openai/gpt-4.1', 'yes'],
    ['gpt-oss-20b', 'yes'],
    ['o1', 'never'],
    ['o3-2025-04-16', 'never'],
    ['o4-mini', 'never'],
    ['gpt-5-nano', 'never'],
    ['gpt-6-astra', 'never'],
    ['gpt-6.1-sol', 'never'],
    ['gpt-5-pro', 'never'],
    ['gpt-5.1', 'with-effort-none'],
    ['gpt-5.4-mini', 'with-effort-none'],
    ['gpt-6-luna', 'with-effort-none'],
    ['gpt-6.1-terra', 'with-effort-none'],
  ])('%s takes a temperature: %s', (model, rule) => {
    expect(openAiFamily(model).temperature).toBe(rule);
  });

  it('gives each minor its efforts', () => {
    expect(openAiFamily('gpt-5.1').efforts).toEqual(['none', 'low', 'medium', 'high']);
    expect(openAiFamily('gpt-5.2').efforts).toEqual(['none', 'low', 'medium', 'high', 'xhigh']);
    expect(openAiFamily('gpt-6-sol').efforts).toEqual(['none', 'low', 'medium', 'high', 'xhigh', 'max']);
  });

  it('keeps one fingerprint for a model and its snapshot, and another for another model', () => {
    expect(openAiFingerprint('gpt-4o', 0)).toBe(openAiFingerprint('gpt-4o-2024-08-06', 0));
    expect(openAiFingerprint('gpt-4o', 0)).not.toBe(openAiFingerprint('gpt-4o-mini', 0));
    expect(openAiFingerprint('gpt-4.1-nano', 0)).toBeNull();
  });

  it.each([
    ['claude-opus-5-5', 5.5, true],
    ['claude-haiku-5-5', 5.5, false],
    ['claude-fable-5-2', 5.2, true],
    ['claude-opus-4-20250514', 4, false],
    ['claude-sonnet-4-5-20250929', 4.5, false],
    ['claude-3-opus-20240229', 3, false],
    ['claude-3-5-sonnet-20241022', 3.5, false],
    ['anthropic.claude-sonnet-5', 5, false],
    ['omni-vision', undefined, false],
  ])('%s is version %s, always thinking: %s', (model, version, alwaysThinks) => {
    expect(claudeFamily(model)).toEqual({ version, alwaysThinks });
  });

  it.each([
    ['gemini-2.0-flash', 2],
    ['gemini-3.8-flash', 3.8],
    ['gemini-4-argon', 4],
    ['gemma-3-27b-it', undefined],
  ])('%s is Gemini %s', (model, version) => {
    expect(geminiFamily(model).version).toBe(version);
  });
});
