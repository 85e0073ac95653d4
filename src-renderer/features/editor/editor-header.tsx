import { Select, TextInput } from '@mantine/core';
import { IconPlayerPlay, IconSnowflake } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { inferProviders, versionTitle, type Provider } from '../../../src-shared/domain';
import { CommandButton } from '../../commands';
import { orpc } from '../../rpc';
import { PinMark } from '../../ui';
import { ModelPicker } from '../models';
import { documentTitle, titleText } from '../templates';
import { useEditor, useEditorStore, useField } from './draft-store';
import { draftBefore } from './kept-drafts';
import { useNextVersionHint } from './header/use-next-version';
import { PromptActions, VersionLabels } from './header/prompt-actions';
import classes from './editor.module.css';

/** The template's name as the editable screen title. */
export function NameField() {
  const name = useField('name');
  const dirty = useEditor((state) => state.dirty);
  const base = useEditor((state) => state.base);
  return (
    <span className={classes.nameField}>
      <title>{`${dirty ? '● ' : ''}${name.value === '' && !base ? 'New template' : titleText(documentTitle(name.value, base, dirty))} · Prompter`}</title>
      <input
        // Keys typed right after New go into the name, never to shortcuts.
        data-first-field={base === null || undefined}
        className={classes.name}
        aria-label="Name"
        aria-invalid={name.error !== undefined}
        placeholder="Name this template"
        maxLength={200}
        value={name.value}
        onChange={(event) => name.set(event.currentTarget.value)}
      />
      {dirty && <span className={classes.dot} title="Draft: saved in this browser, not frozen yet" />}
      {base?.version_number && (
        <Link
          to="/prompts/$promptId"
          params={{ promptId: base.prompt_id }}
          search={{ at: base.template_id }}
          className={classes.pin}
        >
          {dirty ? `from ${versionTitle(base)}` : versionTitle(base)}
        </Link>
      )}
      {base && !base.trial && <VersionLabels templateId={base.template_id} />}
      {base && <BasePin templateId={base.template_id} />}
      {name.error && <span className={classes.nameError}>{name.error}</span>}
    </span>
  );
}

/** The frozen version's pin, linked to where it is changed. */
function BasePin({ templateId }: { readonly templateId: string }) {
  const pins = useQuery(orpc.versions.pins.queryOptions({ input: { template_id: templateId } }));
  const pin = pins.data?.effective ?? null;
  return (
    pin !== null && (
      <Link to="/versions" search={{ template: templateId }} className={classes.pin}>
        <PinMark version={pin} />
      </Link>
    )
  );
}

export function EditorToolbar() {
  const dirty = useEditor((state) => state.dirty);
  const base = useEditor((state) => state.base);
  const restorable = useEditor((state) => draftBefore(state) !== null);
  const untouched = useEditor(({ dirty: isDirty, placed, draft }) => !isDirty || placed?.draft === draft);
  const restoresFirst = restorable && untouched;
  return (
    <div className={classes.toolbar}>
      {(dirty || restorable) && (
        // One button for both, so that focus stays in place for undoing.
        <CommandButton id={restoresFirst ? 'draft.restore' : 'draft.discard'} variant="subtle">
          {restoresFirst ? 'Restore draft' : 'Discard'}
        </CommandButton>
      )}
      {restorable && !restoresFirst && (
        <CommandButton id="draft.restore" variant="subtle">
          Restore draft
        </CommandButton>
      )}
      <PromptActions />
      {base && !base.trial && (
        <>
          <CommandButton id="template.diff">Diff</CommandButton>
          <CommandButton id="template.compare">Compare</CommandButton>
        </>
      )}
      <CommandButton id="run.start" leftSection={<IconPlayerPlay size={14} aria-hidden />} showKeys>
        Run
      </CommandButton>
      <CommandButton
        id="template.freeze"
        variant="filled"
        leftSection={<IconSnowflake size={14} aria-hidden />}
        showKeys
      >
        Freeze
      </CommandButton>
    </div>
  );
}

/** The model and other settings the prompt is written for. */
export function EditorHeader() {
  const provider = useField('provider');
  const model = useField('model_id');
  const label = useField('version_label');
  const providers = useQuery(orpc.providers.list.queryOptions());
  const known = providers.data?.items ?? [];
  useProtocol(known);
  return (
    <div className={classes.header}>
      <Select
        label="Provider"
        placeholder="Any"
        clearable
        searchable
        data={known.map(({ provider_id, name }) => ({ value: provider_id, label: name }))}
        value={provider.value || null}
        error={provider.error}
        onChange={(value) => provider.set(value ?? '')}
      />
      <ModelPicker
        label="Model"
        placeholder="Search all connections"
        value={model.value}
        error={model.error}
        chosen={{ provider: provider.value }}
        onChange={({ model_id, provider: reachedBy }) => {
          model.set(model_id);
          if (reachedBy !== undefined) provider.set(reachedBy);
        }}
      />
      <TextInput
        label="Version label"
        placeholder={useNextVersionHint()}
        value={label.value}
        error={label.error}
        onChange={(event) => label.set(event.currentTarget.value)}
      />
    </div>
  );
}

/** Keeps the protocol that the draft's parameters are checked by: the provider's, else that of the model's vendor. */
function useProtocol(providers: readonly Provider[]): void {
  const store = useEditorStore();
  const provider = useEditor((state) => state.draft.provider);
  const model = useEditor((state) => state.draft.model_id);
  const [suggested] = provider === '' ? inferProviders(model) : [provider];
  const protocol = providers.find(({ provider_id }) => provider_id === suggested)?.protocol ?? null;
  useEffect(() => {
    store.setState({ protocol });
  }, [store, protocol]);
}
