import { Link } from '@tanstack/react-router';
import { draftAddress, useDraftList } from '../../drafts';
import { useFormat } from '../../ui';
import { titleText, useDraftTitles } from './names/draft-titles';
import classes from './templates.module.css';

const SHOWN = 6;

/** Unfrozen drafts, so that none is forgotten. */
export function DraftStrip() {
  const drafts = useDraftList();
  const shown = drafts.slice(0, SHOWN);
  const titles = useDraftTitles(shown);
  const format = useFormat();
  if (drafts.length === 0) return null;
  return (
    <nav className={classes.drafts} aria-label="Drafts">
      <span>{format.plural(drafts.length, 'draft', 'drafts')}</span>
      {shown.map((draft, index) => (
        <Link key={draft.docId} {...draftAddress(draft.docId)} className={classes.draft}>
          <span className={classes.dot} aria-hidden />
          {titles[index] && titleText(titles[index])}
          <span className={classes.note}>{format.when(draft.savedAt)}</span>
        </Link>
      ))}
    </nav>
  );
}
