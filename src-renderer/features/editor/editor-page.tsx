import { Splitter, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import type { NamedTemplate } from '../../../src-shared/domain';
import { CommandButton } from '../../commands';
import { newDocIdOf } from '../../drafts';
import { failureOf, orpc } from '../../rpc';
import { Page, RecordPage } from '../../ui';
import { CompareDialog } from './compare-dialog';
import { DetailsTab } from './details-tab';
import { EditorProvider, useEditor, useEditorStore, useNewEditorStore } from './draft-store';
import { DraftTabs } from './draft-tabs';
import { DuplicateBar } from './header/duplicate-bar';
import { InactivePrompt } from './header/inactive-prompt';
import { EditorHeader, EditorToolbar, NameField } from './editor-header';
import { useKeptCaret } from './kept-caret';
import { ParametersTab } from './parameters/parameters-tab';
import { PreviewTab } from './preview-tab';
import { PromptEditors } from './prompt-editors';
import { RunTab } from './run/run-tab';
import { EDITOR_TABS, type EditorTab } from './tabs';
import { ToolsTab } from './tools/tools-tab';
import { DiffDialog } from './diff-dialog';
import { useEditorCommands } from './use-editor-commands';
import { useRefusedField } from './refusals/use-refused-field';
import { VersionsTab } from './versions-tab';
import classes from './editor.module.css';

export function NewTemplatePage() {
  const docId = newDocIdOf(useSearch({ from: '/templates/new' }).draft);
  return <Editor key={docId} docId={docId} base={null} />;
}

export function TemplatePage() {
  const { templateId } = useParams({ from: '/templates/$templateId' });
  const query = useQuery(
    orpc.templates.get.queryOptions({
      input: { template_id: templateId },
      // Never show another template's text under this address.
      placeholderData: undefined,
    }),
  );
  if (query.data) return <Editor key={templateId} docId={templateId} base={query.data} />;
  return (
    <RecordPage
      kind="Template"
      failure={query.isError ? failureOf(query.error) : null}
      onRetry={() => void query.refetch()}
      actions={<CommandButton id="go.templates" showKeys />}
    />
  );
}

/** Prompts at the left, everything about them at the right. */
function Editor({ docId, base }: { readonly docId: string; readonly base: NamedTemplate | null }) {
  const store = useNewEditorStore(docId, base);
  return (
    <EditorProvider value={store}>
      <Page title={<NameField />} toolbar={<EditorToolbar />}>
        <DraftTabs />
        <DuplicateBar />
        <InactivePrompt />
        <EditorHeader />
        <Splitter className={classes.split} lineSize={1} step={2} withHandle={false}>
          <Splitter.Pane defaultSize={56} min={30} className={classes.left} data-pane>
            <PromptEditors />
          </Splitter.Pane>
          <Splitter.Pane defaultSize={44} min={26} className={classes.right} data-pane>
            <SideTabs />
          </Splitter.Pane>
        </Splitter>
      </Page>
      <Commands />
      <DiffDialog />
      <CompareDialog />
    </EditorProvider>
  );
}

/** A separate component, so that a command's state change does not re-render the editor; last, after the fields. */
function Commands() {
  useEditorCommands();
  useRefusedField();
  useKeptCaret(useEditor((state) => state.docId));
  return null;
}

const TAB_NAMES: Readonly<Record<EditorTab, string>> = {
  preview: 'Preview',
  parameters: 'Parameters',
  details: 'Details',
  run: 'Run',
  versions: 'Versions',
  tools: 'Tools',
};

function SideTabs() {
  const store = useEditorStore();
  const tab = useEditor((state) => state.tab);
  return (
    <Tabs
      value={tab}
      onChange={(value) => store.setState({ tab: EDITOR_TABS.find((known) => known === value) ?? 'preview' })}
      className={classes.tabs}
      // Hidden tabs stay mounted: the preview finds the variables, and runs and checks handle their commands.
      keepMountedMode="display-none"
    >
      <Tabs.List>
        {EDITOR_TABS.map((value) => (
          <Tabs.Tab key={value} value={value}>
            {TAB_NAMES[value]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="preview" className={classes.tab}>
        <PreviewTab />
      </Tabs.Panel>
      <Tabs.Panel value="parameters" className={classes.tab} keepMounted={false}>
        <ParametersTab />
      </Tabs.Panel>
      <Tabs.Panel value="details" className={classes.tab} keepMounted={false}>
        <DetailsTab />
      </Tabs.Panel>
      <Tabs.Panel value="run" className={classes.tab}>
        <RunTab />
      </Tabs.Panel>
      <Tabs.Panel value="versions" className={classes.tab}>
        <VersionsTab />
      </Tabs.Panel>
      <Tabs.Panel value="tools" className={classes.tab} keepMounted={false}>
        <ToolsTab />
      </Tabs.Panel>
    </Tabs>
  );
}
