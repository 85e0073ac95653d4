import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { templateTitle, type TemplateSummary } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { api, failureOf, orpc } from '../../rpc';
import { FailureView, GradeBadge, Mono, Note, Section, useFormat } from '../../ui';
import { useEditor, useEditorStore } from './draft-store';
import classes from './editor.module.css';

/** Model versions seen with this template, and its lineage. */
export function VersionsTab() {
  const base = useEditor((state) => state.base);
  if (!base) return <Note>Versions are recorded once the template is frozen.</Note>;
  return (
    <>
      <ModelVersions templateId={base.template_id} />
      <Lineage templateId={base.template_id} />
    </>
  );
}

const WHY_UNVERIFIED = {
  probes_off: ' is the last known version. Probes are off.',
  offline: ' is the last known version. The server cannot be reached.',
} as const;

function ModelVersions({ templateId }: { readonly templateId: string }) {
  const store = useEditorStore();
  const format = useFormat();
  const { data } = useQuery(orpc.versions.list.queryOptions({ input: { template_id: templateId } }));
  const check = useMutation({
    mutationFn: () => api.versions.ensure({ template_id: templateId, force: true }),
  });
  useCommands({
    'version.check': {
      run: () => {
        store.setState({ tab: 'versions' });
        check.mutate();
      },
      disabled: check.isPending ? 'A check is already running.' : undefined,
    },
  });
  const versions = data?.items ?? [];
  return (
    <Section
      title="Model versions seen"
      actions={
        <CommandButton id="version.check" size="compact-xs" loading={check.isPending}>
          Check now
        </CommandButton>
      }
    >
      {check.isError && (
        <FailureView inline title="The version was not checked" {...failureOf(check.error)} />
      )}
      {check.data && (
        <p className={classes.fieldState} role="status">
          {!check.data.verified ? 'Unverified: ' : check.data.created ? 'New version: ' : 'Still '}
          <Mono>{check.data.provider_version_key}</Mono>
          {check.data.unverified_reason !== null && WHY_UNVERIFIED[check.data.unverified_reason]}
        </p>
      )}
      {versions.length === 0 ? (
        <Note>None yet. A run or a check records the version that answers.</Note>
      ) : (
        <ul className={classes.versions}>
          {versions.map((version) => (
            <li key={version.version_id}>
              <GradeBadge grade={version.evidence_grade} />
              <Mono>{version.provider_version_key}</Mono>
              <span className={classes.note}>
                {version.provider} · {format.when(version.first_seen_at)} –{' '}
                {format.when(version.last_seen_at)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Lineage({ templateId }: { readonly templateId: string }) {
  const { data } = useQuery(orpc.templates.lineage.queryOptions({ input: { template_id: templateId } }));
  if (!data || data.ancestors.length + data.children.length === 0) return null;
  return (
    <Section title="Lineage">
      <Relatives title="Derived from" templates={data.ancestors} />
      <Relatives title="Derived templates" templates={data.children} />
    </Section>
  );
}

function Relatives({
  title,
  templates,
}: {
  readonly title: string;
  readonly templates: readonly TemplateSummary[];
}) {
  const format = useFormat();
  if (templates.length === 0) return null;
  return (
    <>
      <Note>{title}</Note>
      <ul className={classes.versions}>
        {templates.map((template) => (
          <li key={template.template_id}>
            <Link to="/templates/$templateId" params={{ templateId: template.template_id }}>
              {templateTitle(template)}
            </Link>
            {template.version_label}
            <span className={classes.note}>{format.when(template.created_at)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
