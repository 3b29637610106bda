import type { askEn } from "./ask-en.ts";

export const askCy: typeof askEn = {
  ask: {
    title: "Gofyn cwestiwn",
    link: "Gofyn cwestiwn ar gyfer y sesiwn nesaf",
    from: "Gellir nodi cwestiynau yma o {day} ymlaen. Tan hynny, gofynnwch i safonwr y fforwm.",
    open: "Caiff unrhyw un ofyn yma. Atebir cwestiynau ar y fforwm ar {day}, o {time}.",
    closed: "Ni ellir nodi cwestiynau yma ar hyn o bryd.",
    closedText: "Mae tudalen y clinig yn dweud pryd mae'r sesiwn nesaf. Gall safonwr y fforwm helpu hefyd.",
    full: "Mae cynifer wedi gofyn fel nad oes lle i ragor yn y sesiwn hon.",
    readers: "Pwy fydd yn ei ddarllen",
    reader: {
      pool: "Cynghorwyr {pool} yn {department}, a phwy bynnag sy'n cadw clinigau'r adran. Gallant ei ateb yn gyhoeddus ar {forum}, heb ddweud mai chi oedd yn gofyn.",
      left: "Caiff yr hyn na chaiff ei ateb yn y sesiwn ei drosglwyddo fel atgyfeiriad. Bydd safonwyr {forum} yn ei weld bryd hynny, a pha adran bynnag all ei ateb.",
      danger:
        "Os yw'n swnio fel pe gallai rhywun fod mewn perygl, bydd person sy'n gyfrifol am hynny yn ei ddarllen ar unwaith.",
      masked:
        "Mae rhaglen yn cuddio ffyrdd o gysylltu â chi, fel rhifau ffôn a chyfeiriadau, cyn i neb ei ddarllen. Gall fethu rhai: peidiwch â dweud pwy ydych chi.",
    },
    urgent: "Nid yw hwn ar gyfer argyfyngau. Os oes rhywun mewn perygl, ffoniwch 999.",
    question: "Eich cwestiwn",
    questionHint:
      "Dim mwy na 4,000 o nodau. Peidiwch ag ysgrifennu eich enw, eich cyfeiriad na rhif sy'n eich adnabod.",
    agree: "Rwy'n gofyn drosof fy hun, a chaiff y rhai a enwir uchod ddarllen hwn",
    send: "Nodi'r cwestiwn",
    wrong: {
      question: "Ysgrifennwch eich cwestiwn",
      questionLong: "Rhaid i'ch cwestiwn fod yn 4,000 o nodau neu lai",
      agree: "Dywedwch y caiff y rhai a enwir uchod ddarllen eich cwestiwn",
    },
    trap: "Gadewch y maes hwn yn wag",
    receivedTitle: "Diolch",
    receivedText: "Derbyniwyd yr hyn a anfonoch.",
    dangerTitle: "Nid oes rhaid i chi aros am hyn",
    dangerText:
      "Mae'r hyn a ysgrifennoch yn swnio fel pe gallai rhywun fod mewn perygl. Mae wedi'i drosglwyddo ar unwaith i berson sy'n gyfrifol am hynny. Efallai na fydd yn ei ddarllen yn syth: siaradwch â rhywun nawr, os gwelwch yn dda.",
    dangerPage: "Eich tudalen eich hun amdano",
  },
  asked: {
    title: "Eich cwestiwn",
    keep: "Cadwch gyfeiriad y dudalen hon: dyma'r unig ffordd yn ôl iddi. Bydd pwy bynnag sy'n ei wybod yn gweld yr hyn a welwch chi.",
    state: {
      waiting: "Mae'n aros am y sesiwn ar {day} am {time}.",
      taken: "Mae cynghorydd yn edrych arno.",
      answered: "Fe'i hatebwyd yn y sesiwn ar y fforwm. Mae'r testun wedi'i ddileu.",
      left: "Mae'r sesiwn ar ben. Mae'n cael ei drosglwyddo i'w ateb yn ddiweddarach.",
      referred: "Fe'i trosglwyddwyd i'w ateb yn ddiweddarach.",
      dropped:
        "Ni chafodd ei drosglwyddo, gan nad yw'r fforwm yn cymryd rhan mwyach. Mae'r testun wedi'i ddileu.",
      withdrawn: "Fe gymeroch y cwestiwn hwn yn ôl. Mae'r testun wedi'i ddileu.",
    },
    text: "Beth ofynnoch chi",
    textHint:
      "Dyma'r hyn y mae cynghorwyr yn ei ddarllen. Dangosir yr hyn a guddiwyd fel y dangosir ef iddyn nhw.",
    referral: "Gweld sut mae pethau, a'r ateb",
    clinic: "Y clinig",
    withdraw: "Cymryd y cwestiwn yn ôl",
    withdrawText: "Caiff y testun ei ddileu ar unwaith. Ni fydd neb yn ei ateb.",
    changed: "Roedd rhywun yn gynt: dyma sut mae pethau nawr.",
    unknownTitle: "Nid oes cwestiwn o'r fath",
    unknownText:
      "Gwiriwch fod y cyfeiriad yn gyfan. Ni allwn ddod o hyd i gwestiwn mewn unrhyw ffordd arall.",
  },
};
