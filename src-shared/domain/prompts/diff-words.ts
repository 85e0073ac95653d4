import type { JsonValue } from '../json/json-value';
import type { TemplateDiff } from './prompt';

/** One change of a template's structure, for a person. */
export interface ChangeInWords {
  readonly op: TemplateDiff['patch'][number]['op'];
  /** `Message 2`, `Tool 1: parameters.required`, `temperature`. */
  readonly what: string;
  /** Null where there was, or is, nothing. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface ChangesInWords {
  readonly subject: string;
  readonly changes: readonly ChangeInWords[];
}

/** Where a field of a template belongs on screen, and what it is called; `each`: it is a list, whose items have a number. */
const FIELDS: Readonly<Record<string, { subject: string; name?: string; each?: string }>> = {
  messages: { subject: 'Messages', each: 'Message' },
  tools: { subject: 'Tools', each: 'Tool' },
  tool_choice: { subject: 'Tools', name: 'Tool choice' },
  includes: { subject: 'Partials', each: 'Partial' },
  inference_params: { subject: 'Parameters' },
  response_schema: { subject: 'Response schema' },
  name: { subject: 'Settings', name: 'Name' },
  description: { subject: 'Settings', name: 'Description' },
  provider: { subject: 'Settings', name: 'Provider' },
  model_id: { subject: 'Settings', name: 'Model' },
  grounding_mode: { subject: 'Settings', name: 'Grounding' },
  als: { subject: 'Settings', name: 'Ambient block' },
  country_set: { subject: 'Settings', name: 'Countries' },
  model_version_constraint: { subject: 'Settings', name: 'Model version pin' },
  fingerprint_allowlist: { subject: 'Settings', name: 'Fingerprints' },
  tags: { subject: 'Settings', name: 'Tags' },
  version_label: { subject: 'Settings', name: 'Version label' },
};

/** A template's structural changes by subject, each in words: what an RFC 6902 patch says to a program. */
export function changesInWords(patch: TemplateDiff['patch']): ChangesInWords[] {
  const subjects = new Map<string, ChangeInWords[]>();
  for (const { op, path, value, before } of patch) {
    const [field = '', ...rest] = path.split('/').slice(1).map(unescaped);
    const known = FIELDS[field];
    const subject = known?.subject ?? 'Settings';
    const change = {
      op,
      what:
        known?.each === undefined ? named(known?.name ?? (known ? '' : field), rest) : item(known.each, rest),
      before: before === undefined ? null : inWords(before),
      after: value === undefined ? null : inWords(value),
    };
    subjects.set(subject, [...(subjects.get(subject) ?? []), change]);
  }
  return [...subjects].map(([subject, changes]) => ({ subject, changes }));
}

/** What a text of a `TemplateDiff` is called: `System`, `User`, `Message 2`. */
export function textTitle(path: string): string {
  if (path === '/system_instructions') return 'System';
  if (path === '/user_prompt_template') return 'User';
  return item('Message', path.split('/').slice(2, 3));
}

/** `Message 2: tool_calls.0.name`; items count from 1. */
function item(name: string, [index, ...rest]: readonly string[]): string {
  if (index === undefined) return `${name}s`;
  const number = Number(index);
  const which = `${name} ${Number.isInteger(number) ? number + 1 : index}`;
  return rest.length === 0 ? which : `${which}: ${rest.join('.')}`;
}

function named(name: string, rest: readonly string[]): string {
  const place = rest.join('.');
  if (name === '') return place === '' ? 'All of it' : place;
  return place === '' ? name : `${name}: ${place}`;
}

/** A part of a JSON pointer (RFC 6901, section 4). */
const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

/** A message as it reads: its role and what it says. Everything else as JSON, and text as it is. */
function inWords(value: JsonValue): string {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { role, content, placeholder, ...more } = value;
    const rest = Object.keys(more).length === 0 ? '' : `\n${JSON.stringify(more, null, 1)}`;
    if (typeof placeholder === 'string') return `placeholder ${placeholder}${rest}`;
    if (typeof role === 'string' && typeof content === 'string') return `${role}: ${content}${rest}`;
  }
  return JSON.stringify(value, null, 1);
}
