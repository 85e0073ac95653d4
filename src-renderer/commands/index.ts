export { COMMAND_IDS, COMMANDS } from './catalogue';
export type { CommandId } from './catalogue';
export { COMMAND_GROUPS } from './definition';
export { CommandButton, CommandIcon } from './command-button';
export { useKeyboard } from './keyboard';
export { keyCaps } from './keys';
export { leaveScreen, notice, showNotice } from './notice';
export {
  runCommand,
  runWhenOffered,
  useCommands,
  useCommandState,
  useCommandStates,
  type CommandState,
} from './registry';
export { useListCursor } from './use-list-cursor';
export { SidePanel } from './side-panel';
