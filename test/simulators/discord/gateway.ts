import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { isObject, type Json, objectOf, textOf } from "../slack/json.ts";
import { applicationShape } from "./app-routes.ts";
import {
  closes,
  eventsPerMinute,
  frameBytes,
  intents,
  knownIntents,
  ops,
  privilegedIntents,
} from "./gateway-codes.ts";
import { channelShape, guildShape, messageShape, userShape } from "./shapes.ts";
import { type Channel, type Message, mayIn, permissions, type State } from "./state.ts";

interface Session {
  id: string;
  intents: number;
  sequence: number;
  sent: { s: number; json: Json }[];
  socket: WebSocket | null;
}

export interface GatewayOptions {
  state: State;
  server: Server;
  url(): string;
  heartbeatMs: number;
}

/** The gateway, version 10: sessions that can be resumed, heartbeats, intents, and every way in which it ends. */
export function createGateway({ state, server, url, heartbeatMs }: GatewayOptions) {
  const sockets = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  /** What came in and what was done, for counting. */
  const seen = {
    connections: 0,
    refused: 0,
    identifies: [] as number[],
    resumes: 0,
    heartbeats: 0,
    closes: [] as number[],
  };
  const moods = {
    isDown: false,
    isMute: false,
    isInvalidAfterResume: false,
    forgets: false,
    refuse: null as number | null,
    /** How often each event of a message or thread is sent. */
    times: 1,
  };

  const write = (socket: WebSocket, json: Json) => socket.send(JSON.stringify(json));

  function emit(session: Session, name: string, data: Json): void {
    session.sequence += 1;
    const json = { op: ops.dispatch, t: name, s: session.sequence, d: data };
    session.sent.push({ s: session.sequence, json });
    if (session.socket) write(session.socket, json);
  }

  function dispatch(name: string, channel: Channel, data: Json, needed: number): void {
    const isSeen = channel.guildId === null || mayIn(state, state.bot.id, channel, permissions.viewChannel);
    if (!isSeen) return;
    for (const session of sessions.values())
      for (let i = 0; i < moods.times; i += 1)
        if ((session.intents & needed) === needed) emit(session, name, data);
  }

  state.dispatch = (name, of) => {
    if (!("channelId" in of)) {
      dispatch(name, of, channelShape(state, of), intents.guilds);
      return;
    }
    const channel = state.channels.get(of.channelId);
    if (!channel) return;
    const guild = channel.guildId === null ? {} : { guild_id: channel.guildId };
    const data =
      name === "MESSAGE_DELETE"
        ? { id: of.id, channel_id: of.channelId, ...guild }
        : { ...messageShape(state, of), ...guild, ...memberOf(channel, of) };
    dispatch(name, channel, data, channel.guildId === null ? intents.directMessages : intents.guildMessages);
  };

  function memberOf(channel: Channel, message: Message): Json {
    const member = state.guilds.get(channel.guildId ?? "")?.members.get(message.author.id);
    return member
      ? {
          member: {
            roles: [member.roleId],
            joined_at: "2026-01-01T00:00:00Z",
            deaf: false,
            mute: false,
            flags: 0,
          },
        }
      : {};
  }

  function close(socket: WebSocket, code: number): void {
    seen.closes.push(code);
    socket.close(code);
  }

  function refuseIdentify(data: Json): number | null {
    if (moods.refuse !== null) return moods.refuse;
    if (textOf(data.token) !== state.token) return closes.token;
    const wanted = Number(data.intents);
    if (!Number.isInteger(wanted) || (wanted & ~knownIntents) !== 0) return closes.intents;
    if ((wanted & privilegedIntents & ~state.privileged) !== 0) return closes.disallowed;
    if (!isObject(data.properties)) return closes.decode;
    return Array.isArray(data.shard) && Number(data.shard[0]) >= Number(data.shard[1]) ? closes.shard : null;
  }

  function identify(socket: WebSocket, data: Json): Session | null {
    seen.identifies.push(performance.now());
    const code = refuseIdentify(data);
    if (code !== null) {
      close(socket, code);
      return null;
    }
    const session: Session = {
      id: randomUUID(),
      intents: Number(data.intents),
      sequence: 0,
      sent: [],
      socket,
    };
    sessions.set(session.id, session);
    const guilds = [...state.guilds.values()].filter(({ hasBot }) => hasBot);
    emit(session, "READY", {
      v: 10,
      user: userShape(state.bot),
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: url(),
      shard: [0, 1],
      application: { id: state.applicationId, flags: applicationShape(state).flags },
    });
    if ((session.intents & intents.guilds) !== 0)
      for (const guild of guilds) emit(session, "GUILD_CREATE", guildShape(state, guild));
    return session;
  }

  function resume(socket: WebSocket, data: Json): Session | null {
    seen.resumes += 1;
    const session = sessions.get(textOf(data.session_id));
    if (textOf(data.token) !== state.token) {
      close(socket, closes.token);
      return null;
    }
    if (!session || moods.forgets) {
      write(socket, { op: ops.invalid, d: false });
      return null;
    }
    if (Number(data.seq) > session.sequence) {
      close(socket, closes.sequence);
      return null;
    }
    session.socket = socket;
    for (const { s, json } of session.sent) {
      if (s <= Number(data.seq)) continue;
      write(socket, json);
      // It may have come before: then the app may answer it again.
      const again = state.interactions.get(textOf(objectOf(json.d).token));
      if (json.t === "INTERACTION_CREATE" && again) again.copies += 1;
    }
    emit(session, "RESUMED", {});
    if (moods.isInvalidAfterResume) {
      sessions.delete(session.id);
      write(socket, { op: ops.invalid, d: false });
      return null;
    }
    return session;
  }

  function serve(socket: WebSocket): void {
    seen.connections += 1;
    let session: Session | null = null;
    let times: number[] = [];
    let beatenMs = performance.now();
    const watch = setInterval(() => {
      if (performance.now() - beatenMs > heartbeatMs * 3) close(socket, closes.timeout);
    }, heartbeatMs).unref();
    const take = (text: string): void => {
      let frame: unknown;
      try {
        frame = JSON.parse(text);
      } catch {
        close(socket, closes.decode);
        return;
      }
      const { op, d } = isObject(frame) ? frame : {};
      if (op === ops.heartbeat) {
        beatenMs = performance.now();
        seen.heartbeats += 1;
        if (!moods.isMute) write(socket, { op: ops.ack });
      } else if (op === ops.identify && isObject(d)) {
        if (session) close(socket, closes.twice);
        else session = identify(socket, d);
      } else if (op === ops.resume && isObject(d)) session = resume(socket, d);
      else if (op === ops.presence) {
        if (!session) close(socket, closes.notIdentified);
      } else close(socket, closes.opcode);
    };
    socket.on("message", (data: RawData) => {
      const bytes = Buffer.isBuffer(data)
        ? data
        : Buffer.concat([data].flat().map((part) => Buffer.from(part as ArrayBuffer)));
      const nowMs = performance.now();
      times = [...times.filter((at) => at > nowMs - 60_000), nowMs];
      if (bytes.length > frameBytes) close(socket, closes.decode);
      else if (times.length > eventsPerMinute) close(socket, closes.fast);
      else take(bytes.toString("utf8"));
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearInterval(watch);
      if (session?.socket === socket) session.socket = null;
    });
    write(socket, { op: ops.hello, d: { heartbeat_interval: heartbeatMs } });
  }

  server.on("upgrade", (request, socket, head) => {
    const asked = new URL(request.url ?? "/", "http://discord.test");
    if (moods.isDown) seen.refused += 1;
    if (moods.isDown || !asked.pathname.startsWith("/gateway")) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (open) => {
      if (asked.searchParams.get("v") !== "10" || asked.searchParams.get("encoding") !== "json")
        close(open, closes.version);
      else serve(open);
    });
  });

  const open = (): Session[] => [...sessions.values()].filter(({ socket }) => socket !== null);
  const each = (act: (socket: WebSocket) => void) => {
    for (const { socket } of open()) if (socket) act(socket);
  };
  return {
    seen,
    moods,
    sessions: () => sessions.size,
    connected: () => open().length,
    /** To every session, also one that has still to come back. Where there is none, a use of the app is lost. */
    sendInteraction(json: Json): number {
      for (const session of sessions.values()) emit(session, "INTERACTION_CREATE", json);
      return sessions.size;
    },
    /** Cuts every connection without a word. Sessions stay and can be resumed. */
    kill: () => each((socket) => socket.terminate()),
    close: (code: number) => each((socket) => close(socket, code)),
    /** Op 7: asks every connection to come again. */
    reconnect: () => each((socket) => write(socket, { op: ops.reconnect, d: null })),
    /** Op 9: the session is over, or may be resumed. */
    invalidate(isResumable = false) {
      for (const session of open()) {
        if (!isResumable) sessions.delete(session.id);
        if (session.socket) write(session.socket, { op: ops.invalid, d: isResumable });
      }
    },
    stop() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
export type Gateway = ReturnType<typeof createGateway>;
