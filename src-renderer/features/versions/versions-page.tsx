import { Button } from '@mantine/core';
import { IconVersions } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import {
  templateTitle,
  type PromptVersion,
  type Template,
  type TemplatePin,
} from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { failureOf, orpc } from '../../rpc';
import { Empty, FailureView, GradeBadge, Mono, Note, Page, Section, useFormat, Waiting } from '../../ui';
import { templateLabel, TemplatePicker } from '../templates';
import { DriftAnswers } from './drift-answers';
import { Evidence } from './evidence';
import { PinDialog } from './pin-dialog';
import { StateBadge } from './state-badge';
import { versionState } from './version-state';
import classes from './versions.module.css';

/** A template's model versions, drift and pin. */
export function VersionsPage() {
  const { template: templateId } = useSearch({ from: '/versions' });
  const navigate = useNavigate({ from: '/versions' });
  const content = useRef<HTMLDivElement>(null);
  const template = useQuery(
    orpc.templates.get.queryOptions({
      input: { template_id: templateId ?? '' },
      enabled: templateId !== undefined,
      placeholderData: undefined,
    }),
  );
  return (
    <Page title="Versions">
      <div
        ref={content}
        className={classes.content}
        data-pane
        tabIndex={0}
        role="group"
        aria-label="Versions, content"
      >
        <div className={classes.picker}>
          <TemplatePicker
            value={templateId ?? null}
            name={template.data ? templateLabel(template.data) : null}
            onChange={(id) => {
              void navigate({ search: { template: id } });
              // Leaves the search field, so that the next key can be a shortcut such as pin.
              content.current?.focus();
            }}
          />
        </div>
        <ProbesOff />
        {templateId === undefined ? (
          <DriftList templateId={undefined} />
        ) : template.isError ? (
          <FailureView
            title="The template could not be loaded"
            {...failureOf(template.error)}
            onRetry={() => void template.refetch()}
          />
        ) : template.data ? (
          <TemplateVersions key={templateId} template={template.data} />
        ) : (
          <Waiting />
        )}
      </div>
    </Page>
  );
}

/** Warns that only the last known versions are shown and that a pin is checked only on the answer. */
function ProbesOff() {
  const status = useQuery(orpc.system.status.queryOptions());
  if (status.data?.probes_enabled !== false) return null;
  return (
    <p className={classes.item} role="status">
      <StateBadge state="unverified" />
      Probes are off (PROMPTER_PROBE_DISABLED): these are the versions last seen. A pin is checked only once
      an answer has arrived.
    </p>
  );
}

interface Asking {
  readonly model: { readonly provider?: string | undefined; readonly model_id: string };
  readonly version: string | null;
}

function TemplateVersions({ template }: { readonly template: Template }) {
  const { template_id } = template;
  const versions = useQuery(orpc.versions.list.queryOptions({ input: { template_id } }));
  const pins = useQuery(orpc.versions.pins.queryOptions({ input: { template_id } }));
  const drift = useQuery(orpc.versions.drift.queryOptions({ input: { template_id, limit: 50 } }));
  const [asking, setAsking] = useState<Asking>();
  const held = (pins.data?.in_force ?? []).filter(({ provider_version_key: key }) => key !== null);
  const pinOf = ({ provider, model_id }: Pick<PromptVersion, 'provider' | 'model_id'>): string | null =>
    held.find((each) => each.model_id === model_id && [null, provider].includes(each.provider))
      ?.provider_version_key ?? null;
  const liftable = held.find((each) => !each.frozen);
  const own = pins.data?.of_template ?? null;
  const frozen =
    own === null
      ? undefined
      : `This template was frozen with a pin to ${own}. Freeze a copy without it, and pin the copy.`;
  const newest = versions.data?.items[0];
  const askToPin = ({ provider, model_id, provider_version_key }: PromptVersion): void =>
    setAsking({ model: { provider, model_id }, version: provider_version_key });
  useCommands({
    'version.pin': {
      run: () => newest && askToPin(newest),
      disabled: frozen ?? (newest === undefined ? 'No version has been seen yet.' : undefined),
    },
    'version.unpin': {
      run() {
        if (!liftable) return;
        const { provider, model_id } = liftable;
        setAsking({ model: { provider: provider ?? undefined, model_id }, version: null });
      },
      disabled: frozen ?? (liftable === undefined ? 'The template is not pinned.' : undefined),
    },
  });
  const failed = versions.error ?? pins.error ?? drift.error;
  if (failed) {
    const again = () => void Promise.all([versions.refetch(), pins.refetch(), drift.refetch()]);
    return <FailureView title="The versions could not be loaded" {...failureOf(failed)} onRetry={again} />;
  }
  if (!versions.data || !pins.data || !drift.data) return <Waiting />;
  const drifted = new Set(drift.data.items.map(({ after }) => after.provider_version_key));
  return (
    <>
      <Section title="Pin" actions={<CommandButton id="version.unpin" size="compact-xs" />}>
        {held.length === 0 && <Note>Not pinned: any version is accepted.</Note>}
        {held.map(({ provider, model_id, provider_version_key }) => (
          <Note key={`${provider ?? ''} ${model_id}`}>
            Runs of {model_id} succeed only while <Mono>{provider_version_key ?? ''}</Mono> answers.
          </Note>
        ))}
        {frozen !== undefined && <Note>{frozen}</Note>}
        <PinHistory pins={pins.data.items} />
      </Section>
      <Section title="Timeline" actions={<CommandButton id="version.pin" size="compact-xs" />}>
        {versions.data.items.length === 0 ? (
          <Note>None yet. A run or a check records the version that answers.</Note>
        ) : (
          <ul className={classes.timeline}>
            {versions.data.items.map((version) => (
              <li key={version.version_id} className={classes.item}>
                <StateBadge
                  state={versionState(version, {
                    pin: pinOf(version),
                    drifted: drifted.has(version.provider_version_key),
                  })}
                />
                <Mono>{version.provider_version_key}</Mono>
                <GradeBadge grade={version.evidence_grade} />
                <span className={classes.note}>
                  {version.provider} · first seen <When at={version.first_seen_at} /> · last seen{' '}
                  <When at={version.last_seen_at} />
                </span>
                {version.provider_version_key !== pinOf(version) && frozen === undefined && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Pin ${version.provider_version_key}`}
                    onClick={() => askToPin(version)}
                  >
                    Pin
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <DriftList templateId={template_id} />
      {asking && <PinDialog templateId={template_id} {...asking} onClose={() => setAsking(undefined)} />}
    </>
  );
}

/** A short time, with the exact one in a tooltip. */
function When({ at }: { readonly at: string }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.exactTime(at)}>
      {format.when(at)}
    </time>
  );
}

function PinHistory({ pins }: { readonly pins: readonly TemplatePin[] }) {
  if (pins.length === 0) return null;
  return (
    <ul className={classes.list}>
      {pins.map((pin) => (
        <li key={pin.pin_id} className={classes.item}>
          {pin.provider_version_key === null ? (
            'Unpinned'
          ) : (
            <>
              Pinned to <Mono>{pin.provider_version_key}</Mono>
            </>
          )}
          <span className={classes.note}>
            <When at={pin.pinned_at} />
            {pin.note !== null && ` · ${pin.note}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

function DriftedTemplate({ templateId }: { readonly templateId: string }) {
  const { data } = useQuery(orpc.templates.get.queryOptions({ input: { template_id: templateId } }));
  return (
    <Link to="/templates/$templateId" params={{ templateId }}>
      {data ? templateTitle(data) : 'its template'}
    </Link>
  );
}

/** Drift, newest first; of all templates if none is chosen. */
function DriftList({ templateId }: { readonly templateId: string | undefined }) {
  const drift = useQuery(orpc.versions.drift.queryOptions({ input: { template_id: templateId, limit: 50 } }));
  if (drift.isError) {
    return (
      <FailureView
        title="Drift could not be loaded"
        {...failureOf(drift.error)}
        onRetry={() => void drift.refetch()}
      />
    );
  }
  if (!drift.data) return <Waiting />;
  if (drift.data.items.length === 0) {
    return templateId === undefined ? (
      <Empty
        icon={<IconVersions size={28} stroke={1.5} aria-hidden />}
        title="No model has changed under a template"
        actions={<CommandButton id="compare.new" showKeys />}
      >
        Every run records which version answered, and a change shows here. Choose a template above to see its
        versions and to pin one.
      </Empty>
    ) : null;
  }
  return (
    <Section title={drift.data.next_cursor === null ? 'Drift' : 'Drift, the latest 50'}>
      <ul className={classes.list}>
        {drift.data.items.map((event, index) => (
          <li key={event.drift_id} className={classes.item}>
            <StateBadge state="drift" />
            <strong>{event.model_id}</strong>
            <span className={classes.note}>
              {event.provider} ·{' '}
              {templateId === undefined && (
                <>
                  under <DriftedTemplate templateId={event.template_id} /> ·{' '}
                </>
              )}
              <When at={event.seen_at} />
            </span>
            <div className={classes.sides}>
              <Evidence title="Before" side={event.before} />
              <Evidence title="After" side={event.after} />
            </div>
            <DriftAnswers driftId={event.drift_id} startsOpen={index === 0} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
