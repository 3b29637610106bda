import { createHash } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { type Prisma, PrismaClient } from "./generated/client.ts";
import { createPool, type PoolOptions } from "./pool.ts";

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

/** Connects lazily to a PostgreSQL. Time-outs are those of `createPool`; a transaction takes at most 5 s and waits 2 s. */
export function createDatabase(options: PoolOptions): Database {
  const pool: pg.Pool = createPool(options);
  const adapter = new PrismaPg(pool, { statementNameGenerator: createStatementNames() });
  const prisma = new PrismaClient({
    adapter,
    transactionOptions: { maxWait: waitForConnectionMs, timeout: transactionMs },
  });
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
