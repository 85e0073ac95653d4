export type { ResultFormat, ResultSource } from './format';
export { assertWritable, formatOf, writeFileWhole } from './result-file';
