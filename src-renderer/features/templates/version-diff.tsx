import { useQuery } from '@tanstack/react-query';
import { SidePanel } from '../../commands';
import { versionTitle, type TemplateDiff } from '../../../src-shared/domain';
import { failureOf, orpc } from '../../rpc';
import { FailureView, Mono, Note, Section, Waiting, WordChanges } from '../../ui';
import classes from './templates.module.css';

interface VersionDiffProps {
  readonly from: string;
  readonly to: string;
  onClose(): void;
}

/** How one version became another: texts word by word, everything else by structure. */
export function VersionDiff({ from, to, onClose }: VersionDiffProps) {
  const query = useQuery(orpc.templates.diff.queryOptions({ input: { from, to } }));
  const diff = query.data;
  return (
    <SidePanel
      label="Diff"
      title={diff ? `${versionTitle(diff.from)} → ${versionTitle(diff.to)}` : 'Diff'}
      onClose={onClose}
      wide
    >
      {query.isError ? (
        <FailureView inline title="The versions could not be compared" {...failureOf(query.error)} />
      ) : diff ? (
        <Changes diff={diff} />
      ) : (
        <Waiting lines={8} />
      )}
    </SidePanel>
  );
}

const TEXTS: Readonly<Record<string, string>> = {
  '/system_instructions': 'System',
  '/user_prompt_template': 'User',
};

function Changes({ diff: { texts, patch, same_configuration } }: { readonly diff: TemplateDiff }) {
  return (
    <>
      {same_configuration && <Note>The same is sent to the model.</Note>}
      {texts.length + patch.length === 0 && <Note>No differences.</Note>}
      {texts.map(({ path, changes }) => (
        <Section key={path} title={TEXTS[path] ?? `Message ${messageOf(path)}`}>
          <div className={classes.changedText}>
            <WordChanges changes={changes} />
          </div>
        </Section>
      ))}
      {patch.length > 0 && (
        <Section title="Settings">
          <ul className={classes.patch} aria-label="Changed settings">
            {patch.map(({ op, path, value, before }, index) => (
              <li key={index}>
                <Mono>{path.slice(1)}</Mono>
                {op !== 'add' && <del>{shown(before)}</del>}
                {op !== 'remove' && <ins>{shown(value)}</ins>}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** Messages count from 1 on screen. */
function messageOf(path: string): string {
  const index = Number(path.split('/')[2]);
  return Number.isInteger(index) ? String(index + 1) : path;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}
