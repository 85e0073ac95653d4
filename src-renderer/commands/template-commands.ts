import { define } from './definition';

const SELECT_PROMPT = 'Select a prompt first.';
const OPEN_HISTORY = "Open a prompt's history first.";

/** Commands of the list of prompts and of their histories. */
export const TEMPLATE_COMMANDS = define({
  'template.new': { title: 'New template', group: 'Templates', keys: ['n', 'Mod+N'] },
  'sample.install': { title: 'Add the sample library', group: 'Templates' },
  'template.label': {
    title: 'Labels…',
    group: 'Templates',
    keys: ['l'],
    unavailable: 'Select a template first.',
  },
  'template.archive': {
    title: 'Archive template',
    group: 'Templates',
    keys: ['e'],
    unavailable: 'Select a template first.',
  },
  'template.compare': {
    title: 'Compare models with this template…',
    group: 'Templates',
    keys: ['m'],
    unavailable: 'Select a template first.',
  },
  'prompt.history': {
    title: 'History of the prompt',
    group: 'Templates',
    keys: ['h'],
    unavailable: SELECT_PROMPT,
  },
  'prompt.rename': {
    title: 'Rename the prompt…',
    group: 'Templates',
    keys: ['F2'],
    unavailable: SELECT_PROMPT,
  },
  'prompt.active': {
    title: 'Set the prompt inactive or active',
    group: 'Templates',
    unavailable: SELECT_PROMPT,
  },
  'version.diff': {
    title: 'Diff with the base version',
    group: 'Templates',
    keys: ['d'],
    unavailable: OPEN_HISTORY,
  },
  'version.base': {
    title: 'Set as the base of diffs',
    group: 'Templates',
    keys: ['b'],
    unavailable: OPEN_HISTORY,
  },
  'version.restore': {
    title: 'Edit as a child of this version',
    group: 'Templates',
    keys: ['r'],
    unavailable: OPEN_HISTORY,
  },
  'history.trials': {
    title: 'Show or hide trials',
    group: 'Templates',
    keys: ['t'],
    unavailable: OPEN_HISTORY,
  },
  'templates.sort': {
    title: 'Sort by the next column',
    group: 'Templates',
    keys: ['q'],
    unavailable: 'Open Templates first.',
  },
  'templates.reverse': {
    title: 'Reverse the order',
    group: 'Templates',
    keys: ['Shift+Q'],
    unavailable: 'Open Templates first.',
  },
  'templates.inactive': {
    title: 'Include inactive prompts',
    group: 'Templates',
    unavailable: 'Open Templates first.',
    place: '/templates',
  },
  'templates.archived': {
    title: 'Include archived prompts',
    group: 'Templates',
    unavailable: 'Open Templates first.',
    place: '/templates',
  },
});
