/** Twice the shown size, for dense screens. */
const SIDE = 96;

/** A small picture as a data URL, which the page's policy allows; null for an image that this browser cannot decode. */
export async function thumbnailOf(body: {
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}): Promise<string | null> {
  try {
    const image = await createImageBitmap(new Blob([await body.arrayBuffer()], { type: body.type }));
    const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    return canvas.toDataURL('image/png');
  } catch {
    return null;
  }
}
