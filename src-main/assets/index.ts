export { assertAssetsStored, assetBase64, assetsIn } from './sent-assets';
export { createAssetsService } from './service';
