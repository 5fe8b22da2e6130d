/** Files from drops, folders and the clipboard. */

/** Every file of a drop, folders opened. Must be called while the event runs: its items die with it. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => (item.kind === "file" ? item.webkitGetAsEntry() : null));
  const plain = [...transfer.files];
  if (!entries.some((entry) => entry?.isDirectory === true)) return plain;
  const files: File[] = [];
  for (const entry of entries) if (entry !== null) await collect(entry, files);
  return files;
}

/** What a paste holds: files, or text as a file of that name. */
export function pastedFiles(transfer: DataTransfer, textName: string): File[] {
  const files = [...transfer.files];
  if (files.length > 0) return files;
  const text = transfer.getData("text/plain");
  return text.trim() === "" ? [] : [new File([text], textName, { type: "text/plain" })];
}

async function collect(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (entry.isFile) {
    files.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives a folder in parts and says that it is done with an empty one.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return;
    for (const child of part) await collect(child, files);
  }
}
