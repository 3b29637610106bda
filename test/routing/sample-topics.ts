import type { Topic } from "../../src/routing/index.ts";

/** Topics as a register of several departments might have them. Invented for the tests. */
export const sampleTopics: Topic[] = [
  {
    code: "universal-credit",
    title: "Universal Credit",
    words: ["uc", "work coach", "advance payment", "journal", "credyd cynhwysol", "five week wait"],
    examples: ["My payment was sanctioned after I missed an appointment at the jobcentre"],
  },
  {
    code: "pip",
    title: "Personal Independence Payment",
    words: ["pip", "mandatory reconsideration", "daily living", "mobility component", "dla"],
    examples: ["The assessor scored me zero points and I want to appeal"],
  },
  {
    code: "carers-allowance",
    title: "Carer's Allowance",
    words: ["carer", "caring", "lwfans gofalwr", "carers"],
  },
  {
    code: "state-pension",
    title: "State Pension",
    words: [
      "pension age",
      "pension forecast",
      "qualifying years",
      "national insurance record",
      "pensiwn y wladwriaeth",
    ],
  },
  {
    code: "pension-credit",
    title: "Pension Credit",
    words: ["guarantee credit", "savings credit", "credyd pensiwn"],
  },
  { code: "child-benefit", title: "Child Benefit", words: ["high income charge", "budd-dal plant"] },
  {
    code: "self-assessment",
    title: "Self Assessment tax returns",
    words: ["tax return", "utr", "payment on account", "sole trader", "self employed"],
    examples: ["I missed the January deadline and have a penalty"],
  },
  {
    code: "paye-tax-codes",
    title: "PAYE and tax codes",
    words: ["tax code", "paye", "p45", "p60", "emergency tax"],
  },
  {
    code: "student-finance",
    title: "Student finance",
    words: ["student loan", "maintenance loan", "tuition fee", "slc", "cyllid myfyrwyr"],
    examples: ["My loan has not arrived and term at university has started"],
  },
  { code: "passports", title: "Passports", words: ["passport", "countersignature", "pasbort"] },
  {
    code: "driving-licence",
    title: "Driving licences",
    words: ["driving licence", "dvla", "v5c", "log book"],
  },
  {
    code: "bird-keeping",
    title: "Keeping poultry and bird flu",
    words: ["avian influenza", "bird flu", "hens", "chickens", "flock", "housing order"],
    examples: ["Do I have to register three hens in my garden"],
  },
  {
    code: "noise",
    title: "Noise nuisance",
    words: ["noise", "statutory nuisance", "environmental health", "swn"],
    examples: ["Neighbours play loud music through the night"],
  },
  {
    code: "veterans",
    title: "Support for veterans",
    words: ["veteran", "armed forces pension", "war pension", "afcs", "resettlement"],
  },
  {
    code: "maternity-pay",
    title: "Maternity pay and leave",
    words: ["smp", "maternity allowance", "mat leave", "tâl mamolaeth"],
  },
  {
    code: "housing-benefit",
    title: "Housing Benefit",
    words: ["bedroom tax", "local housing allowance", "lha", "budd-dal tai"],
  },
  {
    code: "blue-badge",
    title: "Blue Badge parking",
    words: ["blue badge", "disabled parking", "bathodyn glas"],
  },
  {
    code: "prescriptions",
    title: "Prescription charges",
    words: ["prescription", "prepayment certificate", "hc1"],
  },
];
