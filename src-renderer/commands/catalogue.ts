import { SCREENS } from '../app/screens';
import { define } from './definition';
import { REVIEW_COMMANDS } from './review-commands';
import { screenCommands } from './screen-commands';
import { TEMPLATE_COMMANDS } from './template-commands';

const OPEN_LIST = 'Open a list first.';
const OPEN_EDITOR = 'Open a template first.';
const OPEN_MESSAGES = 'Open a template with several messages first.';
const OPEN_BATCH = 'Open a comparison first.';
const OPEN_PLAN = 'Open a new comparison first.';
const OPEN_RUN = 'Open a run first.';
const OPEN_VERSIONS = 'Open a template in Versions first.';
const OPEN_AUDIT = 'Open Audit first.';
const OPEN_ANALYTICS = 'Open Analytics first.';
const OPEN_PROVIDERS = 'Open Providers first.';

/**
 * Every command. The palette, the keyboard, tooltips and the help dialog derive from this list; screens attach
 * handlers with `useCommands`. No AltGr combinations: on many layouts they type text.
 */
export const COMMANDS = define({
  ...screenCommands(SCREENS),

  'app.palette': { title: 'Search and commands', group: 'General', keys: ['Mod+K'] },
  'app.open': { title: 'Open template…', group: 'General', keys: ['Mod+P'] },
  'app.help': { title: 'Keyboard shortcuts', group: 'General', keys: ['?'] },
  'app.rail': { title: 'Show or hide rail labels', group: 'General', keys: ['Mod+B'] },
  'pane.next': { title: 'Next pane', group: 'General', keys: ['F6'] },
  'pane.previous': { title: 'Previous pane', group: 'General', keys: ['Shift+F6'] },
  'text.leave': {
    title: 'Leave the text for the keys of the page',
    group: 'General',
    keys: ['Escape'],
    whileTyping: true,
  },
  'output.view': {
    title: 'Switch between formatted and raw output',
    group: 'General',
    keys: ['Shift+V'],
  },
  'panel.close': {
    title: 'Close the side panel',
    group: 'General',
    keys: ['Escape'],
    unavailable: 'No side panel is open.',
  },

  'list.next': { title: 'Next row', group: 'Lists', keys: ['j'], unavailable: OPEN_LIST },
  'list.previous': { title: 'Previous row', group: 'Lists', keys: ['k'], unavailable: OPEN_LIST },
  'list.open': { title: 'Open row', group: 'Lists', keys: ['Enter'], unavailable: OPEN_LIST },
  'list.peek': { title: 'Peek at row', group: 'Lists', keys: ['Space'], unavailable: OPEN_LIST },
  'list.search': { title: 'Search this list', group: 'Lists', keys: ['f'], unavailable: OPEN_LIST },
  'list.clear': { title: 'Clear filters', group: 'Lists', unavailable: OPEN_LIST },

  'tree.expand': {
    title: 'Expand the row, or go to its first',
    group: 'Lists',
    keys: ['ArrowRight'],
    within: 'tree',
    unavailable: OPEN_LIST,
  },
  'tree.collapse': {
    title: 'Collapse the row, or go to the one above it',
    group: 'Lists',
    keys: ['ArrowLeft'],
    within: 'tree',
    unavailable: OPEN_LIST,
  },

  ...TEMPLATE_COMMANDS,

  'template.freeze': {
    title: 'Freeze version',
    group: 'Editor',
    keys: ['Mod+S'],
    unavailable: OPEN_EDITOR,
  },
  'template.diff': {
    title: 'Diff against the base version',
    group: 'Editor',
    keys: ['Mod+D'],
    unavailable: OPEN_EDITOR,
  },
  'template.openDuplicate': {
    title: 'Open the identical template',
    group: 'Editor',
    unavailable: OPEN_EDITOR,
  },
  'draft.discard': { title: 'Discard draft', group: 'Editor', unavailable: OPEN_EDITOR },
  'draft.restore': { title: 'Restore the draft before', group: 'Editor', unavailable: OPEN_EDITOR },
  'draft.next': { title: 'Next open draft', group: 'Editor', keys: ['F9'], unavailable: OPEN_EDITOR },
  'draft.previous': {
    title: 'Previous open draft',
    group: 'Editor',
    keys: ['Shift+F9'],
    unavailable: OPEN_EDITOR,
  },
  'draft.close': { title: 'Close draft', group: 'Editor', keys: ['Mod+F9'], unavailable: OPEN_EDITOR },
  'draft.reopen': {
    title: 'Reopen the closed draft',
    group: 'Editor',
    keys: ['Mod+Shift+F9'],
    unavailable: OPEN_EDITOR,
  },
  'run.start': {
    title: 'Run what is on screen',
    group: 'Editor',
    keys: ['Mod+Enter'],
    unavailable: OPEN_EDITOR,
  },
  'run.stop': {
    title: 'Stop following the run',
    group: 'Editor',
    keys: ['Mod+.'],
    unavailable: 'No run is streaming.',
  },
  'message.add': { title: 'Add message', group: 'Editor', keys: ['F4'], unavailable: OPEN_EDITOR },
  'message.attach': {
    title: 'Attach images or files…',
    group: 'Editor',
    keys: ['F8'],
    unavailable: OPEN_EDITOR,
  },
  'message.partial': {
    title: 'Insert a partial…',
    group: 'Editor',
    keys: ['Shift+F8'],
    unavailable: OPEN_EDITOR,
  },
  'message.up': {
    title: 'Move message up',
    group: 'Editor',
    keys: ['Mod+F2'],
    unavailable: OPEN_MESSAGES,
  },
  'message.down': {
    title: 'Move message down',
    group: 'Editor',
    keys: ['Mod+Shift+F2'],
    unavailable: OPEN_MESSAGES,
  },
  'message.fold': {
    title: 'Fold message',
    group: 'Editor',
    keys: ['Shift+F2'],
    unavailable: OPEN_MESSAGES,
  },
  'message.remove': {
    title: 'Remove message',
    group: 'Editor',
    keys: ['Shift+F4'],
    unavailable: OPEN_MESSAGES,
  },
  'message.texts': { title: 'Back to two texts', group: 'Editor', unavailable: OPEN_MESSAGES },
  'editor.preview': {
    title: 'Show variables and preview',
    group: 'Editor',
    keys: ['Mod+1'],
    unavailable: OPEN_EDITOR,
  },
  'editor.parameters': {
    title: 'Show parameters and schema',
    group: 'Editor',
    keys: ['Mod+2'],
    unavailable: OPEN_EDITOR,
  },
  'editor.details': { title: 'Show details', group: 'Editor', keys: ['Mod+3'], unavailable: OPEN_EDITOR },
  'editor.run': { title: 'Show run panel', group: 'Editor', keys: ['Mod+4'], unavailable: OPEN_EDITOR },
  'editor.versions': {
    title: 'Show model versions and lineage',
    group: 'Editor',
    keys: ['Mod+5'],
    unavailable: OPEN_EDITOR,
  },
  'editor.tools': { title: 'Show tools', group: 'Editor', keys: ['Mod+6'], unavailable: OPEN_EDITOR },
  'version.check': { title: 'Check model version now', group: 'Editor', unavailable: OPEN_EDITOR },

  'compare.new': { title: 'New comparison', group: 'Compare', keys: ['c'] },
  'compare.previous': {
    title: 'Compare with the previous version',
    group: 'Compare',
    keys: ['s', 'Mod+Shift+D'],
    unavailable: 'Open a template or select one first.',
  },
  'compare.accept': {
    title: 'Pin what answers now, for columns left out',
    group: 'Compare',
    keys: ['p'],
    unavailable: OPEN_PLAN,
  },
  'compare.start': {
    title: 'Start comparison',
    group: 'Compare',
    keys: ['Mod+Shift+Enter'],
    unavailable: OPEN_PLAN,
  },
  'compare.clear': { title: 'Clear the comparison plan', group: 'Compare', unavailable: OPEN_PLAN },
  'compare.restore': { title: 'Restore the cleared plan', group: 'Compare', unavailable: OPEN_PLAN },
  'compare.addTarget': { title: 'Add column', group: 'Compare', unavailable: OPEN_PLAN },
  'compare.addInput': { title: 'Add input row', group: 'Compare', unavailable: OPEN_PLAN },
  'compare.importInputs': {
    title: 'Import inputs from a file…',
    group: 'Compare',
    unavailable: OPEN_PLAN,
  },
  'batch.pause': { title: 'Pause comparison', group: 'Compare', keys: ['Mod+.'], unavailable: OPEN_BATCH },
  'batch.resume': { title: 'Resume comparison', group: 'Compare', keys: ['Mod+.'], unavailable: OPEN_BATCH },
  'batch.retryUnknown': {
    title: 'Resume and retry unknown outcomes',
    group: 'Compare',
    unavailable: OPEN_BATCH,
  },
  'batch.retryFailed': { title: 'Retry failed', group: 'Compare', keys: ['r'], unavailable: OPEN_BATCH },
  'batch.exportCsv': { title: 'Download as CSV', group: 'Compare', unavailable: OPEN_BATCH },
  'batch.exportJson': { title: 'Download as JSON', group: 'Compare', unavailable: OPEN_BATCH },
  'batch.cancel': { title: 'Cancel the rest', group: 'Compare', unavailable: OPEN_BATCH },
  'grid.up': {
    title: 'Cell above',
    group: 'Compare',
    keys: ['ArrowUp', 'k'],
    within: 'grid',
    unavailable: OPEN_BATCH,
  },
  'grid.down': {
    title: 'Cell below',
    group: 'Compare',
    keys: ['ArrowDown', 'j'],
    within: 'grid',
    unavailable: OPEN_BATCH,
  },
  'grid.left': {
    title: 'Cell to the left',
    group: 'Compare',
    keys: ['ArrowLeft'],
    within: 'grid',
    unavailable: OPEN_BATCH,
  },
  'grid.right': {
    title: 'Cell to the right',
    group: 'Compare',
    keys: ['ArrowRight'],
    within: 'grid',
    unavailable: OPEN_BATCH,
  },
  'cell.inspect': {
    title: 'Inspect cell',
    group: 'Compare',
    keys: ['Enter', 'Space'],
    within: 'grid',
    unavailable: OPEN_BATCH,
  },
  'grid.baseline': {
    title: 'Set the column as baseline',
    group: 'Compare',
    keys: ['b'],
    unavailable: OPEN_BATCH,
  },
  'grid.diff': {
    title: 'Switch between output and diff',
    group: 'Compare',
    keys: ['w'],
    unavailable: OPEN_BATCH,
  },
  'grid.expand': {
    title: 'Expand or collapse the row',
    group: 'Compare',
    keys: ['o'],
    unavailable: OPEN_BATCH,
  },
  'grid.repeats': {
    title: 'Expand or collapse repeats',
    group: 'Compare',
    keys: ['x'],
    unavailable: OPEN_BATCH,
  },
  'grid.all': { title: 'Show all rows', group: 'Compare', keys: ['1'], unavailable: OPEN_BATCH },
  'grid.different': {
    title: 'Show rows with different outputs',
    group: 'Compare',
    keys: ['2'],
    unavailable: OPEN_BATCH,
  },
  'grid.errors': { title: 'Show rows with errors', group: 'Compare', keys: ['3'], unavailable: OPEN_BATCH },
  'grid.slow': { title: 'Show slow rows', group: 'Compare', keys: ['4'], unavailable: OPEN_BATCH },
  'grid.sort': { title: 'Sort by the next metric', group: 'Compare', keys: ['q'], unavailable: OPEN_BATCH },
  'grid.height': { title: 'Change row height', group: 'Compare', keys: ['z'], unavailable: OPEN_BATCH },
  'grid.hide': { title: 'Hide the column', group: 'Compare', keys: ['h'], unavailable: OPEN_BATCH },
  'grid.showColumns': { title: 'Show all columns', group: 'Compare', keys: ['i'], unavailable: OPEN_BATCH },

  'runs.views': {
    title: 'Saved views…',
    group: 'Runs',
    keys: ['v'],
    unavailable: 'Open Runs first.',
    place: '/runs',
  },
  'run.raw': { title: 'Download the raw answer', group: 'Runs', keys: ['d'], unavailable: OPEN_RUN },
  'run.copyOutput': { title: 'Copy the output', group: 'Runs', keys: ['y'], unavailable: OPEN_RUN },
  'run.template': { title: "Open the run's template", group: 'Runs', unavailable: OPEN_RUN },

  ...REVIEW_COMMANDS,

  'connection.add': { title: 'Add connection', group: 'Providers', keys: ['a'] },
  'connection.test': {
    title: 'Test connection',
    group: 'Providers',
    keys: ['t'],
    unavailable: OPEN_PROVIDERS,
  },
  'connection.edit': { title: 'Edit connection…', group: 'Providers', unavailable: OPEN_PROVIDERS },
  'connection.secret': { title: 'Replace key…', group: 'Providers', unavailable: OPEN_PROVIDERS },
  'connection.archive': { title: 'Remove connection…', group: 'Providers', unavailable: OPEN_PROVIDERS },
  'connection.models': { title: 'Refresh model list', group: 'Providers', unavailable: OPEN_PROVIDERS },

  'version.pin': {
    title: 'Pin the latest version seen…',
    group: 'Versions',
    keys: ['p'],
    unavailable: OPEN_VERSIONS,
  },
  'version.unpin': { title: 'Unpin…', group: 'Versions', unavailable: OPEN_VERSIONS },

  'audit.verify': { title: 'Verify audit log', group: 'Audit', unavailable: OPEN_AUDIT, place: '/audit' },
  'audit.export': { title: 'Export audit log…', group: 'Audit', unavailable: OPEN_AUDIT, place: '/audit' },
  'audit.checkpoint': {
    title: 'Show the signed checkpoint',
    group: 'Audit',
    unavailable: OPEN_AUDIT,
    place: '/audit',
  },
  'backup.create': { title: 'Back up now', group: 'General' },
  'sync.push': { title: 'Sync now', group: 'Sync' },
  'sync.pause': { title: 'Pause sync', group: 'Sync' },
  'sync.resume': { title: 'Resume sync', group: 'Sync' },
  'sync.connect': { title: 'Connect a team database…', group: 'Sync', keys: ['u'] },
  'analytics.day': {
    title: 'Show the last 24 hours',
    group: 'Analytics',
    unavailable: OPEN_ANALYTICS,
    place: '/analytics',
  },
  'analytics.week': {
    title: 'Show the last 7 days',
    group: 'Analytics',
    unavailable: OPEN_ANALYTICS,
    place: '/analytics',
  },
  'analytics.month': {
    title: 'Show the last 30 days',
    group: 'Analytics',
    unavailable: OPEN_ANALYTICS,
    place: '/analytics',
  },
  'analytics.quarter': {
    title: 'Show the last 90 days',
    group: 'Analytics',
    unavailable: OPEN_ANALYTICS,
    place: '/analytics',
  },
  'analytics.practice': {
    title: 'Switch between practice and real runs',
    group: 'Analytics',
    unavailable: OPEN_ANALYTICS,
    place: '/analytics',
  },
  'analytics.exportCsv': {
    title: 'Export costs as CSV',
    group: 'Analytics',
    unavailable: OPEN_ANALYTICS,
    place: '/analytics',
  },
  'budget.set': {
    title: 'Set budget…',
    group: 'Analytics',
    keys: ['b'],
    unavailable: OPEN_ANALYTICS,
    place: '/analytics',
  },

  'theme.system': { title: 'Theme: follow the system', group: 'Appearance' },
  'theme.light': { title: 'Theme: light', group: 'Appearance' },
  'theme.dark': { title: 'Theme: dark', group: 'Appearance' },
  'density.compact': { title: 'Density: compact', group: 'Appearance' },
  'density.comfortable': { title: 'Density: comfortable', group: 'Appearance' },
  'keys.single': { title: 'Turn single-key shortcuts on or off', group: 'Appearance' },
});

export type CommandId = keyof typeof COMMANDS;

export const COMMAND_IDS = Object.keys(COMMANDS).filter(isCommandId);

export function isCommandId(id: string): id is CommandId {
  return Object.hasOwn(COMMANDS, id);
}
