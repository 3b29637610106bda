import type { CrisisContacts } from "./crisis-contacts.ts";

/**
 * The contacts that come with a release. An operator replaces them with a file of the same shape (`CRISIS_CONTACTS`).
 * `source` is the service's own page; `checkedOn` is the day the entry was compared with a stored copy of it or of a
 * public body's page about it. Read each page yourself before the first referral: docs/guides/safety-wording.md.
 */

const everywhere = ["england", "wales", "scotland", "northern-ireland"] as const;
const checkedOn = "2026-11-22";
const dayAndNight = { en: "24 hours a day, every day", cy: "24 awr y dydd, bob dydd" };

export const crisisContacts: CrisisContacts = {
  asOf: "2026-11-22",
  contacts: [
    {
      code: "emergency",
      concerns: ["any"],
      nations: [...everywhere],
      languages: ["en"],
      text: {
        en: "If somebody's life is at risk now, call 999. If it is not safe to speak on a mobile, press 55 when asked.",
        cy: "Os yw bywyd rhywun mewn perygl nawr, ffoniwch 999. Os nad yw'n ddiogel siarad ar ffôn symudol, pwyswch 55 pan ofynnir.",
      },
      phone: "999",
      hours: dayAndNight,
      source: "https://www.gov.uk/guidance/999-and-112-the-uks-national-emergency-numbers",
      checkedOn,
    },
    {
      code: "samaritans",
      concerns: ["any"],
      nations: [...everywhere],
      languages: ["en"],
      text: {
        en: "Samaritans listen to anyone, free, about whatever is troubling them.",
        cy: "Mae'r Samariaid yn gwrando ar unrhyw un, am ddim, am beth bynnag sy'n eu poeni.",
      },
      phone: "116 123",
      hours: dayAndNight,
      source: "https://www.samaritans.org/how-we-can-help/contact-samaritan/",
      checkedOn,
    },
    {
      code: "samaritans-cymraeg",
      concerns: ["suicide", "self-harm"],
      nations: [...everywhere],
      languages: ["cy"],
      text: {
        en: "Samaritans' Welsh language line listens in Welsh, free.",
        cy: "Mae llinell Gymraeg y Samariaid yn gwrando yn Gymraeg, am ddim.",
      },
      phone: "0808 164 0123",
      hours: { en: "7pm to 11pm, every day", cy: "7pm i 11pm, bob dydd" },
      source: "https://www.samaritans.org/wales/",
      checkedOn,
    },
    {
      code: "shout",
      concerns: ["suicide", "self-harm"],
      nations: [...everywhere],
      languages: ["en"],
      text: {
        en: "Shout: text SHOUT to this number to text with a trained volunteer, free.",
        cy: "Shout: anfonwch neges destun SHOUT i'r rhif hwn i decstio gyda gwirfoddolwr hyfforddedig, am ddim.",
      },
      phone: "85258",
      hours: dayAndNight,
      source: "https://giveusashout.org/about-us/faq/",
      checkedOn,
    },
    {
      code: "papyrus",
      concerns: ["suicide"],
      nations: [...everywhere],
      languages: ["en"],
      text: {
        en: "Papyrus HOPELINE247: for people under 35 with thoughts of suicide, and for anyone worried about them.",
        cy: "Papyrus HOPELINE247: i bobl dan 35 sy'n meddwl am hunanladdiad, ac i unrhyw un sy'n poeni amdanynt.",
      },
      phone: "0800 068 4141",
      hours: dayAndNight,
      source: "https://www.papyrus-uk.org/",
      checkedOn,
    },
    {
      code: "nhs-111-england",
      concerns: ["suicide", "self-harm"],
      nations: ["england"],
      languages: ["en"],
      text: {
        en: "In England: NHS 111, then option 2 for urgent help with mental health.",
        cy: "Yn Lloegr: GIG 111, yna opsiwn 2 am gymorth iechyd meddwl brys.",
      },
      phone: "111",
      hours: dayAndNight,
      source:
        "https://www.nhs.uk/nhs-services/mental-health-services/where-to-get-urgent-help-for-mental-health/",
      checkedOn,
    },
    {
      code: "nhs-111-wales",
      concerns: ["suicide", "self-harm"],
      nations: ["wales"],
      languages: ["en", "cy"],
      text: {
        en: "In Wales: NHS 111 Wales, then option 2 for urgent help with mental health.",
        cy: "Yng Nghymru: GIG 111 Cymru, yna opsiwn 2 am gymorth iechyd meddwl brys.",
      },
      phone: "111",
      hours: dayAndNight,
      source: "https://111.wales.nhs.uk/",
      checkedOn,
    },
    {
      code: "nhs-24-scotland",
      concerns: ["suicide", "self-harm"],
      nations: ["scotland"],
      languages: ["en"],
      text: {
        en: "In Scotland: NHS 24, for urgent help with mental health; choose the mental health option.",
        cy: "Yn yr Alban: NHS 24, am gymorth iechyd meddwl brys; dewiswch yr opsiwn iechyd meddwl.",
      },
      phone: "111",
      hours: dayAndNight,
      source: "https://www.nhs24.scot/",
      checkedOn,
    },
    {
      code: "lifeline",
      concerns: ["suicide", "self-harm"],
      nations: ["northern-ireland"],
      languages: ["en"],
      text: {
        en: "In Northern Ireland: Lifeline, for anyone in distress or despair, free.",
        cy: "Yng Ngogledd Iwerddon: Lifeline, i unrhyw un mewn trallod neu anobaith, am ddim.",
      },
      phone: "0808 808 8000",
      hours: dayAndNight,
      source: "https://www.lifelinehelpline.info/page/about.html",
      checkedOn,
    },
    {
      code: "childline",
      concerns: ["child-at-risk", "suicide", "self-harm"],
      nations: [...everywhere],
      languages: ["en"],
      text: {
        en: "Childline: for anyone under 19, free and confidential.",
        cy: "Childline: i unrhyw un dan 19 oed, yn gyfrinachol ac am ddim.",
      },
      phone: "0800 1111",
      hours: { en: "See childline.org.uk for the hours", cy: "Gweler childline.org.uk am yr oriau" },
      source: "https://www.childline.org.uk/",
      checkedOn,
    },
    {
      code: "nspcc",
      concerns: ["child-at-risk"],
      nations: [...everywhere],
      languages: ["en"],
      text: {
        en: "NSPCC helpline: for adults who are worried about a child.",
        cy: "Llinell gymorth yr NSPCC: i oedolion sy'n poeni am blentyn.",
      },
      phone: "0808 800 5000",
      hours: {
        en: "Not at night: see nspcc.org.uk for the hours",
        cy: "Nid yn y nos: gweler nspcc.org.uk am yr oriau",
      },
      source: "https://www.nspcc.org.uk/",
      checkedOn,
    },
    {
      code: "domestic-abuse-england",
      concerns: ["abuse"],
      nations: ["england"],
      languages: ["en"],
      text: {
        en: "In England: the National Domestic Abuse Helpline, run by Refuge, free.",
        cy: "Yn Lloegr: y Llinell Gymorth Genedlaethol Cam-drin Domestig, dan ofal Refuge, am ddim.",
      },
      phone: "0808 2000 247",
      hours: dayAndNight,
      source: "https://www.nationaldahelpline.org.uk/",
      checkedOn,
    },
    {
      code: "live-fear-free",
      concerns: ["abuse"],
      nations: ["wales"],
      languages: ["en", "cy"],
      text: {
        en: "In Wales: Live Fear Free, for domestic abuse and sexual violence, free.",
        cy: "Yng Nghymru: Byw Heb Ofn, ar gyfer cam-drin domestig a thrais rhywiol, am ddim.",
      },
      phone: "0808 80 10 800",
      hours: dayAndNight,
      source: "https://www.gov.wales/live-fear-free",
      checkedOn,
    },
    {
      code: "domestic-abuse-scotland",
      concerns: ["abuse"],
      nations: ["scotland"],
      languages: ["en"],
      text: {
        en: "In Scotland: Scotland's Domestic Abuse and Forced Marriage Helpline.",
        cy: "Yn yr Alban: Llinell Gymorth Cam-drin Domestig a Phriodas dan Orfod yr Alban.",
      },
      phone: "0800 027 1234",
      hours: dayAndNight,
      source: "https://www.sdafmh.org.uk/",
      checkedOn,
    },
    {
      code: "domestic-abuse-northern-ireland",
      concerns: ["abuse"],
      nations: ["northern-ireland"],
      languages: ["en"],
      text: {
        en: "In Northern Ireland: the Domestic and Sexual Abuse Helpline, free.",
        cy: "Yng Ngogledd Iwerddon: y Llinell Gymorth Cam-drin Domestig a Rhywiol, am ddim.",
      },
      phone: "0808 802 1414",
      hours: dayAndNight,
      source: "https://dsahelpline.org/",
      checkedOn,
    },
  ],
};
