import { describe, expect, it } from 'vitest';
import { gradeVersion, versionName } from './grade-version';
import { claudeVersion, isOpenAiReasoningModel } from './model-family';
import type { ResponseApi } from './protocols';

function grade(api: ResponseApi, echoed: string | null, fingerprint: string | null = null) {
  const evidence = {
    requested_model: 'asked',
    echoed_model: echoed,
    system_fingerprint: fingerprint,
    extra: {},
  };
  const { provider_version_key, evidence_grade } = gradeVersion({ providerId: 'p', api, evidence });
  return [provider_version_key, evidence_grade];
}

describe('version evidence is graded', () => {
  it.each([
    ['openai.chat_completions', 'gpt-4o-2024-08-06', 'fp_6bcd8a', 'fp_6bcd8a', 'fingerprint'],
    ['openai.chat_completions', 'llama3:8b', 'fp_ollama', 'llama3:8b', 'alias_only'],
    ['openai.chat_completions', 'm', 'b9251-e2b129e1b', 'b9251-e2b129e1b', 'server_build'],
    ['openai.chat_completions', 'm', 'vllm-0.23.0-tp2-abc', 'vllm-0.23.0-tp2-abc', 'server_build'],
    ['openai.responses', 'gpt-4o-2024-08-06', null, 'gpt-4o-2024-08-06', 'dated_snapshot'],
    ['openai.responses', 'gpt-4-0613', '', 'gpt-4-0613', 'dated_snapshot'],
    [
      'openai.responses',
      'ft:gpt-4o-mini-2024-07-18:acme::abc',
      null,
      'ft:gpt-4o-mini-2024-07-18:acme::abc',
      'pinned_id',
    ],
    ['openai.responses', 'gpt-6-luna', null, 'gpt-6-luna', 'alias_only'],
    ['openai.responses', null, null, 'unknown', 'none'],
    ['anthropic.messages', 'claude-3-opus-20240229', null, 'claude-3-opus-20240229', 'dated_snapshot'],
    [
      'anthropic.messages',
      'claude-sonnet-4-5-20250929',
      null,
      'claude-sonnet-4-5-20250929',
      'dated_snapshot',
    ],
    ['anthropic.messages', 'claude-opus-4-6', null, 'claude-opus-4-6', 'pinned_id'],
    ['anthropic.messages', 'claude-opus-5-5', null, 'claude-opus-5-5', 'pinned_id'],
    ['anthropic.messages', 'claude-sonnet-5', null, 'claude-sonnet-5', 'pinned_id'],
    ['anthropic.messages', 'claude-opus-4-1', null, 'claude-opus-4-1', 'alias_only'],
    ['anthropic.messages', 'claude-3-5-sonnet-latest', null, 'claude-3-5-sonnet-latest', 'alias_only'],
    ['gemini.generate_content', 'gemini-2.0-flash-001', null, 'gemini-2.0-flash-001', 'dated_snapshot'],
    [
      'gemini.generate_content',
      'gemini-2.5-flash-preview-09-2025',
      null,
      'gemini-2.5-flash-preview-09-2025',
      'dated_snapshot',
    ],
    ['gemini.generate_content', 'gemini-3.8-flash', null, 'gemini-3.8-flash', 'alias_only'],
  ] as const)('%s %s %s', (api, echoed, fingerprint, key, expected) => {
    expect(grade(api, echoed, fingerprint)).toEqual([key, expected]);
  });
});

it('families are read from ids', () => {
  expect(
    [
      'claude-opus-4-6',
      'claude-3-5-sonnet-20241022',
      'claude-sonnet-4-20250514',
      'claude-2.1',
      'claude-instant',
    ].map(claudeVersion),
  ).toEqual([4.6, 3.5, 4, 2.1, null]);
  expect(['o1', 'o3-mini', 'gpt-5', 'gpt-6.1-sol'].every(isOpenAiReasoningModel)).toBe(true);
  expect(['gpt-4o', 'gpt-5-chat-latest', 'gpt-oss-20b', 'llama'].some(isOpenAiReasoningModel)).toBe(false);
});

it('a version is named in words by its key, or by the start of one that has no end', () => {
  expect(versionName('gpt-4o-2024-08-06')).toBe('gpt-4o-2024-08-06');
  expect(versionName('a'.repeat(120))).toHaveLength(120);
  expect(versionName(`${'a'.repeat(119)}😀${'b'.repeat(9)}`)).toBe(`${'a'.repeat(119)}… (130 characters)`);
});
