import { describe, expect, test } from "vitest";
import { createTopicIndex } from "../../src/routing/index.ts";
import { sampleTopics } from "./sample-topics.ts";

const index = createTopicIndex(sampleTopics);

/** Questions as people write them on forums, with the topic they may be routed by, or null where a person must choose. */
const questions: [question: string, topic: string | null][] = [
  ["UC stopped my money this month and nobody will tell me why??", "universal-credit"],
  ["my work coach has put a message in my journal saying ive got to come in on xmas eve", "universal-credit"],
  ["Is the advance payment a loan or do you keep it", "universal-credit"],
  ["Mae fy Nghredyd Cynhwysol wedi stopio, credyd cynhwysol dim ateb", "universal-credit"],
  [
    "Just lost my job, been told I have to apply for Universal Credit, how long until the first payment?",
    "universal-credit",
  ],
  ["Had my PIP review, they took the mobility part off me even though nothing changed", "pip"],
  ["how do I write a mandatory reconsideration letter, the assessor didnt listen to a word", "pip"],
  ["moving from DLA to the new one, my son turns 16 in march", "pip"],
  [
    "I look after my mum 40 hours a week, can I get carer's allowance if I also earn a bit",
    "carers-allowance",
  ],
  ["Lwfans Gofalwr - sut mae gwneud cais?", "carers-allowance"],
  ["I have 31 qualifying years, is it worth buying the gaps", "state-pension"],
  ["What is my state pension age if I was born in April 1961?", "state-pension"],
  ["My pension forecast on the website looks wrong", "state-pension"],
  ["Dad is 78 and has tiny savings, someone said pension credit might help him", "pension-credit"],
  ["both of us earn over 60k, do we pay back the child benefit", "child-benefit"],
  ["high income charge letter arrived out of nowhere", "child-benefit"],
  ["Sole trader here, first tax return ever, what do I put as payment on account", "self-assessment"],
  ["still waiting for my UTR number and the deadline is next week", "self-assessment"],
  ["new job put me on emergency tax, when does it come back", "paye-tax-codes"],
  ["why has my tax code changed to K475", "paye-tax-codes"],
  ["no P45 from my old employer, they have gone bust", "paye-tax-codes"],
  ["maintenance loan still not in and rent is due friday, anyone else?", "student-finance"],
  ["will my tuition fee be paid if I repeat the year", "student-finance"],
  ["who can do the countersignature for a baby passport", "passports"],
  ["Passport renewal has taken 9 weeks and we fly on the 3rd", "passports"],
  ["DVLA lost my log book", "driving-licence"],
  ["do i need to tell them about epilepsy for my driving licence", "driving-licence"],
  ["only got 4 hens in the back garden do I have to register them for bird flu", "bird-keeping"],
  ["Is the housing order still on? my flock are going mad indoors", "bird-keeping"],
  ["neighbour's heat pump noise all night, environmental health don't answer", "noise"],
  ["leaving the army in june, where do I start with resettlement", "veterans"],
  ["does an armed forces pension count as income", "veterans"],
  ["employer refuses SMP because I started in the wrong week", "maternity-pay"],
  ["bedroom tax when my daughter is at uni?", "housing-benefit"],
  ["Can I use my nan's blue badge if she isn't in the car", "blue-badge"],
  ["is the prepayment certificate worth it for two prescriptions a month", "prescriptions"],
  // Nothing to go by, or too little.
  ["Hi all, new here, just wanted to say hello and thanks for having me", null],
  ["Has anyone got any advice please? I don't know what to do any more", null],
  ["What a match last night, that second goal!", null],
  ["Best slow cooker recipe for a cold week?", null],
  ["I work as a football coach on Saturdays, any ideas for warm-ups", null],
  ["The council have not emptied the bins for three weeks", null],
  ["my payment is late again", null],
  ["letter came today about an appeal, no idea what it means", null],
  ["looking for a personal trainer with experience of knee injuries", null],
  ["is there credit for good behaviour in this game", null],
  ["can somebody recommend a good book on the age of sail", null],
  ["Diolch i bawb am yr help ddoe", null],
  // Two things at once: a person decides.
  ["Does child benefit count as income when they work out housing benefit", null],
  ["On UC and PIP, which one pays for the blue badge", null],
  ["my carer's allowance was cut when my state pension started", null],
  ["do I need to show my passport or driving licence for the vote", null],
];

describe("guessing a topic", () => {
  test.each(questions)("%s → %s", (question, topic) => {
    expect(index.guess(question)?.code ?? null).toBe(topic);
  });

  test("depends on the margin and on whole phrases: without them some of these questions are guessed wrongly", () => {
    const careless = questions.filter(([question]) => index.suggest(question, 1)[0]);
    const wrong = careless.filter(([question, topic]) => index.suggest(question, 1)[0]?.code !== topic);
    expect(wrong.length).toBeGreaterThanOrEqual(5);
  });

  test("is the same for a short question and the same question in a long post about nothing else", () => {
    const filler = "So anyway we went to the seaside with the dog and had chips and it rained. ".repeat(40);
    expect(index.guess(`${filler} UC stopped my money this month. ${filler}`)?.code).toBe("universal-credit");
    expect(index.guess(filler)).toBeNull();
  });

  test("works with one topic, and answers nothing with none", () => {
    const one = createTopicIndex([{ code: "passports", title: "Passports" }]);
    expect(one.guess("lost my passport")?.code).toBe("passports");
    expect(one.guess("lost my keys")).toBeNull();
    expect(createTopicIndex([]).guess("lost my passport")).toBeNull();
    expect(createTopicIndex([]).suggest("lost my passport")).toEqual([]);
  });
});

describe("suggesting topics", () => {
  test("offers the best three, best first, with title and score", () => {
    const suggestions = index.suggest(
      "does child benefit or housing benefit change my universal credit or my tax code",
    );
    expect(suggestions).toHaveLength(3);
    expect(suggestions[0]).toEqual({
      code: expect.any(String),
      title: expect.any(String),
      score: expect.any(Number),
    });
    const scores = suggestions.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(index.suggest("child benefit and housing benefit", 1)).toHaveLength(1);
  });

  test("finds the right topic among the three for every question that has one", () => {
    const missed = questions.filter(([question, topic]) => {
      return topic !== null && !index.suggest(question).some(({ code }) => code === topic);
    });
    expect(missed).toEqual([]);
  });

  test("ignores case, accents, apostrophes and an English plural", () => {
    expect(index.suggest("TAL MAMOLAETH")[0]?.code).toBe("maternity-pay");
    expect(index.suggest("tâl mamolaeth")[0]?.code).toBe("maternity-pay");
    expect(index.suggest("Carer’s allowances")[0]?.code).toBe("carers-allowance");
  });
});
