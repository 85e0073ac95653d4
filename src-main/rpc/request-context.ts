/** What a host says about a request, and what a procedure may reply. */
export interface RequestContext {
  /** The `Idempotency-Key` header, for hosts that have headers; the input's own key wins. */
  readonly idempotencyKey?: string;
  /** A status other than the contract's (200 for a replay); hosts without statuses ignore it. */
  readonly respond: {
    status?: number;
    /** Names what is answered: whoever has it already needs no second copy (RFC 9110, section 8.8.3). */
    etag?: string;
  };
}

export function requestContext(idempotencyKey?: string): RequestContext {
  return { idempotencyKey, respond: {} };
}
