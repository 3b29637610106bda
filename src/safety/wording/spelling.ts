/** How the words that matter are misspelt, disguised and shortened. Data, read by `read-words.ts`. */

/** A word as found → the words it stands for. */
export const spellings: Readonly<Record<string, string>> = {
  kms: "kill myself",
  kys: "kill yourself",
  kil: "kill", kll: "kill", kiil: "kill", klil: "kill", kilk: "kill", kiill: "kill", qill: "kill",
  kiling: "killing", killin: "killing", kilin: "killing", klling: "killing",
  dieing: "dying", dyin: "dying", diying: "dying", ded: "dead", deaded: "dead", deth: "death", daed: "dead",
  wanna: "want to", wana: "want to", wannna: "want to", wnna: "want to", wanto: "want to", wnat: "want", watn: "want", wantt: "want",
  gonna: "going to", gona: "going to", gunna: "going to", gna: "going to", goin: "going", tryna: "trying to",
  suaside: "suicide", suacide: "suicide", suicidle: "suicidal", sewerslide: "suicide", sewercide: "suicide", sueside: "suicide", sewicide: "suicide",
  myslf: "myself", meself: "myself", mesen: "myself", misself: "myself", meslef: "myself",
  hurtin: "hurting", cuttin: "cutting", selfharm: "self harm", selfharming: "self harming", selfharmed: "self harmed",
  cannot: "cant", cnt: "cant", dnt: "dont", donot: "dont", dunt: "dont", didn: "didnt",
  anymore: "any more", nomore: "no more", infront: "in front", noone: "nobody",
  hubby: "husband", hubbie: "husband", bf: "boyfriend", gf: "girlfriend", stepfather: "stepdad", mam: "mum", kiddies: "kids", bairns: "kids", wean: "child", weans: "kids",
  raiped: "raped", strangeled: "strangled", strangulated: "strangled", abusiv: "abusive",
  unaliving: "unalive", unalived: "unalive", unaliveing: "unalive",
  paracetemol: "paracetamol", paracetomol: "paracetamol", tabs: "tablets", meds: "medication",
  fyhun: "fy hun", hunanladiad: "hunanladdiad", hunanladdiaid: "hunanladdiad",
  isho: "isio", ishe: "isio", isie: "isio", eisie: "eisiau", eisau: "eisiau", eisio: "eisiau", esisiau: "eisiau",
};

/** Words of which every spelling one letter away is read as the word itself. */
export const guardedWords = ["suicide", "suicidal", "myself", "overdose", "unalive", "abusive", "hunanladdiad"] as const;

/** Words in which an asterisk or another sign may stand for a letter. */
export const starredWords = ["kill", "killing", "suicide", "suicidal", "die", "dying", "dead", "raped", "murder", "stab", "myself", "overdose"] as const;

/** Two words that are read as one. */
export const joins: Readonly<Record<string, string>> = {
  "my self": "myself", "him self": "himself", "her self": "herself", "them selves": "themselves", "over dose": "overdose", "over dosed": "overdose",
  "un alive": "unalive", "do not": "dont", "does not": "doesnt", "did not": "didnt", "can not": "cant", "could not": "couldnt", "will not": "wont",
  "would not": "wouldnt", "is not": "isnt", "are not": "arent", "was not": "wasnt", "were not": "werent", "have not": "havent", "has not": "hasnt", "no one": "nobody",
  "step dad": "stepdad", "step father": "stepdad", "sui cide": "suicide", "sewer slide": "suicide", "job centre": "jobcentre", "hunan laddiad": "hunanladdiad",
};
