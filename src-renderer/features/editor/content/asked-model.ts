import type { AskedModel } from '../../messages';
import { useEditor } from '../draft-store';

/** The model that the draft is written for. */
export function useAskedModel(): AskedModel {
  const protocol = useEditor((state) => state.protocol);
  const provider = useEditor((state) => state.draft.provider);
  const modelId = useEditor((state) => state.draft.model_id);
  return { protocol, provider, modelId };
}
