/** Hands a file to the browser, which saves it or asks where, as configured. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Once the click has been handled, the browser holds its own reference to the bytes.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
