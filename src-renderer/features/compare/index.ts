export { useComparePrevious } from './use-compare-previous';
