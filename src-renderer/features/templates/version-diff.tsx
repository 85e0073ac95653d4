import { useQuery } from '@tanstack/react-query';
import { SidePanel } from '../../commands';
import { changesInWords, textTitle, versionTitle, type TemplateDiff } from '../../../src-shared/domain';
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

function Changes({ diff: { texts, patch, same_configuration } }: { readonly diff: TemplateDiff }) {
  return (
    <>
      {same_configuration && <Note>The same is sent to the model.</Note>}
      {texts.length + patch.length === 0 && <Note>No differences.</Note>}
      {texts.map(({ path, changes }) => (
        <Section key={path} title={textTitle(path)}>
          <div className={classes.changedText}>
            <WordChanges changes={changes} />
          </div>
        </Section>
      ))}
      {changesInWords(patch).map(({ subject, changes }) => (
        <Section key={subject} title={subject}>
          <ul className={classes.patch} aria-label={`Changes: ${subject}`}>
            {changes.map(({ what, before, after }, index) => (
              <li key={index}>
                <Mono>{what}</Mono>
                {before !== null && <del>{before}</del>}
                {after !== null && <ins>{after}</ins>}
              </li>
            ))}
          </ul>
        </Section>
      ))}
    </>
  );
}
