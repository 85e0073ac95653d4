import * as z from 'zod';
import { option, repeated, text } from './command-spec';
import { variablesOption, wholeNumber } from './options';

/** What every list takes. */
export const PAGE = {
  limit: option('<n>', 'page size (default: 50)', wholeNumber(1, 500).default(50)),
  cursor: text('<cursor>', 'continue from the cursor of the previous page'),
};

export const VARIABLES = {
  var: repeated('<name=value>', 'a variable; repeatable', variablesOption),
  vars: text('<file>', 'variables from a JSON file'),
  file: repeated(
    '<name=path>',
    'an image or a file for a variable, stored first; repeatable',
    variablesOption,
  ),
};

/** For commands that take a template. */
export const WORKSPACE = text('<id>', 'the workspace in which a name is looked up');

/** For lists that can be narrowed to a template. */
export const OF_TEMPLATE = text('<template>', 'only for this template: an id, name, name@label or name@v3');

export const TARGET = option('<target>', 'connection:model or provider:model', z.string().optional());
