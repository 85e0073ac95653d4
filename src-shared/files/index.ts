/** One strict reader for the files and pastes that people bring, on every host: exact, or refused with the place. */
export { decodeText } from './decode-text';
export { isExactNumber, lossOf, readExactJson } from './exact-json';
export { readInputFile, readPaste, type InputKind, type InputRows, type Paste } from './input-rows';
export { readParams, readSets, readValue, splitValues } from './params';
export { placeOf, problemInWords } from './reading';
export type { FileProblem, Reading } from './reading';
