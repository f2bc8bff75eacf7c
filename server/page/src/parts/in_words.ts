// A reason without the measure that ends it in brackets, "(likeness 0.29)": a word says how well two fit, and the numbers are in
// the record.
export const inWords = (reason: string): string => reason.replace(/\s*[(（][^()（）]*\d[.,]\d+[^()（）]*[)）]$/, "");
