export type { ResultFormat, ResultSource } from './format';
export { assertWritable, assertWritableFile, formatOf, writeFileWhole } from './result-file';
