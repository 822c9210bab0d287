/** Numbers in hexadecimal, four digits at a time: a word of four bytes of text is made or read in a few operations. */

/** 32 bits as eight digits. */
export function writeWord(view: DataView, at: number, value: number): void {
  view.setInt32(at, digitsOf(value >>> 16), true);
  view.setInt32(at + 4, digitsOf(value & 0xffff), true);
}

/** What eight digits at `at` say; of anything but digits some number. */
export function readWord(view: DataView, at: number): number {
  return ((valueOf(view.getInt32(at, true)) << 16) | valueOf(view.getInt32(at + 4, true))) >>> 0;
}

/** 16 bits as four digits in a word, the first digit lowest; all four at once, a byte each. */
export function digitsOf(value: number): number {
  const pairs = (value >>> 8) | ((value & 0xff) << 16);
  const nibbles = ((pairs >>> 4) & 0x000f000f) | ((pairs & 0x000f000f) << 8);
  const letters = ((nibbles + 0x06060606) >>> 4) & 0x01010101;
  return (nibbles + 0x30303030 + Math.imul(letters, 39)) | 0;
}

/** {@link digitsOf} backwards. */
export function valueOf(digits: number): number {
  const letters = (digits >>> 6) & 0x01010101;
  const nibbles = ((digits & 0x0f0f0f0f) + Math.imul(letters, 9)) | 0;
  const pairs = ((nibbles << 4) | (nibbles >>> 8)) & 0x00ff00ff;
  return ((pairs << 8) | (pairs >>> 16)) & 0xffff;
}
