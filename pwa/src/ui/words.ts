/** Every text with a number has its singular; numbers are written the German way. */

let numbers: Intl.NumberFormat | undefined;

/** 1234 → „1.234“. */
export function formatNumber(value: number): string {
  // Made at first use: it costs a slow phone a good part of its start.
  numbers ??= new Intl.NumberFormat("de-DE");
  return numbers.format(value);
}

/**
 * Picks the singular for exactly one and puts the number where `#` stands:
 * `plural(2, "# Eintrag wartet", "# Einträge warten")` → „2 Einträge warten“.
 */
export function plural(count: number, one: string, many: string): string {
  return (count === 1 ? one : many).replaceAll("#", formatNumber(count));
}

/** Bytes in the unit a person thinks in: „18 MB“. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000_000) return `${formatNumber(Math.max(1, Math.round(bytes / 1000)))} KB`;
  return `${formatNumber(Math.round(bytes / 1_000_000))} MB`;
}
