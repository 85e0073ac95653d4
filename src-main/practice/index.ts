export { parseModelName } from './faults';
export type { Faults, ModelName } from './faults';
export type { JournalAnswer, JournalEntry, JournalRequest } from './journal';
export { compileScript, readScript } from './script';
export type { ScriptRule } from './script';
export { startPracticeServer } from './server';
export type { PracticeServer, PracticeServerOptions } from './server';
export { runSimulate } from './simulate';
export type { SimulateOptions } from './simulate';
