import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { templateTitle } from '../../src-shared/domain';
import { COMMAND_IDS, COMMANDS, runWhenOffered, showNotice, useCommandStates } from '../commands';
import { orpc } from '../rpc';
import { runStatusName, tailId, useFormat } from '../ui';
import { recents, remember, type Recent } from './recents';

export interface PaletteEntry {
  readonly key: string;
  readonly kind: string;
  readonly title: string;
  readonly hint: string;
  readonly keys: string | undefined;
  /** Why it is disabled; null if it can be chosen. */
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

/** How many recent entries are offered before anything is typed. */
const RECENT = 6;
/** How many of them are looked at for that: some are the current page, or commands that are disabled. */
const RECENT_CHECKED = 12;
/** Runs are searched from this many characters on: fewer would match nearly all of them. */
const MIN_RUN_QUERY = 3;

/** How many templates are fetched and then matched by name. */
const TEMPLATES = 20;
/** The prefix of a run id, which `runs.list` accepts. */
const RUN_ID = /^[\da-f-]{8,36}$/i;
/** How soon to ask again while the search index is catching up. */
const SEARCH_POLL_MS = 400;

interface Found {
  readonly entries: PaletteEntry[];
  /** Whether results for this exact query are still pending. */
  readonly searching: boolean;
}
const NOTHING: Found = { entries: [], searching: false };

/**
 * The palette's entries for this query, never for an earlier one. Disabled commands stay listed last, with the
 * reason.
 */
export function usePaletteEntries(query: string): Found {
  const kind = PREFIXES[query.charAt(0)] ?? 'all';
  const words = (kind === 'all' ? query : query.slice(1)).trim();
  const [settled] = useDebouncedValue(words, 40);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const commands = useCommandEntries(words, kind === 'help');
  const latest = useRecentEntries(commands);
  const templates = useTemplateEntries(
    settled,
    kind === 'templates' || kind === 'all',
    kind === 'all' ? 6 : 20,
  );
  const searchesRuns = kind === 'all' && settled.length >= MIN_RUN_QUERY;
  const runs = useRunEntries(settled, kind === 'runs' || searchesRuns, kind === 'all' ? 5 : 40);
  const asks = kind === 'templates' || kind === 'runs' || kind === 'all';
  if (asks && settled !== words) {
    const known = kind === 'all' ? commands : [];
    return { entries: known, searching: true };
  }
  if (kind === 'templates') return templates;
  if (kind === 'runs') return runs;
  if (kind !== 'all') return { entries: commands, searching: false };
  const ready = commands.filter((entry) => entry.disabled === null);
  const refused = commands.filter((entry) => entry.disabled !== null);
  const searching = templates.searching || runs.searching;
  if (words !== '') {
    const records = RUNS_FIRST.some((place) => path.startsWith(place))
      ? [runs, templates]
      : [templates, runs];
    return { entries: [...ready, ...records.flatMap(({ entries }) => entries), ...refused], searching };
  }
  // With nothing typed: recent entries, what fits this screen, then the latest templates. Screens are in the rail.
  const first = latest.slice(0, RECENT);
  const here = ready.filter(({ rank }) => rank === Rank.here);
  return { entries: unique([...first, ...here, ...templates.entries, ...ready, ...refused]), searching };
}

/** Screens where a search more likely means a run or a comparison than a template. */
const RUNS_FIRST = ['/runs', '/compare', '/review'];

function unique(entries: readonly PaletteEntry[]): PaletteEntry[] {
  return entries.filter(({ key }, index) => entries.findIndex((entry) => entry.key === key) === index);
}

/** Order of enabled commands: those specific to this screen first, those that open a screen last. */
const Rank = { here: 0, anywhere: 1, list: 2, screen: 3, refused: 4 } as const;

interface CommandEntry extends PaletteEntry {
  readonly rank: number;
}

function useCommandEntries(words: string, onlyWithKeys: boolean): CommandEntry[] {
  const stateOf = useCommandStates();
  const navigate = useNavigate();
  const entries = COMMAND_IDS.flatMap((id): CommandEntry[] => {
    const { title, group, keys: [keys] = [], place, unavailable } = COMMANDS[id];
    if (onlyWithKeys && !keys) return [];
    if (!matches(`${title} ${group}`, words)) return [];
    const { attached, disabled, run } = stateOf(id);
    const goes = !attached && place !== undefined;
    const act = goes
      ? () => {
          runWhenOffered(id, (reason) => showNotice(`${title}: ${reason}`));
          void navigate({ to: place });
        }
      : run;
    const refusal = goes ? null : disabled;
    return [
      {
        key: id,
        kind: group === 'Go to' ? 'Screen' : group,
        title,
        hint: '',
        keys,
        disabled: refusal,
        rank:
          refusal !== null
            ? Rank.refused
            : group === 'Go to'
              ? Rank.screen
              : group === 'Lists' || group === 'General'
                ? Rank.list
                : attached && unavailable !== undefined
                  ? Rank.here
                  : Rank.anywhere,
        run() {
          if (group !== 'Lists') remember({ kind: 'command', id, title, hint: '' });
          act();
        },
      },
    ];
  });
  const used = recents((state) => state.items);
  const age = (id: string): number => {
    const at = words === '' ? -1 : used.findIndex((recent) => recent.id === id);
    return at < 0 ? used.length : at;
  };
  return entries.toSorted(
    (a, b) =>
      Number(a.rank === Rank.refused) - Number(b.rank === Rank.refused) ||
      age(a.key) - age(b.key) ||
      a.rank - b.rank,
  );
}

/** Recently opened records and commands that can be used again, except the current page. */
function useRecentEntries(commands: readonly PaletteEntry[]): PaletteEntry[] {
  const navigate = useNavigate();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const used = useCurrentTitles(recents((state) => state.items));
  return used.flatMap((recent): PaletteEntry[] => {
    if (recent.kind === 'command') {
      const entry = commands.find(({ key }) => key === recent.id);
      return entry?.disabled === null ? [entry] : [];
    }
    if (path.endsWith(`/${recent.id}`)) return [];
    return [recordEntry(recent, () => void navigate(addressOf(recent)))];
  });
}

/** Records may have been renamed since they were opened. */
function useCurrentTitles(items: readonly Recent[]): Recent[] {
  const checked = items.slice(0, RECENT_CHECKED);
  const templates = checked.filter(({ kind }) => kind === 'Template');
  const batches = checked.filter(({ kind }) => kind === 'Comparison');
  const titles = new Map([
    ...useQueries({
      queries: templates.map(({ id }) => orpc.templates.get.queryOptions({ input: { template_id: id } })),
    }).map(({ data }, index): [string | undefined, string | undefined] => [
      templates[index]?.id,
      data && templateTitle(data),
    ]),
    ...useQueries({
      queries: batches.map(({ id }) => orpc.batches.get.queryOptions({ input: { batch_id: id } })),
    }).map(({ data }, index): [string | undefined, string | undefined] => [
      batches[index]?.id,
      data && (data.name ?? data.prompt_name),
    ]),
  ]);
  return items.map((item) => ({ ...item, title: titles.get(item.id) ?? item.title }));
}

function addressOf({ kind, id }: Recent) {
  return kind === 'Comparison'
    ? ({ to: '/compare/$batchId', params: { batchId: id } } as const)
    : ({ to: '/templates/$templateId', params: { templateId: id } } as const);
}

function recordEntry({ kind, id, title, hint }: Omit<Recent, 'kind'> & { kind: string }, run: () => void) {
  return { key: id, kind, title, hint, keys: undefined, disabled: null, run };
}

/** Whether every word is the prefix of some word in the text. */
function matches(text: string, words: string): boolean {
  const hay = ` ${text.toLowerCase()}`;
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(` ${word}`) || (word.length > 2 && hay.includes(word)));
}

function useTemplateEntries(q: string, enabled: boolean, limit: number): Found {
  const navigate = useNavigate();
  const { data, isPending } = useQuery(
    orpc.templates.list.queryOptions({
      input: { limit: TEMPLATES, ...(q && { q }) },
      enabled,
      placeholderData: undefined,
    }),
  );
  if (!enabled) return NOTHING;
  const entries = (data?.items ?? []).map((template) =>
    recordEntry(
      {
        kind: 'Template',
        id: template.template_id,
        title: templateTitle(template),
        hint: [template.version_label, template.model_id].filter(Boolean).join(' · '),
      },
      () => void navigate({ to: '/templates/$templateId', params: { templateId: template.template_id } }),
    ),
  );
  // Title matches come before matches elsewhere in the text.
  const called = (entry: PaletteEntry): number => Number(q !== '' && matches(entry.title, q));
  return { entries: entries.toSorted((a, b) => called(b) - called(a)).slice(0, limit), searching: isPending };
}

/** Runs by words or id prefix; recent comparisons by what their row shows. */
function useRunEntries(words: string, enabled: boolean, limit: number): Found {
  const navigate = useNavigate();
  const format = useFormat();
  const isId = RUN_ID.test(words);
  const batches = useQuery(orpc.batches.list.queryOptions({ input: { limit: 100 }, enabled }));
  const byWords = useQuery(
    orpc.runs.list.queryOptions({
      input: { limit, ...(words && { q: words }) },
      enabled,
      placeholderData: undefined,
      refetchInterval: ({ state }) => (state.data && state.data.unsearched > 0 ? SEARCH_POLL_MS : false),
    }),
  );
  const byId = useQuery(
    orpc.runs.list.queryOptions({
      input: { limit, run_id_prefix: words },
      enabled: enabled && isId,
      placeholderData: undefined,
    }),
  );
  if (!enabled) return NOTHING;
  const comparisons = (batches.data?.items ?? [])
    .map((batch) =>
      recordEntry(
        {
          kind: 'Comparison',
          id: batch.batch_id,
          title: batch.name ?? batch.prompt_name,
          hint: `${format.count(batch.total)} calls · ${batch.status} · ${format.when(batch.created_at)}`,
        },
        () => void navigate({ to: '/compare/$batchId', params: { batchId: batch.batch_id } }),
      ),
    )
    .filter((entry) => matches(`${entry.title} ${entry.hint}`, words));
  const single = [...(byId.data?.items ?? []), ...(byWords.data?.items ?? [])].map((run) =>
    recordEntry(
      {
        kind: 'Run',
        id: run.run_id,
        title: `${templateTitle(run)} · ${run.model_id} · ${tailId(run.run_id)}`,
        hint: `${runStatusName(run.status)} · ${format.when(run.executed_at)}`,
      },
      () => void navigate({ to: '/runs', search: { run: run.run_id } }),
    ),
  );
  return {
    // Neither kind may crowd out the other.
    entries: unique([...comparisons.slice(0, Math.ceil(limit / 2)), ...single]).slice(0, limit),
    searching:
      byWords.isPending ||
      (byWords.data?.unsearched ?? 0) > 0 ||
      (isId && byId.isPending) ||
      batches.isPending,
  };
}
