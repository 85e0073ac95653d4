import type { CommandGroup, CommandSpec } from './command-spec';
import { assets } from './commands/assets';
import { audit } from './commands/audit';
import { backup } from './commands/backup';
import { batch } from './commands/batch';
import { compare } from './commands/compare';
import { connections } from './commands/connections';
import { costs } from './commands/costs';
import { demo } from './commands/demo';
import { doctor } from './commands/doctor';
import { get } from './commands/get';
import { hash } from './commands/hash';
import { link } from './commands/link';
import { partials } from './commands/partials';
import { prompts } from './commands/prompts';
import { providers } from './commands/providers';
import { restore } from './commands/restore';
import { review } from './commands/review';
import { run } from './commands/run';
import { runs } from './commands/runs';
import { sample } from './commands/sample';
import { serve } from './commands/serve';
import { simulate } from './commands/simulate';
import { sync } from './commands/sync';
import { templates } from './commands/templates';
import { versions } from './commands/versions';

/** Every command, alone or in its group, in the order of the help. */
export const TABLE: readonly (CommandSpec | CommandGroup)[] = [
  serve,
  link,
  demo,
  sample,
  prompts,
  get,
  templates,
  assets,
  partials,
  run,
  compare,
  batch,
  versions,
  providers,
  connections,
  runs,
  review,
  costs,
  hash,
  simulate,
  backup,
  restore,
  doctor,
  audit,
  sync,
];

export const COMMANDS: readonly CommandSpec[] = TABLE.flatMap((entry) =>
  'commands' in entry ? entry.commands : [entry],
);
