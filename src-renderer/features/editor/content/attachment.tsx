import { ActionIcon } from '@mantine/core';
import { IconFileText, IconPhoto } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import {
  isPracticeProvider,
  mediaTokenEstimate,
  mediaTypeProblem,
  type AssetFacts,
  type AssetPart,
} from '../../../../src-shared/domain';
import { api, failureOf, orpc } from '../../../rpc';
import { saveFile, useFormat } from '../../../ui';
import { useEditor } from '../draft-store';
import { thumbnailOf } from './thumbnail';
import classes from './content.module.css';

/** A stored file: what it is, how large, what it counts, and what keeps the chosen model from taking it. */
export function Attachment({ part, label }: { readonly part: AssetPart; readonly label: string }) {
  const { asset_sha256, media_type, name, type } = part;
  const protocol = useEditor((state) => state.protocol);
  const facts = useQuery({
    ...orpc.assets.facts.queryOptions({ input: { asset_sha256 }, placeholderData: undefined }),
    retry: false,
  });
  const thumbnail = useQuery({
    queryKey: ['thumbnail', asset_sha256],
    queryFn: async () => thumbnailOf(await api.assets.get({ asset_sha256 })),
    enabled: type === 'image' && facts.isSuccess,
    placeholderData: undefined,
    retry: false,
  });
  const missing = facts.isError ? failureOf(facts.error) : null;
  const problem =
    missing !== null
      ? missing.code === 'NOT_FOUND'
        ? 'This file is not stored here. Remove it and attach it again.'
        : missing.message
      : facts.data && facts.data.media_type !== media_type
        ? `It is stored as ${facts.data.media_type}, not as ${media_type}.`
        : protocol !== null
          ? mediaTypeProblem(protocol, { type, mediaType: media_type })
          : null;
  const title = name ?? `${type} ${asset_sha256.slice(0, 8)}`;
  const save = async (): Promise<void> => {
    const body = await api.assets.get({ asset_sha256 });
    saveFile(new Blob([await body.arrayBuffer()], { type: media_type }), name ?? asset_sha256);
  };
  return (
    <>
      <ActionIcon
        variant="default"
        className={classes.thumbnail}
        aria-label={`Save ${title} of ${label}`}
        disabled={missing !== null}
        onClick={() => void save()}
      >
        {thumbnail.data ? (
          <img src={thumbnail.data} alt="" />
        ) : type === 'image' ? (
          <IconPhoto size={18} aria-hidden />
        ) : (
          <IconFileText size={18} aria-hidden />
        )}
      </ActionIcon>
      <span className={classes.file}>
        <span className={classes.fileName}>{title}</span>
        <span className={classes.facts}>
          {media_type}
          {facts.data && <Facts facts={facts.data} />}
        </span>
        {problem !== null && (
          <span className={classes.problem} role="status">
            {problem}
          </span>
        )}
      </span>
    </>
  );
}

function Facts({ facts: { size, width, height, pages, media_type } }: { readonly facts: AssetFacts }) {
  const format = useFormat();
  const protocol = useEditor((state) => state.protocol);
  const provider = useEditor((state) => state.draft.provider);
  const modelId = useEditor((state) => state.draft.model_id);
  const pixels = width !== null && height !== null ? { width, height } : null;
  const isCounted = media_type.startsWith('image/') || media_type === 'application/pdf';
  const tokens =
    protocol === null || modelId === ''
      ? null
      : mediaTokenEstimate(
          { protocol, modelId, simulated: isPracticeProvider(provider) },
          { size: pixels, pages },
        );
  return (
    <>
      {` · ${format.bytes(size)}`}
      {pixels && ` · ${format.count(pixels.width)} × ${format.count(pixels.height)} px`}
      {pages !== null && ` · ${format.plural(pages, 'page', 'pages')}`}
      {isCounted && (
        <span title="By the rule that the model’s vendor documents; what is billed is in the answer">
          {tokens === null ? ' · tokens not known' : ` · ≈ ${format.plural(tokens, 'token', 'tokens')}`}
        </span>
      )}
    </>
  );
}
