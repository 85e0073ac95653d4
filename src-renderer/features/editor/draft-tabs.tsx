import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { COMMANDS, keyCaps, showNotice, useCommands } from '../../commands';
import {
  anotherNewDocId,
  closedDrafts,
  draftAddress,
  pushClosed,
  takeClosed,
  useDraftList,
  writeDraft,
} from '../../drafts';
import { documentTitle, titleText, useDraftTitles, type DocumentTitle } from '../templates';
import { draftSchema } from './draft';
import {
  discardDraft,
  forgetReplaced,
  replacedIn,
  useEditor,
  useEditorStore,
  withSpace,
} from './draft-store';
import { forgetRun } from './run/draft-runs';
import classes from './draft-tabs.module.css';

interface OpenDocument {
  readonly docId: string;
  readonly title: DocumentTitle;
}

/** Every unfrozen draft and the open document, in the order in which they were begun. */
function useOpenDocuments(): OpenDocument[] {
  const docId = useEditor((state) => state.docId);
  const name = useEditor((state) => state.draft.name);
  const base = useEditor((state) => state.base);
  const dirty = useEditor((state) => state.dirty);
  const title = documentTitle(name, base, dirty);
  const drafts = useDraftList().toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  const titles = useDraftTitles(drafts);
  const open = { docId, title };
  const stored = drafts.map((draft, index) => ({
    docId: draft.docId,
    title: titles[index] ?? documentTitle(draft.name, null, true),
  }));
  return stored.some((draft) => draft.docId === docId)
    ? stored.map((draft) => (draft.docId === docId ? open : draft))
    : [...stored, open];
}

/** The drafts that are being worked on, side by side. Reserved even for one, so that nothing jumps when a second comes. */
export function DraftTabs() {
  const store = useEditorStore();
  const navigate = useNavigate();
  const documents = useOpenDocuments();
  const current = useEditor((state) => state.docId);
  const dirty = useEditor((state) => state.dirty);
  const at = documents.findIndex(({ docId }) => docId === current);

  const open = (docId: string): void => void navigate(draftAddress(docId));
  const step = (by: 1 | -1) => (): void => {
    const next = documents[(at + by + documents.length) % documents.length];
    if (next) open(next.docId);
  };
  const single = documents.length < 2 ? 'No other draft is open.' : undefined;

  const close = (): void => {
    const { docId, draft, base } = store.getState();
    // A new template's document is free again for another one; a version's keeps what belongs to it.
    const replaced = base ? [] : replacedIn(store);
    const closed = [
      ...replaced.map((kept) => ({ docId, name: kept.name, promptName: null, content: kept })),
      ...(dirty ? [{ docId, name: draft.name, promptName: base?.prompt_name ?? null, content: draft }] : []),
    ];
    if (!withSpace(() => closed.forEach(pushClosed))) return;
    if (!base) forgetReplaced(store);
    if (dirty) {
      discardDraft(store);
      if (!base) forgetRun(docId);
      const keys = keyCaps(COMMANDS['draft.reopen'].keys?.[0] ?? '').join('+');
      showNotice(`${draft.name || 'Untitled'} is closed. ${keys} reopens it.`, 'next screen');
    }
    const next = documents[at + 1] ?? documents[at - 1];
    if (next) open(next.docId);
    else void navigate({ to: '/templates' });
  };

  useCommands({
    'draft.next': { run: step(1), disabled: single },
    'draft.previous': { run: step(-1), disabled: single },
    'draft.close': close,
    'draft.reopen': {
      run: () => reopen(documents, open),
      disabled: closedDrafts().length === 0 ? 'No draft was closed.' : undefined,
    },
  });

  return (
    <nav className={classes.tabs} aria-label="Open drafts">
      {documents.map(({ docId, title }) =>
        docId === current ? (
          <span key={docId} className={classes.tab} data-current>
            <Link {...draftAddress(docId)} aria-current="page" className={classes.link}>
              <Title {...title} />
            </Link>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              aria-label={`Close ${titleText(title)}`}
              onClick={close}
            >
              <IconX size={13} aria-hidden />
            </ActionIcon>
          </span>
        ) : (
          <span key={docId} className={classes.tab}>
            <Link {...draftAddress(docId)} className={classes.link}>
              <Title {...title} />
            </Link>
          </span>
        ),
      )}
    </nav>
  );
}

function Title({ name, version }: DocumentTitle) {
  return (
    <>
      <bdi>{name}</bdi>
      {version !== null && <span> · {version}</span>}
    </>
  );
}

/** Brings back the draft that was closed last: beside another new one, but never over another draft of its template. */
function reopen(openDocuments: readonly OpenDocument[], open: (docId: string) => void): void {
  const closed = takeClosed();
  if (!closed) return;
  const content = draftSchema.safeParse(closed.content);
  if (!content.success) {
    showNotice('The closed draft cannot be read: another version of Prompter wrote it.');
    return;
  }
  const isTaken = openDocuments.some(({ docId }) => docId === closed.docId);
  const address = draftAddress(closed.docId);
  if (isTaken && address.to !== '/templates/new') {
    pushClosed(closed);
    showNotice(`${closed.name || 'Untitled'} is open with another text. Close that first.`);
    return;
  }
  const docId = isTaken ? anotherNewDocId() : closed.docId;
  writeDraft(docId, closed, content.data);
  open(docId);
}
