import { Unexpected } from "./answers.ts";
import type { Narrator, Who } from "./narrator.ts";
import type { Stage } from "./stage.ts";

/** What a step has to say beside its line: quieter lines below it, and a box. */
export interface Told {
  details?: readonly string[];
  box?: { title: string; paragraphs: readonly string[] };
}

/**
 * One thing that somebody does: `run` does it and holds that it came out as it should, by throwing `Unexpected` where it did
 * not. `at` is the demo's time, such as `09:12`.
 */
export interface Step {
  at: string;
  who: Who;
  does: string;
  run(): Promise<Told>;
}

/** What an act is played with. */
export interface Scene {
  stage: Stage;
  step(step: Step): Promise<void>;
  say: Narrator;
}

/** A part of the day: a heading and the steps below it. */
export interface Act {
  /** The day it is played on, such as `2026-11-23`. */
  day: string;
  title: string;
  play(scene: Scene): Promise<void>;
}

export interface Count {
  steps: number;
  failed: number;
}

/** Thrown after a step has failed and said so: the steps after it in its act would make no sense. */
class ActEnded extends Error {}

export interface PlayParts {
  stage: Stage;
  narrator: Narrator;
  /** Waits a little between two steps, for whoever watches. */
  pause(): Promise<void>;
}

/** Plays the acts in order and counts. An act ends with its first step that fails; the others are played all the same. */
export async function playActs(acts: readonly Act[], parts: PlayParts): Promise<Count> {
  const count: Count = { steps: 0, failed: 0 };
  for (const act of acts) {
    parts.narrator.heading(act.title);
    try {
      await act.play(createScene(act, parts, count));
    } catch (error) {
      if (!(error instanceof ActEnded)) throw error;
    }
  }
  return count;
}

function createScene(act: Act, { stage, narrator, pause }: PlayParts, count: Count): Scene {
  return {
    stage,
    say: narrator,
    async step({ at, who, does, run }) {
      count.steps += 1;
      try {
        await stage.passTo(new Date(`${act.day}T${at}:00Z`));
        const { details = [], box } = await run();
        narrator.step(at, who, true, does);
        for (const detail of details) narrator.detail(detail);
        if (box) narrator.box(box.title, box.paragraphs);
      } catch (error) {
        count.failed += 1;
        narrator.step(at, who, false, does);
        const { expected, got } = readFailure(error);
        narrator.failure(expected, got);
        throw new ActEnded();
      }
      await pause();
    },
  };
}

function readFailure(error: unknown): { expected: string; got: string } {
  if (error instanceof Unexpected) return error;
  return { expected: "an answer", got: error instanceof Error ? error.message : String(error) };
}
