import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { templateTitle, type NewTemplate } from '../../../../src-shared/domain';
import { canonicalTemplateConfig, sha256Hex } from '../../../../src-shared/domain/canonical';
import { failureOf, orpc } from '../../../rpc';
import { readConfig, type Draft } from '../draft';
import { draftIn, useEditor, useEditorStore, type Duplicate } from '../draft-store';
import { problemSentence } from '../refusals/problem-sentence';
import { useSettled } from '../use-settled';

const DEBOUNCE_MS = 60;

type Hashed =
  | { readonly state: 'hashed'; readonly sha256: string; readonly template: NewTemplate }
  | { readonly state: 'unreadable'; readonly reason: string }
  | { readonly state: 'hashing' };
/** Of which draft that is. */
type HashedDraft = Hashed & { readonly draft: Draft | null };

/**
 * Keeps `duplicate` in the editor's store up to date. Hashes the configuration here, in the store's canonical form,
 * so the core is not asked again about a hash that it has just checked.
 */
export function useDuplicateCheck(): void {
  const store = useEditorStore();
  const base = useEditor((state) => state.base);
  const hashed = useHashedConfig();
  const dirty = useEditor((state) => state.dirty);
  const typed = hashed.state === 'hashed' ? hashed.sha256 : '';
  // A trial is no version: frozen, it becomes one. What is hashed here lacks the partials, so that says nothing of a
  // version that nobody has touched.
  const isVersion = base !== null && base.deleted_at === null && !base.trial;
  const own = isVersion && (!dirty || base.config_sha256 === typed);
  const sha256 = own ? base.config_sha256 : typed;
  const workspace = hashed.state === 'hashed' ? hashed.template.workspace_id : '';
  const answer = useQuery(
    orpc.templates.checkDuplicate.queryOptions({
      input: hashed.state === 'hashed' ? hashed.template : { model_id: '-' },
      // Keyed by hash, so that 34 KB of prompt are not compared at each keystroke.
      queryKey: [['templates', 'checkDuplicate'], { type: 'query', input: { sha256, workspace } }],
      enabled: hashed.state === 'hashed' && !own,
      placeholderData: undefined,
      gcTime: 60_000,
    }),
  );

  const duplicate = useMemo((): Duplicate => {
    if (hashed.state === 'unreadable') return { kind: 'unchecked', reason: hashed.reason };
    if (hashed.state === 'hashing') return { kind: 'checking' };
    if (own) return { kind: 'frozen', sha256 };
    if (answer.isError) return { kind: 'unchecked', reason: failureOf(answer.error).message };
    if (!answer.data) return { kind: 'checking' };
    const { exact_match, template_id, prompt_name, version_number, near, config_sha256 } = answer.data;
    // The core's hash has the partials that the texts use, which this one lacks.
    if (exact_match && template_id === base?.template_id) return { kind: 'frozen', sha256: config_sha256 };
    if (exact_match && template_id) {
      const name = prompt_name === null ? template_id : templateTitle({ prompt_name, version_number });
      return { kind: 'exact', templateId: template_id, name };
    }
    if (near.length > 0) {
      const closest = Math.max(...near.map((match) => match.similarity));
      return { kind: 'near', sha256, matches: near.length, closest };
    }
    return { kind: 'unique', sha256 };
  }, [hashed, own, sha256, base, answer.data, answer.isError, answer.error]);

  useEffect(() => {
    // Keeps the last result while the next is pending, so that nothing flickers between keystrokes.
    if (duplicate.kind === 'checking' && store.getState().duplicate.kind !== 'exact') return;
    store.setState({ duplicate, checkedDraft: hashed.draft });
  }, [store, duplicate, hashed]);

  const known = own ? sha256 : answer.data?.config_sha256;
  const unknown = hashed.state === 'unreadable' || answer.isError;
  useEffect(() => {
    // Pending, what was known last stays: nothing flickers between keystrokes.
    if (known !== undefined || unknown) store.setState({ configSha256: known ?? null });
  }, [store, known, unknown]);
}

function useHashedConfig(): HashedDraft {
  const settled = useSettled(draftIn, DEBOUNCE_MS);
  const [hashed, setHashed] = useState<HashedDraft>({ state: 'hashing', draft: null });

  useEffect(() => {
    let current = true;
    void hash().then((result) => {
      if (current) setHashed({ ...result, draft: settled });
    });
    return () => {
      current = false;
    };

    async function hash(): Promise<Hashed> {
      const config = readConfig(settled);
      if (!config.ok) {
        const [problem] = config.problems;
        return {
          state: 'unreadable',
          reason: problem ? problemSentence(problem) : 'The draft is not valid.',
        };
      }
      try {
        const sha256 = await sha256Hex(canonicalTemplateConfig(config.template));
        return { state: 'hashed', sha256, template: config.template };
      } catch (error) {
        return { state: 'unreadable', reason: failureOf(error).message };
      }
    }
  }, [settled]);

  return hashed;
}
