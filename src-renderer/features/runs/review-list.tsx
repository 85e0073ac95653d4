import { IconBan, IconCircleCheck, IconPencil } from '@tabler/icons-react';
import type { Review, ReviewAction, ReviewCase } from '../../../src-shared/domain';
import { Badge, TextBlock, useFormat } from '../../ui';
import classes from './runs.module.css';

const LOOKS = {
  accept: { tone: 'good', icon: IconCircleCheck, text: 'Accepted' },
  correct: { tone: 'good', icon: IconPencil, text: 'Corrected' },
  dismiss: { tone: 'plain', icon: IconBan, text: 'Dismissed' },
} as const;

export function ReviewBadge({ action }: { readonly action: ReviewAction }) {
  return <Badge {...LOOKS[action]} />;
}

interface ReviewListProps {
  readonly reviews: readonly Review[];
  readonly state: ReviewCase['state'];
}

/** Decisions about a run, latest first. */
export function ReviewList({ reviews, state }: ReviewListProps) {
  const format = useFormat();
  if (reviews.length === 0) return null;
  return (
    <ul className={classes.reviews} aria-label="Reviews">
      {reviews.map((review) => (
        <li key={review.review_id}>
          <ReviewBadge action={review.action} />{' '}
          <span className={classes.muted} title={format.exactTime(review.created_at)}>
            {format.when(review.created_at)}
            {review.reviewed_by !== null && ` by ${review.reviewed_by}`}
          </span>{' '}
          {review.reason}
          {review.corrected_text !== null && (
            <TextBlock text={review.corrected_text} label="Reviewed output" mono />
          )}
        </li>
      ))}
      {state === 'open' && <li className={classes.muted}>These refer to an earlier answer of this run.</li>}
    </ul>
  );
}
