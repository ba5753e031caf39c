// Words and numbers on a chart. Values come ready written from the server; only axis steps are written here.
const FIRST_STRONG = "\u2068";
const POP = "\u2069";

/** The text kept together in its own direction: the canvas reads left to right whatever the language. */
export function isolate(text) {
  return `${FIRST_STRONG}${text}${POP}`;
}

/**
 * Writes the steps of a value axis: `format` is {style: "percent"|"number", digits: "latn"|"arab"|"arabext", decimals}.
 * Counts of a million and more are shortened in the language's own way (میلیون, 万).
 */
export function axisWriter(format, locale) {
  const { style = "number", digits = "latn", decimals = style === "percent" ? 1 : 2 } = format ?? {};
  const tag = `${locale}-u-nu-${digits}`;
  const plain = new Intl.NumberFormat(tag, { style: style === "percent" ? "percent" : "decimal", maximumFractionDigits: decimals });
  const short = new Intl.NumberFormat(tag, { notation: "compact", maximumFractionDigits: 1 });
  return (value) => isolate(style !== "percent" && Math.abs(value) >= 100_000 ? short.format(value) : plain.format(value));
}

/** The numbers of a list that are known. */
export function known(values) {
  return (values ?? []).filter((value) => value !== null && value !== undefined);
}
