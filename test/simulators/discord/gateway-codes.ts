/** Opcodes, close codes, intents and limits of the gateway (topics/opcodes-and-status-codes, events/gateway). */
export const ops = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  resume: 6,
  reconnect: 7,
  invalid: 9,
  hello: 10,
  ack: 11,
} as const;
export const closes = {
  unknown: 4000,
  opcode: 4001,
  decode: 4002,
  notIdentified: 4003,
  token: 4004,
  twice: 4005,
  sequence: 4007,
  fast: 4008,
  timeout: 4009,
  shard: 4010,
  version: 4012,
  intents: 4013,
  disallowed: 4014,
} as const;
export const privilegedIntents = (1 << 1) | (1 << 8) | (1 << 15);
export const knownIntents = (1 << 26) - 1;
export const intents = { guilds: 1, guildMessages: 1 << 9, directMessages: 1 << 12 } as const;
export const frameBytes = 4096;
export const eventsPerMinute = 120;
