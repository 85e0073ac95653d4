import { useState } from 'react';
import { preferences } from '../../preferences';
import { formatJson, jsonText } from '../../ui';
import { mayBeJson } from './output-views';

/** A text to begin editing with: JSON in lines, with its tokens as they came, unless people want it as it was sent. */
export function usePrettyText(text: string): readonly [text: string, setText: (text: string) => void] {
  return useState(() => {
    const wanted = preferences.getState().jsonView === 'formatted' && mayBeJson(text);
    const formatted = wanted ? formatJson(text) : null;
    return formatted ? jsonText(formatted) : text;
  });
}
