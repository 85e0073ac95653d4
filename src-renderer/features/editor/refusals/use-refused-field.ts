import { useEffect } from 'react';
import { useEditor } from '../draft-store';

/** After a refusal, focus goes to the first field that says why; where none does, it stays. */
export function useRefusedField(): void {
  const refusals = useEditor((state) => state.refusals);
  useEffect(() => {
    if (refusals === 0) return;
    const fields = document.querySelectorAll<HTMLElement>('main [aria-invalid="true"]');
    [...fields].find((field) => field.offsetParent !== null)?.focus();
  }, [refusals]);
}
