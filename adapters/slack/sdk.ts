/** The parts of Slack's SDK that this adapter uses, in one place. */
import type { types } from "@slack/bolt";

export { App, SocketModeReceiver, verifySlackRequest } from "@slack/bolt";
export {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type WebClientOptions,
} from "@slack/web-api";

export type Block = types.KnownBlock;
export type Button = types.Button;
export type ModalView = types.ModalView;
export type HomeView = types.HomeView;
export type PlainText = types.PlainTextElement;
export type RichPart = types.RichTextElement;
