export { changesOf, wordChanges } from './word-changes';
