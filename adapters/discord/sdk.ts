/** The parts of discord.js that this adapter uses in the server's own process, in one place. */
export { DiscordAPIError, HTTPError, RateLimitError, REST, RequestMethod } from "discord.js";
