export { ComparisonPage } from './comparison-page';
export { ComparisonsPage } from './comparisons-page';
export { NewComparisonPage } from './plan/new-comparison-page';
