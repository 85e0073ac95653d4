import { Button } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useRef } from 'react';
import { showNotice } from '../../../commands';
import { setFixture, useEditorStore } from '../draft-store';
import { storedPart } from './attach-files';

/** Stores a file as the value that an image or file part is tried with. */
export function FileValue({ name }: { readonly name: string }) {
  const store = useEditorStore();
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const part = await storedPart(file);
    if (typeof part === 'string') showNotice(`${file.name}: ${part}.`);
    else {
      const { asset_sha256, media_type, name: fileName } = part;
      setFixture(store, name, JSON.stringify({ asset_sha256, media_type, name: fileName }, null, 1));
    }
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={`File for ${name}`}
        onChange={({ currentTarget }) => {
          void take(currentTarget.files?.[0]);
          currentTarget.value = '';
        }}
      />
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPaperclip size={13} aria-hidden />}
        aria-label={`Choose a file for ${name}`}
        onClick={() => input.current?.click()}
      >
        Choose a file
      </Button>
    </>
  );
}
