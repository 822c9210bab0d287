/** Words of four bytes out of buffers that hold bytes: a check by words costs a third of one by bytes. */

/** The view of a buffer; of the one asked for last it is at hand. */
export type ViewOf = (bytes: Uint8Array) => DataView;

/** Whoever alternates between two buffers makes a view each time, so writers and readers have one each. */
export function createViews(): ViewOf {
  let last: Uint8Array = new Uint8Array();
  let view: DataView = new DataView(last.buffer);
  return (bytes) => {
    if (bytes !== last) {
      last = bytes;
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return view;
  };
}

/** For all who read: nearly all of it lies in the one buffer that the connections of a worker share. */
export const viewOf: ViewOf = createViews();
