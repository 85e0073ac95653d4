import {
  IconAlertOctagonFilled,
  IconAlertTriangle,
  IconCircleCheck,
  IconHelpCircle,
  IconLock,
} from '@tabler/icons-react';
import { templateTitle } from '../../../../src-shared/domain';
import { CommandButton } from '../../../commands';
import { shortId } from '../../../ui';
import { useEditor, type Duplicate } from '../draft-store';
import { useDuplicateCheck } from './use-duplicate-check';
import classes from './duplicate-bar.module.css';

/** Says while you type whether this configuration exists. Its height is reserved, so that nothing jumps. */
export function DuplicateBar() {
  useDuplicateCheck();
  const duplicate = useEditor((state) => state.duplicate);
  return (
    <div className={classes.bar} data-kind={duplicate.kind} role="status" aria-label="Duplicate check">
      <Answer duplicate={duplicate} />
    </div>
  );
}

function Answer({ duplicate }: { readonly duplicate: Duplicate }) {
  const base = useEditor((state) => state.base);
  const dirty = useEditor((state) => state.dirty);
  const newer = useEditor((state) => state.newerPartials.join(', '));
  switch (duplicate.kind) {
    case 'unchecked':
      return (
        <>
          <IconHelpCircle size={15} aria-hidden /> Not checked: {duplicate.reason}
        </>
      );
    case 'checking':
      return <span className={classes.quiet}>Checking for an identical template</span>;
    case 'frozen':
      return (
        <>
          <IconLock size={15} aria-hidden />
          {dirty
            ? `Same configuration as ${base ? templateTitle(base) : 'its base'}`
            : newer === ''
              ? 'Frozen. Typing starts a draft'
              : `Frozen with an earlier text of ${newer}. Freezing makes a version with the newest`}
          <Hash sha256={duplicate.sha256} />
        </>
      );
    case 'unique':
      return (
        <>
          <IconCircleCheck size={15} aria-hidden />
          {base && !base.trial
            ? `Draft of a new version of ${base.prompt_name}${base.version_label ? ` (${base.version_label})` : ''}`
            : 'Draft'}
          {newer !== '' && `, with the newest text of ${newer}`}, no identical template
          <Hash sha256={duplicate.sha256} />
        </>
      );
    case 'near':
      return (
        <>
          <IconAlertTriangle size={15} aria-hidden />
          {Math.round(duplicate.closest * 100)}% similar to{' '}
          {duplicate.matches === 1 ? 'one template' : `${duplicate.matches} templates`}
        </>
      );
    case 'exact':
      return (
        <>
          <IconAlertOctagonFilled size={15} aria-hidden />
          <span>
            Identical to <strong>{duplicate.name}</strong>
          </span>
          <span className={classes.actions}>
            <CommandButton id="template.openDuplicate" size="compact-xs">
              Open
            </CommandButton>
            <CommandButton id="template.diff" size="compact-xs">
              Diff
            </CommandButton>
          </span>
        </>
      );
  }
}

function Hash({ sha256 }: { readonly sha256: string }) {
  return (
    <code className={classes.hash} title={`config_sha256 ${sha256}`}>
      {shortId(sha256)}
    </code>
  );
}
