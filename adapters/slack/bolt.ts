import type { FastifyPluginAsync } from "fastify";
import type { AdapterDeps } from "../../src/contract/adapter.ts";
import { quiet } from "./client.ts";
import { createInbound, type SlackEvent } from "./inbound.ts";
import { App, SocketModeReceiver, type WebClient, type WebClientOptions } from "./sdk.ts";

type BoltApp = InstanceType<typeof App>;

interface Identity {
  botId: string;
  botUserId: string;
  teamId: string;
}

export interface Parts {
  client: WebClient;
  options: WebClientOptions;
  listen(app: BoltApp): void;
}

/** Bolt behind our own receiver, or behind Socket Mode where there is an app token. It starts no server of its own. */
export function createBolt(deps: AdapterDeps, { client, options, listen }: Parts) {
  const { botToken = "", signingSecret, appToken } = deps.settings;
  const logger = quiet(deps.logger);
  const socket =
    appToken === undefined
      ? null
      : new SocketModeReceiver({ appToken, logger, installerOptions: { clientOptions: options } });
  let identity: Promise<Identity> | null = null;

  /** Who the app is in Slack; asked once, and again after a failure. */
  const whoAmI = (): Promise<Identity> => {
    identity ??= client.auth.test().then(
      (me) => ({ botId: me.bot_id ?? "", botUserId: me.user_id ?? "", teamId: me.team_id ?? "" }),
      (error: unknown) => {
        identity = null;
        throw error;
      },
    );
    return identity;
  };

  let app: BoltApp | undefined;
  const receiver = socket ?? {
    init: () => {},
    start: async () => {},
    stop: async () => {},
  };
  app = new App({
    receiver,
    logger,
    clientOptions: options,
    authorize: async () => ({ botToken, ...(await whoAmI()) }),
    ignoreSelf: true,
    convoStore: false,
  });
  listen(app);
  app.error(async (error) => {
    deps.logger.error("A request of Slack met a fault.", { adapter: "slack" }, error);
  });

  const process = async (event: SlackEvent): Promise<void> => {
    await app?.processEvent(event);
  };
  const inbound: FastifyPluginAsync | null =
    socket === null && signingSecret !== undefined ? createInbound(deps, signingSecret, process) : null;

  return {
    inbound,
    async start() {
      try {
        await whoAmI();
        if (socket) await socket.start();
      } catch (error) {
        deps.logger.error("Slack cannot be reached at the moment.", { adapter: "slack" }, error);
      }
    },
    async stop() {
      if (socket) await socket.stop();
    },
  };
}
