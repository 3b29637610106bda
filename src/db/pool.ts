import pg from "pg";

export interface PoolOptions {
  url: string;
  /** Greatest number of connections; 10 when not given. */
  maxConnections?: number;
  applicationName?: string;
}

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: Error | boolean) => void,
) => void;

/**
 * A pool that gives back only connections that are in a known state.
 *
 * Limits in milliseconds: 5,000 for a statement, 2,000 for a lock, 10,000 for an idle transaction (enforced by the server),
 * 3,000 for a connection, 6,000 for an answer (enforced here). Without them a half-open network held a request for as long
 * as the network stayed half open.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new CarefulPool({
    connectionString: options.url,
    application_name: options.applicationName ?? `fingerpost ${process.pid}`,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 3_000,
    query_timeout: 6_000,
    statement_timeout: 5_000,
    lock_timeout: 2_000,
    idle_in_transaction_session_timeout: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // A connection lost while idle is replaced on the next use; without a listener it would end the process.
  pool.on("error", () => {});
  return pool;
}

class CarefulPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    if (callback === undefined) return super.connect().then(guardRelease);
    super.connect((error, client, done) => {
      if (client === undefined) return callback(error, client, done);
      guardRelease(client);
      callback(error, client, client.release.bind(client));
    });
    return undefined;
  }
}

/**
 * Makes the release of a connection safe to call twice, which happens when a commit times out
 * (https://github.com/prisma/orm/issues/29952), and closes a connection that is still inside a transaction: whoever got it
 * next would work in a stranger's. A statement that the database refused leaves the connection usable, so it stays.
 */
function guardRelease(client: pg.PoolClient): pg.PoolClient {
  const release = client.release.bind(client);
  let isReleased = false;
  client.release = (reason?: Error | boolean) => {
    if (isReleased) return;
    isReleased = true;
    const isIdle = client.getTransactionStatus() === "I";
    const isOrdinaryRefusal = reason instanceof pg.DatabaseError && reason.severity === "ERROR";
    if (!isIdle) release(true);
    else release(isOrdinaryRefusal ? undefined : reason);
  };
  return client;
}
