import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { COMMAND_IDS, COMMANDS, useCommandStates, type CommandId, type CommandState } from '../commands';
import { orpc } from '../rpc';
import { tailId, useFormat } from '../ui';

export interface PaletteEntry {
  readonly key: string;
  readonly kind: string;
  readonly title: string;
  readonly hint: string;
  readonly keys: string | undefined;
  /** Why it cannot be chosen, or null. */
  readonly disabled: string | null;
  run(): void;
}

type Kind = 'all' | 'commands' | 'templates' | 'runs' | 'help';

const PREFIXES: Readonly<Record<string, Kind>> = {
  '>': 'commands',
  '@': 'templates',
  '#': 'runs',
  '?': 'help',
};

/** What the palette offers for a query. Commands that cannot run stay listed, after the others, with the reason. */
export function usePaletteEntries(query: string): PaletteEntry[] {
  const kind = PREFIXES[query.charAt(0)] ?? 'all';
  const words = (kind === 'all' ? query : query.slice(1)).trim();
  const [settled] = useDebouncedValue(words, 40);
  const stateOf = useCommandStates();
  const templates = useTemplateEntries(
    settled,
    kind === 'templates' || kind === 'all',
    kind === 'all' ? 6 : 20,
  );
  const runs = useRunEntries(words, kind === 'runs');
  if (kind === 'templates') return templates;
  if (kind === 'runs') return runs;
  const commands = commandEntries(words, kind === 'help', stateOf);
  if (kind !== 'all') return commands;
  const ready = commands.filter((entry) => entry.disabled === null);
  const refused = commands.filter((entry) => entry.disabled !== null);
  // With nothing typed the last templates come first: opening one is what people do most.
  return words === '' ? [...templates, ...ready, ...refused] : [...ready, ...templates, ...refused];
}

function commandEntries(
  words: string,
  onlyWithKeys: boolean,
  stateOf: (id: CommandId) => CommandState,
): PaletteEntry[] {
  const entries = COMMAND_IDS.flatMap((id) => {
    const definition = COMMANDS[id];
    const keys = definition.keys?.[0];
    if (onlyWithKeys && !keys) return [];
    if (!matches(`${definition.title} ${definition.group}`, words)) return [];
    const state = stateOf(id);
    return [
      {
        key: id,
        kind: definition.group,
        title: definition.title,
        hint: '',
        keys,
        disabled: state.disabled,
        run: state.run,
      },
    ];
  });
  return entries.toSorted((a, b) => Number(a.disabled !== null) - Number(b.disabled !== null));
}

/** Every word must begin a word of the text. */
function matches(text: string, words: string): boolean {
  const hay = ` ${text.toLowerCase()}`;
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(` ${word}`) || (word.length > 2 && hay.includes(word)));
}

function useTemplateEntries(q: string, enabled: boolean, limit: number): PaletteEntry[] {
  const navigate = useNavigate();
  const { data } = useQuery(orpc.templates.list.queryOptions({ input: { limit, ...(q && { q }) }, enabled }));
  if (!enabled) return [];
  return (data?.items ?? []).map((template) => ({
    key: template.template_id,
    kind: 'Template',
    title: template.name,
    hint: [template.version_label, template.model_id].filter(Boolean).join(' · '),
    keys: undefined,
    disabled: null,
    run: () => void navigate({ to: '/templates/$templateId', params: { templateId: template.template_id } }),
  }));
}

function useRunEntries(words: string, enabled: boolean): PaletteEntry[] {
  const navigate = useNavigate();
  const format = useFormat();
  const batches = useQuery(orpc.batches.list.queryOptions({ input: { limit: 30 }, enabled }));
  const runs = useQuery(orpc.runs.list.queryOptions({ input: { limit: 60 }, enabled }));
  if (!enabled) return [];
  const comparisons = (batches.data?.items ?? []).map((batch) => ({
    key: batch.batch_id,
    kind: 'Comparison',
    title: batch.name ?? batch.template_name,
    hint: `${format.count(batch.total)} calls · ${batch.status} · ${format.when(batch.created_at)}`,
    keys: undefined,
    disabled: null,
    run: () => void navigate({ to: '/compare/$batchId', params: { batchId: batch.batch_id } }),
  }));
  const single = (runs.data?.items ?? []).map((run) => ({
    key: run.run_id,
    kind: 'Run',
    title: `${run.template_name} · ${run.model_id} · ${tailId(run.run_id)}`,
    hint: `${run.status.replace('_', ' ')} · ${format.when(run.executed_at)}`,
    keys: undefined,
    disabled: null,
    run: () => void navigate({ to: '/runs', search: { run: run.run_id } }),
  }));
  return [...comparisons, ...single]
    .filter((entry) => matches(`${entry.title} ${entry.hint}`, words))
    .slice(0, 40);
}
