import * as z from 'zod';

export const REVIEW_ACTIONS = ['accept', 'correct', 'dismiss'] as const;
export const reviewActionSchema = z.enum(REVIEW_ACTIONS);
export type ReviewAction = z.infer<typeof reviewActionSchema>;

/** The decision about an answer, in one word. */
export const REVIEW_DECISIONS: Readonly<Record<ReviewAction, string>> = {
  accept: 'accepted',
  correct: 'corrected',
  dismiss: 'dismissed',
};
