import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { type Prisma, PrismaClient } from "./generated/client.ts";
import { createPool, type PoolOptions } from "./pool.ts";

/**
 * Prisma's query compiler is WebAssembly. By default V8 compiles its functions anew, optimised, while the server starts, and
 * that takes 50 MB which are not given back: it does so only for functions that have run 50 times as much. See decision 141.
 */
setFlagsFromString("--wasm-tiering-budget=100000000");

/** What every query of a store is made on: the client inside a transaction, or the client itself for single statements. */
export type Tx = Prisma.TransactionClient;

export interface Database {
  /** Usable wherever a `Tx` is asked for; each of its statements then stands alone. */
  prisma: Tx;
  /** Runs the work in one transaction: all of it is committed when the promise settles, or none. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const waitForConnectionMs = 2_000;
const transactionMs = 5_000;
/** Statements kept prepared for each connection. What varies in text (a list in `IN`) would fill the server's memory. */
const maxNamedStatements = 500;

/** A statement with `$1` and so on for its values; it is planned once for each connection under its name. */
export interface Statement {
  name: string;
  text: string;
}

/** The pool behind a client that is in no transaction. */
const pools = new WeakMap<Tx, pg.Pool>();

/**
 * Runs one statement, outside a transaction straight on the driver: Prisma takes longer over a statement than the driver
 * does, which shows where everything is one statement. Values are what the driver takes, and text wherever the statement
 * casts it; rows have the driver's types.
 */
export async function runStatement(tx: Tx, { name, text }: Statement, values: unknown[]): Promise<unknown[]> {
  const pool = pools.get(tx);
  if (!pool) return tx.$queryRawUnsafe<unknown[]>(text, ...values);
  return (await pool.query<object>({ name, text, values })).rows;
}

/** Connects lazily to a PostgreSQL. Time-outs are those of `createPool`; a transaction takes at most 5 s and waits 2 s. */
export function createDatabase(options: PoolOptions): Database {
  const pool: pg.Pool = createPool(options);
  const adapter = new PrismaPg(pool, { statementNameGenerator: createStatementNames() });
  const prisma = new PrismaClient({
    adapter,
    transactionOptions: { maxWait: waitForConnectionMs, timeout: transactionMs },
  });
  pools.set(prisma, pool);
  return {
    prisma,
    transaction: (work) => prisma.$transaction(work),
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** Names statements by their text, so that each is planned once for a connection. */
function createStatementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    // The empty name is PostgreSQL's unnamed statement: parsed for this one use.
    if (names.size >= maxNamedStatements) return "";
    const name = `fp_${createHash("sha256").update(sql).digest("base64url").slice(0, 22)}`;
    names.set(sql, name);
    return name;
  };
}
