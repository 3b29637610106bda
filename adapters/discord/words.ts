import type { Language } from "../../src/contract/vocabulary.ts";

const en = {
  modalTitle: "Refer to an advisor",
  topic: "What is it about?",
  topicHint: "The likeliest come first",
  notSure: "I am not sure",
  consent: "Has the member agreed?",
  agreed: "The member agreed",
  askMember: "Ask the member",
  urgency: "How urgent is it?",
  normal: "normal",
  soon: "soon",
  urgent: "urgent",
  note: "A note for the advisor",
  noteHint: "Only the advisor reads it",
  excerpt: "What is passed on",
  excerptHint: "In the member's words, without names or numbers",
  notModerator: "Only moderators refer: you need Manage Messages or Moderate Members in this server.",
  notManager: "Only somebody with Manage Server may join this server to a forum record.",
  noServer: "This works in servers only.",
  notJoined:
    "This server has not joined Fingerpost yet. Somebody with Manage Server joins it with /fingerpost link and a code.",
  joinedJustNow: "This server has joined since. Please use the command again.",
  joined:
    "This server is now the forum “{forum}”. Moderators can refer with /refer or with the menu of a message.",
  ownMessage: "That message is Fingerpost's own. Refer the message of the member who asks.",
  badLink: "That is no link to a message in this server. Use Copy Message Link in the message's menu.",
  draftGone: "This form is too old. Please use the command again; nothing was referred.",
  fault: "Something went wrong on our side, and nothing was changed. Please try again.",
  stateOffered: "It is with **{pool}**.",
  stateTriage: "It is with the triage coordinator, who finds the right team.",
  stateDiverted: "It is with the safeguarding lead now, and with no pool.",
  stateConsent: "The member is asked first. Nothing is passed on until they say yes.",
  why: "Why there: {because}",
  masked: "Masked before it was stored: {masked}",
  nextOffered: "Next: an advisor claims it, {due}. The answer comes as a reply here.",
  nextTriage: "Next: it is placed, {due}. The answer comes as a reply here.",
  nextConsent: "Next: the member answers, {due}.",
  look: "Look after it with `/referral status {reference}`.",
  known: "This was referred before.",
  due: "at the latest {time}",
  noDue: "as soon as can be",
  notYours: "Only the member who asked and the moderators of this server can do that.",
  notMember: "Only the person who wrote the message can answer that.",
  thanksMember: "Thank you. It counts as said by the member.",
  thanksModerator: "Thank you. It counts as said by a moderator.",
  backToAdvisor: "The referral is back with its advisor.",
  helped: "This helped",
  partly: "Partly",
  not: "It did not",
  again: "Ask again",
  answer: "Answer",
  yes: "Yes",
  no: "No",
  againTitle: "Ask again",
  answerTitle: "Answer the question",
  yourWords: "Your words",
  yourWordsHint: "An advisor reads them. Leave out names and numbers.",
  passedOn: "Passed on to the advisor.",
  consentYes: "Thank you. It is passed on now; the answer comes as a reply to your message.",
  consentNo: "Thank you. Nothing is passed on, and what was noted has been erased.",
  consentDone: "This has been answered.",
  consentThread:
    "There is a question about this message for the person who wrote it. Nobody else can answer it.",
  consentPost: "Your message: {url}",
  consentLink: "What was passed on, and how to take it back: {url}",
  questionHead: "An advisor of **{pool}** asks:",
  replyHead: "**{department}**, {pool}, answers:",
  correctedHead: "**{department}**, {pool}, answers (this has been corrected):",
  retracted: "**{department}**, {pool}, has withdrawn this answer.",
  closed: "This referral has been closed without an answer here.",
  signpost: "Where to go: {text}",
  check: "Check that this is official: {url}",
  clinicPage: "When, where and how to ask: {url}",
  clinicCalendar: "For your calendar: {url}",
  removed: "This has been removed.",
  reopened: "A message above has changed.",
  cannotRead:
    "Discord does not show me that answer. Please press “{button}” under the message, or answer it with the ping on.",
  none: "There are no referrals from this server yet.",
  withdrawn: "{reference} has been taken back.",
  reopenedReferral: "{reference} is open again.",
  notFound: "There is no referral {reference} of this server.",
  notPossible: "{reference} is not where that can be done: {state}.",
  statsNone: "There are no referrals in this period.",
  statsHead: "The last {days} days",
  statsReceived: "{received} received, {open} open",
  statsTimes: "half of them were claimed within {claim}, and had a first reply within {reply}",
  statsHelped: "resolved {resolved}; members or moderators say it helped in {helped}",
} as const;

export type Word = keyof typeof en;

const cy: Record<Word, string> = {
  modalTitle: "Cyfeirio at gynghorydd",
  topic: "Beth yw'r pwnc?",
  topicHint: "Y rhai mwyaf tebygol yn gyntaf",
  notSure: "Dydw i ddim yn siŵr",
  consent: "A yw'r aelod wedi cytuno?",
  agreed: "Mae'r aelod wedi cytuno",
  askMember: "Gofyn i'r aelod",
  urgency: "Pa mor frys yw hyn?",
  normal: "arferol",
  soon: "cyn hir",
  urgent: "brys",
  note: "Nodyn i'r cynghorydd",
  noteHint: "Dim ond y cynghorydd sy'n ei ddarllen",
  excerpt: "Beth sy'n cael ei anfon ymlaen",
  excerptHint: "Yng ngeiriau'r aelod, heb enwau na rhifau",
  notModerator:
    "Dim ond cymedrolwyr sy'n cyfeirio: mae angen Manage Messages neu Moderate Members arnoch yn y gweinydd hwn.",
  notManager: "Dim ond rhywun â Manage Server all gysylltu'r gweinydd hwn â chofnod fforwm.",
  noServer: "Mewn gweinydd yn unig y mae hyn yn gweithio.",
  notJoined:
    "Nid yw'r gweinydd hwn wedi ymuno â Fingerpost eto. Mae rhywun â Manage Server yn ei gysylltu gyda /fingerpost link a chod.",
  joinedJustNow: "Mae'r gweinydd hwn wedi ymuno ers hynny. Defnyddiwch y gorchymyn eto.",
  joined:
    "Y gweinydd hwn yw'r fforwm “{forum}” bellach. Gall cymedrolwyr gyfeirio gyda /refer neu o ddewislen neges.",
  ownMessage: "Neges Fingerpost ei hun yw honno. Cyfeiriwch neges yr aelod sy'n gofyn.",
  badLink: "Nid dolen i neges yn y gweinydd hwn yw honno. Defnyddiwch Copy Message Link yn newislen y neges.",
  draftGone: "Mae'r ffurflen hon yn rhy hen. Defnyddiwch y gorchymyn eto; ni chyfeiriwyd dim.",
  fault: "Aeth rhywbeth o'i le ar ein hochr ni, ac ni newidiwyd dim. Rhowch gynnig arall arni.",
  stateOffered: "Mae gyda **{pool}**.",
  stateTriage: "Mae gyda'r cydlynydd brysbennu, sy'n dod o hyd i'r tîm cywir.",
  stateDiverted: "Mae gyda'r arweinydd diogelu nawr, a heb fod gydag unrhyw dîm.",
  stateConsent: "Gofynnir i'r aelod yn gyntaf. Nid anfonir dim ymlaen nes iddynt gytuno.",
  why: "Pam yno: {because}",
  masked: "Cuddiwyd cyn ei gadw: {masked}",
  nextOffered: "Nesaf: mae cynghorydd yn ei hawlio, {due}. Daw'r ateb fel ymateb yma.",
  nextTriage: "Nesaf: caiff ei osod, {due}. Daw'r ateb fel ymateb yma.",
  nextConsent: "Nesaf: mae'r aelod yn ateb, {due}.",
  look: "Gofalwch amdano gyda `/referral status {reference}`.",
  known: "Cyfeiriwyd hyn o'r blaen.",
  due: "erbyn {time} fan bellaf",
  noDue: "cyn gynted ag y bo modd",
  notYours: "Dim ond yr aelod a ofynnodd a chymedrolwyr y gweinydd hwn all wneud hynny.",
  notMember: "Dim ond y person a ysgrifennodd y neges all ateb hynny.",
  thanksMember: "Diolch. Mae'n cyfrif fel gair yr aelod.",
  thanksModerator: "Diolch. Mae'n cyfrif fel gair cymedrolwr.",
  backToAdvisor: "Mae'r atgyfeiriad yn ôl gyda'i gynghorydd.",
  helped: "Fe helpodd hyn",
  partly: "Yn rhannol",
  not: "Naddo",
  again: "Gofyn eto",
  answer: "Ateb",
  yes: "Iawn",
  no: "Na",
  againTitle: "Gofyn eto",
  answerTitle: "Ateb y cwestiwn",
  yourWords: "Eich geiriau",
  yourWordsHint: "Mae cynghorydd yn eu darllen. Peidiwch â rhoi enwau na rhifau.",
  passedOn: "Anfonwyd ymlaen at y cynghorydd.",
  consentYes: "Diolch. Caiff ei anfon ymlaen nawr; daw'r ateb fel ymateb i'ch neges.",
  consentNo: "Diolch. Nid anfonir dim ymlaen, a dilëwyd yr hyn a nodwyd.",
  consentDone: "Atebwyd hyn.",
  consentThread: "Mae cwestiwn am y neges hon i'r person a'i hysgrifennodd. Ni all neb arall ei ateb.",
  consentPost: "Eich neges: {url}",
  consentLink: "Beth a anfonwyd ymlaen, a sut i'w dynnu'n ôl: {url}",
  questionHead: "Mae cynghorydd o **{pool}** yn gofyn:",
  replyHead: "Mae **{department}**, {pool}, yn ateb:",
  correctedHead: "Mae **{department}**, {pool}, yn ateb (cywirwyd hyn):",
  retracted: "Mae **{department}**, {pool}, wedi tynnu'r ateb hwn yn ôl.",
  closed: "Caewyd yr atgyfeiriad hwn heb ateb yma.",
  signpost: "Ble i fynd: {text}",
  check: "Gwiriwch fod hyn yn swyddogol: {url}",
  clinicPage: "Pryd, ble a sut i ofyn: {url}",
  clinicCalendar: "Ar gyfer eich calendr: {url}",
  removed: "Tynnwyd hyn.",
  reopened: "Newidiwyd neges uchod.",
  cannotRead:
    "Nid yw Discord yn dangos yr ateb hwnnw i mi. Pwyswch “{button}” o dan y neges, neu atebwch hi gyda'r ping ymlaen.",
  none: "Nid oes atgyfeiriadau o'r gweinydd hwn eto.",
  withdrawn: "Tynnwyd {reference} yn ôl.",
  reopenedReferral: "Mae {reference} ar agor eto.",
  notFound: "Nid oes atgyfeiriad {reference} gan y gweinydd hwn.",
  notPossible: "Ni ellir gwneud hynny i {reference} nawr: {state}.",
  statsNone: "Nid oes atgyfeiriadau yn y cyfnod hwn.",
  statsHead: "Y {days} diwrnod diwethaf",
  statsReceived: "{received} wedi dod, {open} ar agor",
  statsTimes: "hawliwyd eu hanner o fewn {claim}, a chafodd eu hanner ateb cyntaf o fewn {reply}",
  statsHelped: "datryswyd {resolved}; dywed aelodau neu gymedrolwyr iddo helpu mewn {helped}",
};

const all: Record<Language, Record<Word, string>> = { en, cy };

/** Says a sentence in the forum's language, with what stands in braces filled in. */
export type Say = (word: Word, fill?: Readonly<Record<string, string | number>>) => string;

/** The words of a language; another than Welsh is answered in English. */
export const wordsOf =
  (language: string | undefined): Say =>
  (word, fill = {}) =>
    all[language === "cy" ? "cy" : "en"][word].replace(/\{(\w+)\}/g, (_, name: string) =>
      String(fill[name] ?? ""),
    );

const states: Record<string, readonly [en: string, cy: string]> = {
  awaiting_consent: ["the member is being asked", "gofynnir i'r aelod"],
  diverted: ["with the safeguarding lead", "gyda'r arweinydd diogelu"],
  triage: ["in triage", "yn cael ei frysbennu"],
  offered: ["waiting for an advisor", "yn aros am gynghorydd"],
  claimed: ["an advisor has it", "mae gan gynghorydd ef"],
  waiting_member: ["waiting for the member's answer", "yn aros am ateb yr aelod"],
  waiting_clearance: ["the answer is being checked", "mae'r ateb yn cael ei wirio"],
  replied: ["answered; waiting to hear whether it helped", "wedi'i ateb; yn aros i glywed a helpodd"],
  resolved: ["resolved", "wedi'i ddatrys"],
  closed: ["closed", "wedi'i gau"],
  withdrawn: ["taken back", "wedi'i dynnu'n ôl"],
  merged: ["joined to another referral", "wedi'i uno ag atgyfeiriad arall"],
};

/** A state of a referral as a moderator reads it; null for what is no state. */
export const knownStateWords = (state: string, language: string | undefined): string | null =>
  states[state]?.[language === "cy" ? 1 : 0] ?? null;

export const stateWords = (state: string, language: string | undefined): string =>
  knownStateWords(state, language) ?? state.replaceAll("_", " ");

const masked: Record<string, readonly [en: string, cy: string]> = {
  "national-insurance-number": ["a National Insurance number", "rhif Yswiriant Gwladol"],
  "nhs-number": ["an NHS number", "rhif GIG"],
  phone: ["a phone number", "rhif ffôn"],
  postcode: ["a postcode", "cod post"],
  email: ["an email address", "cyfeiriad e-bost"],
  card: ["a card number", "rhif cerdyn"],
  "bank-account": ["a bank account", "cyfrif banc"],
};

/** What was masked, as a moderator reads it. */
export const maskedWords = (codes: readonly string[], language: string | undefined): string =>
  codes.map((code) => masked[code]?.[language === "cy" ? 1 : 0] ?? code).join(", ");
