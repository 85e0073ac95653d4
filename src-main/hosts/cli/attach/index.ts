export { findOwner, assertSameVersion, type ProvenOwner } from './attach';
export { attachedClient } from './client';
export { postJson } from './loopback';
export { isOwnerClosed } from './owner-closed';
