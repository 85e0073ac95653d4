export type { ResultFormat, ResultSource } from './format';
export { formatOf, writeFileWhole } from './result-file';
