/**
 * The practice provider as benchmarks call it. Usage: provider JOURNAL; prints `{"url"}` when it is ready. Unlike `prompter
 * simulate` it writes its journal once a turn of the event loop: with 128 answers due at the same moment, two writes for each
 * would make the last ones late, and their lateness would be counted as the client's.
 */
import { startPracticeServer } from '../../../src-main/practice';

const [journalFile] = process.argv.slice(2);
const { url } = await startPracticeServer({ journalFile, journalSync: false, keepJournal: false });
process.stdout.write(`${JSON.stringify({ url })}\n`);
