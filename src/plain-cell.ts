const escapedFormula = /^'(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/;

/** A cell without the quote that `escape_formulas` of csv-stringify puts before a formula, so that no spreadsheet runs it. */
export const plainCell = (cell: string): string => cell.replace(escapedFormula, "");
