import { AppError, notFound, type Review } from '../../src-shared/domain';
import type { Service } from '../../src-main/ports';

/** A queue in which nothing waits, of a core whose answers are all readable. */
export const fakeReview: Service<'review'> = {
  list: () => ({
    items: [],
    next_cursor: null,
    totals: { open: 0, accepted: 0, corrected: 0, dismissed: 0 },
  }),
  groups: () => ({
    items: [],
    grouped: 0,
    totals: { open: 0, accepted: 0, corrected: 0, dismissed: 0 },
  }),
  get({ run_id }) {
    throw notFound('run', run_id);
  },
  check: () => ({ valid: true, problems: [] }),
  decide({ run_id }): Review {
    throw new AppError('REVIEW_STATE', 'This answer needs no review.', { data: { run_id } });
  },
  decideMany: ({ run_ids }) =>
    Promise.resolve({
      decided: [],
      refused: run_ids.map((run_id) => ({
        run_id,
        code: 'REVIEW_STATE',
        message: 'This answer needs no review.',
      })),
    }),
};
