import type { Deps } from "../deps.ts";

type Cell = string | number | null;
type Datatype = "string" | "date" | "dateTime" | "anyURI" | "boolean" | "integer";

export interface Column {
  name: string;
  datatype: Datatype;
  says: string;
  /** Set where a cell holds a list. */
  separator?: string;
  /** Set where it is empty in some rows although it belongs to the key. */
  mayBeEmpty?: true;
}

/** One table that is published, with everything a reader has to know about it. */
export interface Dataset {
  /** Its file is `/data/{name}.csv`, and `.json`. */
  name: string;
  title: Record<"en" | "cy", string>;
  says: Record<"en" | "cy", string>;
  /** It says nothing but what the register says, so that it is the same until the next version of the register. */
  isOfRegister: boolean;
  /** The columns that together name a row. */
  key: readonly string[];
  columns: readonly Column[];
  rows(deps: Pick<Deps, "db" | "register" | "now">): Promise<readonly (readonly Cell[])[]>;
}

const ofType =
  (datatype: Datatype) =>
  (name: string, says: string): Column => ({ name, datatype, says });
export const text = ofType("string");
export const day = ofType("date");
export const moment = ofType("dateTime");
export const address = ofType("anyURI");
export const isSo = ofType("boolean");
export const count = ofType("integer");

export const listSeparator = "; ";
export const list = (name: string, says: string): Column => ({
  ...text(name, says),
  separator: listSeparator,
});
