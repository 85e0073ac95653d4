import { useQuery } from '@tanstack/react-query';
import { failureOf, orpc } from '../../rpc';
import { FailureView, Section, useFormat } from '../../ui';
import classes from './templates.module.css';

/** Moves shown; the command line and the API have all of them. */
const SHOWN = 50;

/** Where the labels of a prompt pointed, newest first. */
export function LabelMoves({ promptId }: { readonly promptId: string }) {
  const format = useFormat();
  const moves = useQuery(orpc.prompts.labels.queryOptions({ input: { prompt_id: promptId, limit: SHOWN } }));
  if (moves.isError) {
    return <FailureView inline title="The history could not be loaded" {...failureOf(moves.error)} />;
  }
  if (!moves.data || moves.data.items.length === 0) return null;
  return (
    <Section title="History of labels">
      <ol className={classes.moves} aria-label="History of labels">
        {moves.data.items.map(({ move_id, label, version_number, moved_at, moved_by, approved_by }) => (
          <li key={move_id}>
            <span className={classes.label}>{label}</span>
            {version_number === null ? ' removed' : ` moved to v${version_number}`}
            {moved_by !== null && ` by ${moved_by}`}
            {approved_by !== null && `, approved by ${approved_by}`}
            <span className={classes.note} title={format.exactTime(moved_at)}>
              {' '}
              {format.when(moved_at)}
            </span>
          </li>
        ))}
      </ol>
      {moves.data.next_cursor !== null && <p className={classes.note}>Earlier moves are left out here.</p>}
    </Section>
  );
}
