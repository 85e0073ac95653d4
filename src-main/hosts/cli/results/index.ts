export { assertWritable, assertWritableFile, formatOf, writeFileWhole } from './result-file';
