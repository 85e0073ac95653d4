import { useState } from 'react';
import { preferences } from '../../preferences';
import { formatJson, jsonText } from '../../ui';
import { mayBeJson } from './output-views';

/** The initial text for editing: JSON is formatted with its tokens unchanged, unless the user prefers it as sent. */
export function usePrettyText(text: string): readonly [text: string, setText: (text: string) => void] {
  return useState(() => {
    const wanted = preferences.getState().jsonView === 'formatted' && mayBeJson(text);
    const formatted = wanted ? formatJson(text) : null;
    return formatted ? jsonText(formatted) : text;
  });
}
