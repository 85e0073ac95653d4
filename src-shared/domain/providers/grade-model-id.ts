import { claudeVersion } from './model-family';
import type { EvidenceGrade } from '../version';

/** How much a vendor's model ids prove (docs/providers.md#version-evidence), for each way of naming them. */

export function gradeOpenAiId(model: string): EvidenceGrade {
  // A fine-tuned model's id names one set of weights.
  if (model.startsWith('ft:')) return 'pinned_id';
  if (/-20\d\d-[01]\d-[0-3]\d$/.test(model)) return 'dated_snapshot';
  // gpt-4-0613, gpt-3.5-turbo-0125, gpt-4-1106-preview: snapshots named by month and day.
  if (/^gpt-(3\.5|4)-.*?[01]\d[0-3]\d(-preview)?$/.test(model)) return 'dated_snapshot';
  return 'alias_only';
}

export function gradeClaudeId(model: string): EvidenceGrade {
  if (/[-@]20\d{6}(-v\d+(:\d+)?)?$/.test(model)) return 'dated_snapshot';
  if (model.endsWith('-latest')) return 'alias_only';
  // From 4.6 on an id without a date is itself a pinned snapshot.
  return (claudeVersion(model) ?? 0) >= 4.6 ? 'pinned_id' : 'alias_only';
}

export function gradeGeminiId(model: string): EvidenceGrade {
  // -001, -09-2025, and the previews' month and day (-05-20).
  return /-(\d{3}|[01]\d-20\d\d|[01]\d-[0-3]\d)$/.test(model) ? 'dated_snapshot' : 'alias_only';
}
