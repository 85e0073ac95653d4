export { BREAKDOWNS, RANGE_NAMES } from './analytics-search';
export type { AnalyticsSearch, Breakdown, RangeName } from './analytics-search';
export type { RunsSearch } from './runs-search';
