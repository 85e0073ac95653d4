import { ActionIcon } from '@mantine/core';
import { IconFileText, IconPhoto } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import {
  isPracticeProvider,
  mediaTokenEstimate,
  mediaTypeProblem,
  type AssetFacts,
  type AssetPart,
  type Protocol,
} from '../../../src-shared/domain';
import { api, failureOf, orpc } from '../../rpc';
import { saveFile, useFormat } from '../../ui';
import { thumbnailOf } from './thumbnail';
import classes from './messages.module.css';

/** The model that a file would be sent to, as far as it is chosen. */
export interface AskedModel {
  readonly protocol: Protocol | null;
  readonly provider: string;
  readonly modelId: string;
}

interface Props {
  readonly part: AssetPart;
  readonly label: string;
  /** Null where several are asked. */
  readonly asked: AskedModel | null;
}

/** A stored file: what it is, how large, what it counts, and what keeps the chosen model from taking it. */
export function Attachment({ part, label, asked }: Props) {
  const { asset_sha256, media_type, name, type } = part;
  const protocol = asked?.protocol ?? null;
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
          {facts.data && <Facts facts={facts.data} asked={asked} />}
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

interface FactsProps {
  readonly facts: AssetFacts;
  readonly asked: AskedModel | null;
}

function Facts({ facts: { size, width, height, pages, media_type }, asked }: FactsProps) {
  const format = useFormat();
  const pixels = width !== null && height !== null ? { width, height } : null;
  const isCounted = media_type.startsWith('image/') || media_type === 'application/pdf';
  const tokens =
    asked === null || asked.protocol === null || asked.modelId === ''
      ? null
      : mediaTokenEstimate(
          {
            protocol: asked.protocol,
            modelId: asked.modelId,
            simulated: isPracticeProvider(asked.provider),
          },
          { size: pixels, pages },
        );
  return (
    <>
      {` · ${format.bytes(size)}`}
      {pixels && ` · ${format.count(pixels.width)} × ${format.count(pixels.height)} px`}
      {pages !== null && ` · ${format.plural(pages, 'page', 'pages')}`}
      {isCounted && asked !== null && (
        <span title="By the rule that the model’s vendor documents; what is billed is in the answer">
          {tokens === null ? ' · tokens not known' : ` · ≈ ${format.plural(tokens, 'token', 'tokens')}`}
        </span>
      )}
    </>
  );
}
