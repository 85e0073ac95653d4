/** The eye button of a key field needs its own accessible name. */
export const toggleLabel = { 'aria-label': 'Show or hide what you type' };
