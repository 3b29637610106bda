import type { staffEn } from "./staff-en.ts";

/** What the pages of people signed in say in Welsh, the desk aside. */
export const staffCy: typeof staffEn = {
  signIn: {
    title: "Mewngofnodi",
    intro:
      "Ar gyfer cynghorwyr, pobl adrannau, a’r rhai sy’n rhedeg fforwm sy’n cymryd rhan. I wirio ateb, neu i ddarllen y safle hwn, nid oes angen mewngofnodi.",
    provider: "Mewngofnodi gyda’ch sefydliad",
    orLink: "Neu drwy ddolen",
    email: "Eich cyfeiriad e-bost",
    emailHint: "Yr un a roddodd eich sefydliad ar eich cyfer. Anfonwn ddolen sy’n eich mewngofnodi unwaith.",
    emailWrong: "Rhowch gyfeiriad e-bost, fel enw@adran.example",
    send: "Anfonwch ddolen ataf",
    sent: "Os ydym yn adnabod y cyfeiriad hwn, mae dolen ar ei ffordd. Mae’n gweithio unwaith, o fewn 15 munud.",
    noMail:
      "Dim e-bost? Gall pwy bynnag sy’n rhedeg y safle hwn wneud dolen i chi â llaw. Mae i’w chael yn nherfynell y gweinydd, ac ar dudalen y gweinyddwyr.",
    stranger:
      "Mae eich sefydliad yn eich adnabod, ond nid yw’r safle hwn. Gofynnwch i’ch arweinydd ychwanegu eich cyfeiriad e-bost, neu i’ch sefydliad ei ddilysu.",
    refused: "Ni ddaeth y mewngofnodi i ben. Dechreuwch eto, mewn un ffenestr.",
    linkText: "Pwyswch y botwm i fewngofnodi. Mae’r ddolen yn gweithio unwaith.",
    linkButton: "Mewngofnodi",
    linkGone: "Nid yw’r ddolen hon yn mewngofnodi neb",
    linkGoneText:
      "Fe’i defnyddiwyd o’r blaen, neu mae ei hamser ar ben, neu collwyd rhan ohoni wrth ei chopïo.",
    another: "Gofyn am ddolen arall",
    doneTitle: "Rydych wedi mewngofnodi",
    doneText: "Cewch agor:",
    out: "Allgofnodi",
    as: "Wedi mewngofnodi fel {who}",
    yours: "Eich tudalennau",
    pages: {
      desk: "Desg",
      operator: "Eich fforwm",
      dashboard: "Ffigurau",
      admin: "Gweinyddu",
    },
  },
};
