import * as z from 'zod';

export const REVIEW_ACTIONS = ['accept', 'correct', 'dismiss'] as const;
export const reviewActionSchema = z.enum(REVIEW_ACTIONS);
export type ReviewAction = z.infer<typeof reviewActionSchema>;

/** What was decided about an answer, in a word. */
export const REVIEW_DECISIONS: Readonly<Record<ReviewAction, string>> = {
  accept: 'accepted',
  correct: 'corrected',
  dismiss: 'dismissed',
};
