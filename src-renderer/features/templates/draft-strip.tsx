import { Link } from '@tanstack/react-router';
import { draftAddress, useDraftList } from '../../drafts';
import { useFormat } from '../../ui';
import classes from './templates.module.css';

/** Unfrozen drafts, so that none is forgotten. */
export function DraftStrip() {
  const drafts = useDraftList();
  const format = useFormat();
  if (drafts.length === 0) return null;
  return (
    <nav className={classes.drafts} aria-label="Drafts">
      <span>{format.plural(drafts.length, 'draft', 'drafts')}</span>
      {drafts.slice(0, 6).map((draft) => (
        <Link key={draft.docId} {...draftAddress(draft.docId)} className={classes.draft}>
          <span className={classes.dot} aria-hidden />
          {draft.name || 'Untitled'}
          <span className={classes.note}>{format.when(draft.savedAt)}</span>
        </Link>
      ))}
    </nav>
  );
}
