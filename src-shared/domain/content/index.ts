export * from './asset';
export * from './input';
export * from './media-facts';
export * from './message';
export { messagesOfTexts, normalMessage, textsOfMessages } from './normal-form';
export type { MessageLike, TwoTexts } from './normal-form';
export * from './partial';
