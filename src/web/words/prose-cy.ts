import type { Prose, proseEn } from "./prose-en.ts";

/** The long texts in Welsh. */
export const proseCy: Record<keyof typeof proseEn, Prose> = {
  accessibility: {
    title: "Datganiad hygyrchedd",
    parts: [
      {
        paragraphs: [
          "Rydym am i gynifer o bobl â phosibl allu defnyddio'r tudalennau hyn. Maent yn gweithio heb JavaScript, gyda bysellfwrdd yn unig, gyda darllenydd sgrin, ar sgrin 320 picsel o led ac wedi'u chwyddo i 400%. Mae'r testun mor syml ag y gallem ei wneud.",
        ],
      },
      {
        heading: "Pa mor hygyrch yw'r tudalennau",
        paragraphs: [
          "Fe'u gwnaed i fodloni Canllawiau Hygyrchedd Cynnwys y We fersiwn 2.2, lefel AA. Gwyddom am y diffygion hyn:",
        ],
        points: [
          "mae'r disgrifiad o'r rhyngwyneb rhaglennu, i ddatblygwyr, angen JavaScript ac yn Saesneg yn unig",
          "dangosir enwau adrannau a thestun atebion yn yr iaith yr ysgrifennwyd hwy",
          "nid oes neb y tu allan i'r prosiect wedi archwilio'r tudalennau eto",
        ],
      },
      {
        heading: "Sut y'u profwyd",
        paragraphs: [
          "Caiff pob newid ei brofi mewn porwr go iawn: pob tudalen, yn y ddwy iaith, gyda JavaScript a hebddo, gyda'r gwirydd axe-core, gyda bysellfwrdd, ac ar led o 320 picsel. Dim ond rhan o'r hyn a all fod o'i le y mae profion o'r fath yn ei chanfod.",
        ],
      },
      {
        heading: "Os nad yw rhywbeth yn gweithio i chi",
        paragraphs: [
          "Dywedwch wrth safonwyr eich fforwm, neu wrth y sefydliad a roddodd y cyfeiriad hwn i chi. Gallant gyrraedd y bobl sy'n rhedeg y wefan hon, ac nid oes angen i chi egluro pam yr ydych yn gofyn. Os nad ydych yn fodlon â'r ateb, gallwch droi at y Gwasanaeth Cynghori a Chymorth Cydraddoldeb.",
        ],
        links: [
          {
            text: "Gwasanaeth Cynghori a Chymorth Cydraddoldeb (yn Saesneg)",
            href: "https://www.equalityadvisoryservice.com/",
          },
        ],
      },
    ],
  },
  privacy: {
    title: "Preifatrwydd",
    parts: [
      {
        paragraphs: [
          "Mae'r dudalen hon yn dweud beth mae Fingerpost yn ei storio, pam ac am ba hyd. Y sefydliad sy'n rhedeg y wefan hon sy'n gyfrifol amdani; gofynnwch i safonwyr eich fforwm pa un ydyw.",
        ],
      },
      {
        heading: "Os ydych ond yn darllen y tudalennau hyn",
        paragraphs: [
          "Nid ydym yn storio dim amdanoch. Ni osodir cwcis, ni lwythir dim oddi wrth gwmnïau eraill, ac nid oes neb yn mesur yr hyn a ddarllenwch. Caiff testun y byddwch yn ei ludo i'w gymharu ag ateb ei gymharu a'i anghofio.",
        ],
      },
      {
        heading: "Os byddwch yn cynnig fforwm neu gywiriad",
        paragraphs: [
          "Rydym yn cadw’r hyn a ysgrifennwch nes i rywun benderfynu. Cyhoeddir y penderfyniad: yn achos fforwm gyda’i enw a’i gyfeiriad, yn achos cywiriad heb eich geiriau. Mae cyfeiriad e-bost yn ddewisol. Caiff ei amgryptio, ei ddefnyddio unwaith i ddweud wrthych am y penderfyniad, ac yna ei ddileu, ar ôl hanner blwyddyn beth bynnag. Cedwir eich cyfeiriad rhwydwaith yn y cof am awr, i arafu llif o negeseuon, ac ni chaiff ei storio.",
        ],
      },
      {
        heading: "Os byddwch yn gofyn cwestiwn mewn clinig",
        paragraphs: [
          "Rydym yn storio'r hyn a ysgrifennwch, wedi'i amgryptio, nes bod y sesiwn ar ben neu nes i chi ei gymryd yn ôl. Mae'r ffurflen yn dweud pwy fydd yn ei ddarllen. Caiff yr hyn na chaiff ei ateb yn y sesiwn ei drosglwyddo fel y negeseuon isod. Nid ydym yn gofyn pwy ydych chi: cyfeiriad tudalen eich cwestiwn yw'r unig ffordd yn ôl ato. Cedwir eich cyfeiriad rhwydwaith yn y cof am awr, i arafu llifogydd, ac ni chaiff ei storio.",
        ],
      },
      {
        heading: "Os bydd safonwr yn trosglwyddo eich neges",
        paragraphs: ["Rydym yn storio:"],
        points: [
          "y rhan o'r neges a ddewisodd y safonwr, a dolen iddi",
          "yr enw a ddefnyddiwch ar y fforwm neu enw yn ei le, lle mae'r fforwm yn anfon un",
          "yr atebion, ac a oeddent yn help",
          "pryd y digwyddodd pob cam",
        ],
      },
      {
        paragraphs: [
          "Cyn storio dim, mae'r rhaglen yn chwilio am rifau Yswiriant Gwladol a GIG, rhifau ffôn, codau post, cyfeiriadau e-bost, rhifau cerdyn a banc, ac yn tynnu allan yr hyn y mae'n ei ganfod. Ni all ganfod popeth, felly peidiwch â rhoi pethau o'r fath mewn negeseuon.",
        ],
      },
      {
        heading: "Pwy sy'n ei weld",
        paragraphs: [
          "Cynghorwyr yr adran y'i trosglwyddwyd iddi, a'r bobl sy'n cyfeirio cwestiynau at yr adran gywir. Os yw neges yn swnio fel pe gallai rhywun fod mewn perygl, pobl sydd wedi'u hyfforddi ar gyfer hynny sy'n ei gweld yn lle hynny. Mae'r ateb yn gyhoeddus, ar y fforwm. Ni chyhoeddir enw cynghorydd.",
        ],
      },
      {
        heading: "Am ba hyd y'i cedwir",
        paragraphs: [
          "Caiff y testunau eu dileu beth amser ar ôl i'ch cwestiwn orffen: 90 diwrnod, oni bai bod y wefan hon wedi dewis rhif arall. Maent wedi'u hamgryptio tan hynny. Yr hyn sydd ar ôl yw'r cyfrif: dyddiadau, y pwnc a'r canlyniad, heb eich geiriau na'ch enw.",
        ],
      },
      {
        heading: "Beth allwch chi ei wneud",
        paragraphs: [
          "Mae'r ddolen a roddwyd i chi yn agor eich tudalen eich hun. Mae'n dangos yr hyn a drosglwyddwyd, ac yno gallwch dynnu eich cwestiwn yn ôl. Gallwch hefyd ofyn i safonwr wneud hynny. Mae gennych hawl i weld yr hyn sydd wedi'i storio amdanoch, ac i'w gywiro neu ei ddileu. Os nad ydych yn fodlon â'r ffordd y cafodd ei drin, gallwch gwyno i Swyddfa'r Comisiynydd Gwybodaeth.",
        ],
        links: [
          {
            text: "Swyddfa'r Comisiynydd Gwybodaeth (yn Saesneg)",
            href: "https://ico.org.uk/make-a-complaint/",
          },
        ],
      },
    ],
  },
  cookies: {
    title: "Cwcis",
    parts: [
      {
        paragraphs: [
          "Ffeiliau bach y mae gwefan yn eu gadael yn eich porwr yw cwcis.",
          "Nid yw tudalennau cyhoeddus y wefan hon yn gosod yr un. Nid ydynt yn cadw dim yn eich porwr mewn unrhyw ffordd arall chwaith, felly nid oes dim i'w dderbyn nac i'w wrthod.",
          "Mae pwy bynnag sy’n mewngofnodi, i ateb cwestiynau neu i ofalu am fforwm, yn cael un cwci na all y safle wneud hebddo: mae’n dweud eu bod wedi mewngofnodi, ac yn dod i ben pan fyddant yn allgofnodi, ar ôl dwy awr heb ddefnydd, neu ar ôl deuddeg awr. Mae ail un yn para am y deng munud y gall mewngofnodi ar dudalen sefydliad ei gymryd.",
        ],
      },
    ],
  },
  security: {
    title: "Rhoi gwybod am wendid",
    parts: [
      {
        paragraphs: [
          "Os daethoch o hyd i ffordd o weld, newid neu anfon rhywbeth yma na ddylech allu ei wneud, diolch am ddweud wrthym ni cyn neb arall.",
        ],
      },
      {
        heading: "Sut",
        paragraphs: [],
        points: [
          "yn y wefan hon: dywedwch wrth y sefydliad sy'n ei rhedeg, yn breifat; mae safonwyr eich fforwm yn gwybod pwy ydyw",
          "yn y rhaglen, y mae gwefannau eraill yn ei rhedeg hefyd: defnyddiwch adroddiad preifat y storfa y daw'r rhaglen ohoni, fel y dywed ei ffeil SECURITY.md",
          "dywedwch beth wnaethoch chi, beth ddigwyddodd a beth oeddech yn ei ddisgwyl",
        ],
      },
      {
        heading: "Peidiwch â",
        paragraphs: [],
        points: [
          "edrych ar eiriau na manylion neb na'u cadw; stopiwch cyn gynted ag y gwelwch y gallech",
          "anfon llifogydd o geisiadau, na phrofi ar wefan y mae eraill yn dibynnu arni: mae'r rhaglen yn rhedeg ar eich cyfrifiadur eich hun gydag un gorchymyn",
          "ei gyhoeddi cyn iddo gael ei drwsio",
        ],
      },
    ],
  },
};
