import type { BinaryBody } from '../../../../src-shared/contract';

/** Bytes that are read as they come, once, and never held together. `words` puts a broken connection into words. */
export function streamedBody(response: Response, words: (error: unknown) => unknown): BinaryBody {
  const { headers, body } = response;
  return {
    size: Number(headers.get('content-length') ?? Number.NaN),
    type: headers.get('content-type') ?? '',
    arrayBuffer: () => response.arrayBuffer(),
    async *stream() {
      try {
        if (body !== null) yield* body;
      } catch (error) {
        throw words(error);
      }
    },
  };
}
