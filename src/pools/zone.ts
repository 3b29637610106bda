import { Temporal } from "temporal-polyfill";

/** A stretch of time in which a zone keeps one offset; `toMs` is not part of it. */
export interface OffsetSegment {
  fromMs: number;
  toMs: number;
  offsetMs: number;
}

/** A time zone read as offsets. All instants are milliseconds since 1970 UTC. */
export interface Zone {
  offsetAt(ms: number): number;
  /** The segments that touch the stretch, in order. */
  segments(fromMs: number, toMs: number): OffsetSegment[];
}

// One conversion by Temporal costs about 15 µs, one look into this table far less than 1 µs. A little over a year each.
const CHUNK_MS = 2 ** 35;

function readChunk(timezone: string, chunk: number): OffsetSegment[] {
  const endMs = (chunk + 1) * CHUNK_MS;
  const segments: OffsetSegment[] = [];
  let fromMs = chunk * CHUNK_MS;
  while (fromMs < endMs) {
    const local = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timezone);
    const next = local.getTimeZoneTransition("next");
    const toMs = next ? Math.min(next.epochMilliseconds, endMs) : endMs;
    segments.push({ fromMs, toMs, offsetMs: local.offsetNanoseconds / 1e6 });
    fromMs = toMs;
  }
  return segments;
}

function createZone(timezone: string): Zone {
  const chunks = new Map<number, OffsetSegment[]>();
  const chunkAt = (index: number): OffsetSegment[] => {
    const known = chunks.get(index);
    if (known) return known;
    const made = readChunk(timezone, index);
    chunks.set(index, made);
    return made;
  };
  return {
    offsetAt(ms) {
      for (const segment of chunkAt(Math.floor(ms / CHUNK_MS)))
        if (ms < segment.toMs) return segment.offsetMs;
      return 0;
    },
    segments(fromMs, toMs) {
      const found: OffsetSegment[] = [];
      for (let index = Math.floor(fromMs / CHUNK_MS); index * CHUNK_MS < toMs; index++) {
        for (const segment of chunkAt(index))
          if (segment.fromMs < toMs && segment.toMs > fromMs) found.push(segment);
      }
      return found;
    },
  };
}

const zones = new Map<string, Zone>();

/** The zone of an IANA name; made once. Throws Temporal's `RangeError` for an unknown name when it is first asked. */
export function zoneOf(timezone: string): Zone {
  const known = zones.get(timezone);
  if (known) return known;
  const made = createZone(timezone);
  zones.set(timezone, made);
  return made;
}
