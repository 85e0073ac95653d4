import { IconTemplate } from '@tabler/icons-react';
import { CommandButton } from '../../commands';
import { Empty } from '../../ui';

/** Shown on first start and when a search finds nothing. */
export function NoTemplates({
  query,
  filtered,
}: {
  readonly query: string | undefined;
  readonly filtered: boolean;
}) {
  if (filtered) {
    return (
      <Empty
        title={query ? `No prompt matches “${query}”` : 'No prompt matches these filters'}
        actions={<CommandButton id="list.clear" />}
      />
    );
  }
  return (
    <Empty
      icon={<IconTemplate size={32} stroke={1.4} aria-hidden />}
      title="Write a prompt once, know exactly which version answered"
      actions={
        <>
          <CommandButton id="sample.install" variant="filled">
            Try the sample comparison
          </CommandButton>
          <CommandButton id="template.new" showKeys />
        </>
      }
    >
      A template is frozen when you save it, so every run names the exact text it sent. The sample library
      needs no key and no network: a practice provider on this computer answers.
    </Empty>
  );
}
