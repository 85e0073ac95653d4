import type { BlockKind } from '../draft-messages';

export const KIND_NAMES: Readonly<Record<BlockKind, string>> = {
  system: 'System',
  user: 'User',
  assistant: 'Assistant',
  tool: 'Tool result',
  placeholder: 'Placeholder',
};

export const KIND_HINTS: Readonly<Record<BlockKind, string>> = {
  system: 'You are … Write what stays the same; {{ variables }} work here too.',
  user: 'Ask here. Write {{ variable }} for what changes from input to input.',
  assistant: 'What the model should have answered: an example.',
  tool: 'What the tool returned.',
  placeholder: '',
};
