export { Attachment, type AskedModel } from './attachment';
export { SentMessages } from './sent-messages';
