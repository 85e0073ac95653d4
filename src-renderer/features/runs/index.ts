export { FailureText } from './failure-text';
export { promptParts } from './prompt-parts';
export { ReviewBadge, ReviewList } from './review-list';
export { RunDetails } from './run-details';
export { RunPanel } from './run-panel';
export { UsageLine } from './usage-line';
