/** The eye button of a key field needs a name of its own. */
export const toggleLabel = { 'aria-label': 'Show or hide what you type' };
