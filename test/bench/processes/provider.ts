/**
 * The practice provider as benchmarks call it. Usage: provider JOURNAL; prints `{"url"}` when it is ready. Unlike
 * `prompter simulate`, it writes its journal once per turn of the event loop: with 128 answers due at the same
 * moment, two writes each would delay the last ones, and the client would be blamed.
 */
import { startPracticeServer } from '../../../src-main/practice';

const [journalFile] = process.argv.slice(2);
const { url } = await startPracticeServer({ journalFile, journalSync: false, keepJournal: false });
process.stdout.write(`${JSON.stringify({ url })}\n`);
