import { Link } from '@tanstack/react-router';
import type {
  HistoryEntry,
  PromptOrder,
  PromptSort,
  PromptSummary,
  RunTotals,
} from '../../../src-shared/domain';
import { PinMark, type Column, type Format, type TreePlace } from '../../ui';
import type { PromptRow } from './prompt-rows';
import classes from './templates.module.css';

/** How the list is sorted, and how to sort it otherwise. */
export interface Sorting {
  readonly order: PromptOrder;
  sortBy(sort: PromptSort): void;
}

/** What a first click on a title gives: names from A, everything else from the most. */
export function firstOrder(sort: PromptSort): PromptOrder {
  return sort === 'name' ? sort : `-${sort}`;
}

export function isSortedBy(order: PromptOrder, sort: PromptSort): boolean {
  return order === sort || order === `-${sort}`;
}

export function reversed(order: PromptOrder): PromptOrder {
  const sort = SORTS.find((each) => isSortedBy(order, each)) ?? 'changed';
  return order === sort ? `-${sort}` : sort;
}

/** In the order of the columns. */
export const SORTS: readonly PromptSort[] = ['name', 'versions', 'runs', 'cost', 'last_run', 'changed'];

export function placeOf(row: PromptRow): TreePlace {
  return row.kind === 'prompt' ? { level: 1, expanded: row.expanded } : { level: 2, expanded: undefined };
}

export function promptColumns(
  format: Format,
  { order, sortBy }: Sorting,
  toggle: (promptId: string, open: boolean) => void,
): Column<PromptRow>[] {
  const sorted = (sort: PromptSort): Column<PromptRow>['sort'] => ({
    direction: isSortedBy(order, sort) ? (order === sort ? 'ascending' : 'descending') : undefined,
    onSort: () => sortBy(sort),
  });
  const totals = (render: (of: RunTotals) => React.ReactNode) => (row: PromptRow) =>
    row.kind === 'line' ? null : render(row.kind === 'version' ? row.version : row.prompt);
  return [
    {
      id: 'name',
      title: 'Name',
      width: 'minmax(200px, 3fr)',
      sort: sorted('name'),
      render(row) {
        if (row.kind === 'line') return <span className={classes.below}>{row.text}</span>;
        return row.kind === 'version' ? (
          <span className={classes.below}>
            <VersionName version={row.version} />
          </span>
        ) : (
          <PromptName
            prompt={row.prompt}
            expanded={row.expanded}
            onToggle={() => toggle(row.prompt.prompt_id, !row.expanded)}
          />
        );
      },
    },
    {
      id: 'versions',
      title: 'Version',
      width: '64px',
      align: 'end',
      sort: sorted('versions'),
      render(row) {
        if (row.kind !== 'prompt') return null;
        const { latest, versions } = row.prompt;
        return (
          <span title={format.plural(versions, 'version', 'versions')}>
            {latest === null || latest.version_number === null ? '' : `v${latest.version_number}`}
          </span>
        );
      },
    },
    {
      id: 'model',
      title: 'Models',
      width: 'minmax(100px, 1fr)',
      showFrom: 620,
      render(row) {
        if (row.kind === 'line') return null;
        const models = row.kind === 'version' ? [row.version.model_id] : row.prompt.models;
        const [first, ...more] = models;
        return (
          <span title={models.join(', ')}>
            {first}
            {more.length > 0 && <span className={classes.note}> +{more.length}</span>}
          </span>
        );
      },
    },
    {
      id: 'runs',
      title: 'Runs',
      width: '60px',
      align: 'end',
      sort: sorted('runs'),
      render: totals(({ runs, simulated_runs }) =>
        runs === null ? (
          <Unknown />
        ) : (
          <span title={simulated_runs ? `${format.count(simulated_runs)} of them practice runs` : undefined}>
            {runs === 0 ? '' : format.count(runs)}
          </span>
        ),
      ),
    },
    {
      id: 'cost',
      title: 'Cost',
      width: '84px',
      align: 'end',
      showFrom: 720,
      sort: sorted('cost'),
      render: totals((of) => <Cost of={of} format={format} />),
    },
    {
      id: 'last_run',
      title: 'Last run',
      width: '100px',
      align: 'end',
      showFrom: 860,
      sort: sorted('last_run'),
      render: totals(({ last_run_at }) => <When iso={last_run_at} format={format} />),
    },
    {
      id: 'changed',
      title: 'Changed',
      width: '108px',
      align: 'end',
      showFrom: 520,
      sort: sorted('changed'),
      render: (row) =>
        row.kind === 'line' ? null : (
          <When
            iso={row.kind === 'version' ? row.version.created_at : (row.prompt.latest?.created_at ?? null)}
            format={format}
          />
        ),
    },
  ];
}

interface PromptNameProps {
  readonly prompt: PromptSummary;
  readonly expanded: boolean;
  onToggle(): void;
}

function PromptName({ prompt, expanded, onToggle }: PromptNameProps) {
  const { name, latest, tags } = prompt;
  return (
    <span className={classes.prompt}>
      <button
        type="button"
        className={classes.toggle}
        tabIndex={-1}
        aria-label={`${expanded ? 'Collapse' : 'Expand'} ${name}`}
        onClick={(event) => {
          event.stopPropagation();
          onToggle();
        }}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        <span aria-hidden>{expanded ? '▾' : '▸'}</span>
      </button>
      {latest ? (
        <Link
          to="/templates/$templateId"
          params={{ templateId: latest.template_id }}
          className={classes.name}
          title={name}
          tabIndex={-1}
          preload={false}
        >
          {name}
        </Link>
      ) : (
        <span className={classes.name} title={name}>
          {name}
        </span>
      )}
      <Labels prompt={prompt} />
      {tags.map((tag) => (
        <span key={tag} className={classes.tag}>
          #{tag}
        </span>
      ))}
      {!prompt.active && <span className={classes.note}> inactive</span>}
      {prompt.archived && <span className={classes.note}> archived</span>}
      {latest?.description && <span className={classes.description}>{latest.description}</span>}
    </span>
  );
}

/** Labels that are shown beside a name; the others are counted. */
const LABELS_SHOWN = 2;

/** What is in force is told however long the name is: only the name and what follows are cut. */
function Labels({ prompt: { labels, latest } }: { readonly prompt: PromptSummary }) {
  const others = labels.slice(LABELS_SHOWN);
  return (
    <>
      {labels.slice(0, LABELS_SHOWN).map(({ label, version_number }) => (
        <span key={label} className={classes.label} title={titleOf({ label, version_number })}>
          <span className={classes.labelName}>{label}</span>
          {version_number !== latest?.version_number && version_number !== null && (
            <span className={classes.note}> v{version_number}</span>
          )}
        </span>
      ))}
      {others.length > 0 && (
        <span className={classes.label} title={others.map(titleOf).join(', ')}>
          +{others.length}
        </span>
      )}
    </>
  );
}

function titleOf({
  label,
  version_number,
}: Pick<PromptSummary['labels'][number], 'label' | 'version_number'>): string {
  return `${label} is version ${version_number ?? '?'}`;
}

/** Also the name of a version in its prompt's history. */
export function VersionName({ version }: { readonly version: HistoryEntry }) {
  const { template_id, version_number, version_label, message, labels, pinned_version_key } = version;
  return (
    <>
      <Link to="/templates/$templateId" params={{ templateId: template_id }} tabIndex={-1} preload={false}>
        {version_number === null ? 'Trial' : `v${version_number}`}
      </Link>
      {version_label && <span className={classes.note}> {version_label}</span>}
      {pinned_version_key !== null && <PinMark version={pinned_version_key} />}
      {labels.map((label) => (
        <span key={label} className={classes.label}>
          {label}
        </span>
      ))}
      {version.deleted_at && <span className={classes.note}> archived</span>}
      {message && <span className={classes.description}>{message}</span>}
    </>
  );
}

export function Cost({ of, format }: { readonly of: RunTotals; readonly format: Format }) {
  const { runs, simulated_runs, unpriced_runs, cost_usd } = of;
  if (runs === null) return <Unknown />;
  if (runs === simulated_runs) return null;
  return <span title={format.moneyExact(cost_usd)}>{format.sum(cost_usd, unpriced_runs ?? 0)}</span>;
}

export function When({ iso, format }: { readonly iso: string | null; readonly format: Format }) {
  return iso === null ? null : <span title={format.exactTime(iso)}>{format.when(iso)}</span>;
}

function Unknown() {
  return <span title="Statistics are off">?</span>;
}
