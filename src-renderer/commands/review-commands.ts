import { define } from './definition';

const OPEN_REVIEW = 'Open Review first.';

/** Commands for answers that wait for review. */
export const REVIEW_COMMANDS = define({
  'review.accept': {
    title: 'Accept the answer',
    group: 'Review',
    keys: ['a'],
    within: 'review',
    unavailable: OPEN_REVIEW,
  },
  'review.edit': {
    title: 'Correct the answer',
    group: 'Review',
    keys: ['c'],
    within: 'review',
    unavailable: OPEN_REVIEW,
  },
  'review.correct': {
    title: 'Record the correction',
    group: 'Review',
    keys: ['Mod+Enter'],
    unavailable: OPEN_REVIEW,
  },
  'review.skip': {
    title: 'Next review item',
    group: 'Review',
    keys: ['s'],
    within: 'review',
    unavailable: OPEN_REVIEW,
  },
  'review.retry': {
    title: 'Parse the answer again',
    group: 'Review',
    keys: ['r'],
    within: 'review',
    unavailable: OPEN_REVIEW,
  },
  'review.dismiss': {
    title: 'Dismiss the answer…',
    group: 'Review',
    keys: ['x'],
    within: 'review',
    unavailable: OPEN_REVIEW,
  },
  'review.fold': {
    title: 'Expand or collapse a group of answers',
    group: 'Review',
    keys: ['o'],
    within: 'review',
    unavailable: OPEN_REVIEW,
  },
  'review.acceptGroup': {
    title: 'Accept all answers in the group…',
    group: 'Review',
    keys: ['Shift+A'],
    within: 'review',
    unavailable: OPEN_REVIEW,
  },
  'review.dismissGroup': {
    title: 'Dismiss all answers in the group…',
    group: 'Review',
    keys: ['Shift+X'],
    within: 'review',
    unavailable: OPEN_REVIEW,
  },
});
