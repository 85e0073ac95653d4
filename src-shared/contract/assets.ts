import { assetFactsSchema, assetHash, assetSchema, newAssetSchema, strictObject } from '../domain';
import { binaryBodySchema, route } from './base';

const tag = 'assets';

export const assetsContract = {
  /** @throws VALIDATION_FAILED where the bytes are not of that type, are none that a provider takes, or are too many */
  put: route('POST', '/assets', {
    summary: 'Store a file that prompts are sent with: the body is its bytes, with their Content-Type',
    tag,
    successStatus: 201,
  })
    .input(newAssetSchema)
    .output(assetSchema),
  /** @throws NOT_FOUND, STORE_CORRUPT */
  facts: route('GET', '/assets/{asset_sha256}/facts', {
    summary: "A stored file's type and size, an image's pixels and a PDF's pages",
    tag,
  })
    .input(strictObject({ asset_sha256: assetHash }))
    .output(assetFactsSchema),
  /** @throws NOT_FOUND, STORE_CORRUPT */
  get: route('GET', '/assets/{asset_sha256}', { summary: 'A stored file, byte for byte', tag })
    .input(strictObject({ asset_sha256: assetHash }))
    .output(binaryBodySchema),
};
