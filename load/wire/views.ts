/** Words of four bytes out of buffers that hold bytes: a check by words costs a third of one by bytes. */

/** The view of a buffer; of the one asked for last it is at hand. */
export type ViewOf = (bytes: Uint8Array) => DataView;

/** Whoever alternates between two buffers makes a view each time, so writers and readers have one each. */
export function createViews(): ViewOf {
  let last: Uint8Array = new Uint8Array();
  let view: DataView = new DataView(last.buffer);

  function look(bytes: Uint8Array): DataView {
    last = bytes;
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return view;
  }

  // So short that it is always compiled into those who ask.
  return (bytes) => (bytes === last ? view : look(bytes));
}

/** For all who read: nearly all of it lies in the one buffer that the connections of a worker share. */
export const viewOf: ViewOf = createViews();
