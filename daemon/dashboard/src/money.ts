// Amounts arrive as integer fen. JSON.parse would make them doubles, exact only up to 2^53 (about 90 trillion yuan);
// parse() keeps larger ones as text, and all printing works on BigInt.

export type Fen = bigint;

/** Parses JSON whose integers may exceed the exact range of a double: every *_fen member becomes a bigint. */
export function parse(text: string): unknown {
  const marked = text.replace(/("[a-z0-9_]*_fen"\s*:\s*)(-?\d+)/g, '$1"$2"');
  return JSON.parse(marked, (key, value) =>
    key.endsWith("_fen") && typeof value === "string" ? BigInt(value) : value,
  );
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** 1,234.56 */
export function yuan(fen: Fen): string {
  const sign = fen < 0n ? "−" : "";
  const size = fen < 0n ? -fen : fen;
  return `${sign}${grouped((size / 100n).toString())}.${(size % 100n).toString().padStart(2, "0")}`;
}

/** 万元 with two decimals, half up: for headlines only; tables print yuan. */
export function wan(fen: Fen): string {
  const sign = fen < 0n ? "−" : "";
  const size = fen < 0n ? -fen : fen;
  const hundredths = (size + 5000n) / 10000n;
  return `${sign}${grouped((hundredths / 100n).toString())}.${(hundredths % 100n).toString().padStart(2, "0")}`;
}

/** For people: 万元 from 10,000 yuan on, below it yuan to the fen, so that a small gap never prints as zero. */
export function readable(fen: Fen): string {
  const size = fen < 0n ? -fen : fen;
  return size >= 1_000_000n ? `${wan(fen)} 万元` : `${yuan(fen)} 元`;
}

/** Share in hundredths of a percent, rounded down so that a share below the floor never prints as the floor. */
export function shareHundredths(part: Fen, whole: Fen): number | null {
  return whole > 0n ? Number((part * 10000n) / whole) : null;
}

export function percent(hundredths: number | null): string {
  if (hundredths === null) return "—";
  return `${Math.trunc(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}%`;
}
