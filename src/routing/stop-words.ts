/**
 * Words that say nothing about a topic, folded as `wordsOf` folds them: the common words of English and Welsh, and those
 * that every question on a forum has ("anyone", "please", "help").
 */
const english = `
a about above after again all also always am an and another any anybody anyone anything are arent around as ask asked
asking at away back be because been before being below best between both but by call called came can cannot cant come
could couldnt day days did didnt do does doesnt doing done dont down each else even ever every everyone few find first
for from get gets getting give given go goes going gone good got had has hasnt have havent having he hello help her here
hers hi him his how however i id if ill im in into is isnt it its ive just keep know last let like long look looking lot
made make many may maybe me mean might month months more most much must my myself need needed needs never new no nobody
none not nothing now of off ok on once one only or other our out over own people please problem put question really right
said same say says see seem seems she should shouldnt since so some somebody someone something soon still such sure take
tell than thank thanks that thats the their them then there theres these they theyre thing things think this those though through
time to today told too tried trying try two under until up us use used very want wanted was wasnt way we week weeks well
went were what whats when where which while who whom whose why will with without wont would wouldnt year years yes yet
you your youre
`;

const welsh = `
a ac ai allaf am ar arall arnaf at atoch ble bod bydd byddaf byth can chi chwi cyn dal dim dw dwi dylwn ddim ei eich ein
el eleni en er eto eu ers fe fel fi fod fy fydd gael gall gallaf gallwch gan gen gyda gyfer gwybod gwneud hefyd heb hi
hon hwn hyn i iawn ie ill ir ma mae maen mewn mi mod mor na nac nad nai naill neb neu ni nid niw o oddi oedd oes ond os
pa pam pan pawb pob pryd pwy rhaid rhai roedd rwy rwyf rwyn rydw rydym sut sy sydd syr trwy tua unrhyw unwaith wedi
wedyn wna wneud wrth wyf y ych ydi ydw ydy ydych ydyn ydyw yma ym yn yna yno yr yw
`;

export const stopWords: ReadonlySet<string> = new Set(`${english} ${welsh}`.split(/\s+/).filter(Boolean));
