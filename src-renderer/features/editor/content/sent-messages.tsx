import type { SentMessage } from '../../../../src-shared/domain';
import { SentMessages as Messages } from '../../messages';
import { useAskedModel } from './asked-model';

/** The draft's messages exactly as they are sent, with what its model counts of their files. */
export function SentMessages({ messages }: { readonly messages: readonly SentMessage[] }) {
  return <Messages messages={messages} asked={useAskedModel()} />;
}
