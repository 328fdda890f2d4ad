// Every sentence a script of this site shows, in both languages.

const TEXTS = {
  nl: {
    summary: 'Er klopt nog iets niet',
    required: 'Vul {label} in',
    choose: 'Kies {label}',
    agree: 'Geef aan dat je akkoord bent',
    email: 'Vul een e-mailadres in, zoals naam@voorbeeld.nl',
    postcode: 'Een postcode heeft vier cijfers en twee letters, zoals 8861 AB',
    house: 'Een huisnummer begint met een cijfer, zoals 14 of 14-2',
    phone: 'Een telefoonnummer heeft tien cijfers, zoals 06 12 34 56 78',
    ibanShape: 'Een IBAN begint met twee letters en twee cijfers, zoals NL91 ABNA 0417 1643 00',
    ibanSum: 'Dit IBAN bestaat niet. Controleer of alle cijfers kloppen',
    card: 'Dit kaartnummer klopt niet. Controleer de 16 cijfers',
    expiry: 'Vul maand en jaar in, zoals 09/28',
    expired: 'Deze kaart is verlopen',
    cvc: 'De code heeft drie cijfers en staat achter op de kaart',
    datePast: 'Kies een datum vanaf vandaag',
    dateFar: 'Kies een datum binnen drie maanden',
    keysOrder: 'Je oude huis inleveren kan pas vanaf de dag dat je de nieuwe sleutel krijgt',
    number: '“{value}” is geen getal. Vul alleen cijfers in',
    decimals: 'Vul alleen de hele cijfers in, niet de rode cijfers achter de komma',
    digits: 'Deze meter heeft {most} cijfers; je vulde er {count} in',
    tooLow: 'Deze stand is lager dan de vorige: {previous} op {date}',
    tooHigh: 'Deze stand is {more} hoger dan de vorige. Dat is veel meer dan verwacht. Klopt hij? Zet dan het vinkje onder dit veld',
    swapped: 'Zijn de standen verwisseld? Laag staat vaak bij 1 of I, normaal bij 2 of II',
    stepOf: 'Stap {at} van {of}',
    loginWrong: 'Deze combinatie van e-mailadres en wachtwoord klopt niet',
    loginLeft: 'Je kunt het nog {left} keer proberen. Daarna sluiten we je account 15 minuten.',
    loginLeftOne: 'Je kunt het nog 1 keer proberen. Daarna sluiten we je account 15 minuten.',
    locked: 'Je account is tijdelijk op slot',
    lockedWhy: 'Je vulde drie keer een verkeerd wachtwoord in. Probeer het over {minutes} minuten opnieuw, of vraag het ons in de chat.',
    show: 'Toon',
    hide: 'Verberg',
    showPassword: 'Toon wachtwoord',
    hidePassword: 'Verberg wachtwoord',
    outageYes: 'In {postcode} is een storing bekend. De netbeheerder is bezig; bellen is niet nodig.',
    outageNo: 'In {postcode} is geen storing bekend. Kijk eerst in je meterkast of er een schakelaar uit staat. Nog geen stroom? Bel de netbeheerder: 0800-9009 (gratis).',
    crews: '{count} monteurs aan het werk in {place}',
    crewsOne: '1 monteur aan het werk in {place}',
    report: 'Wat merk jij?',
    reportDark: 'Geen stroom',
    reportFlicker: 'Licht knippert',
    reportBack: 'Stroom is terug',
    reportSend: 'Melden',
    reportThanks: 'Bedankt. Er zijn nu {count} meldingen in Harlingen.',
    month: 'per maand',
    saved: 'Je gegevens zijn opgeslagen',
  },
  en: {
    summary: 'Something is not right yet',
    required: 'Enter {label}',
    choose: 'Choose {label}',
    agree: 'Tick the box to agree',
    email: 'Enter an email address, such as name@example.com',
    postcode: 'A Dutch postcode has four digits and two letters, such as 8861 AB',
    house: 'A house number starts with a digit, such as 14 or 14-2',
    phone: 'A phone number has ten digits, such as 06 12 34 56 78',
    ibanShape: 'An IBAN starts with two letters and two digits, such as NL91 ABNA 0417 1643 00',
    ibanSum: 'This IBAN does not exist. Check that every digit is right',
    card: 'This card number is not right. Check the 16 digits',
    expiry: 'Enter month and year, such as 09/28',
    expired: 'This card has expired',
    cvc: 'The code has three digits and is on the back of the card',
    datePast: 'Choose a date from today onwards',
    dateFar: 'Choose a date within three months',
    keysOrder: 'You can hand in the old home from the day you get the new keys',
    number: '“{value}” is not a number. Enter digits only',
    decimals: 'Enter the whole digits only, not the red ones after the comma',
    digits: 'This meter has {most} digits; you entered {count}',
    tooLow: 'This reading is lower than the last one: {previous} on {date}',
    tooHigh: 'This reading is {more} higher than the last one. That is far more than expected. Is it right? Then tick the box below this field',
    swapped: 'Did the readings change places? Low is often marked 1 or I, normal 2 or II',
    stepOf: 'Step {at} of {of}',
    loginWrong: 'This combination of email address and password is not correct',
    loginLeft: 'You can try {left} more times. After that we lock your account for 15 minutes.',
    loginLeftOne: 'You can try one more time. After that we lock your account for 15 minutes.',
    locked: 'Your account is locked for now',
    lockedWhy: 'You entered a wrong password three times. Try again in {minutes} minutes, or ask us in the chat.',
    show: 'Show',
    hide: 'Hide',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    outageYes: 'There is a known outage in {postcode}. The grid operator is working on it; no need to call.',
    outageNo: 'No outage is known in {postcode}. First look in your meter cupboard for a switch that is off. Still no power? Call the grid operator: 0800-9009 (free).',
    crews: '{count} engineers at work in {place}',
    crewsOne: '1 engineer at work in {place}',
    report: 'What do you notice?',
    reportDark: 'No power',
    reportFlicker: 'Lights flicker',
    reportBack: 'Power is back',
    reportSend: 'Report',
    reportThanks: 'Thank you. There are now {count} reports in Harlingen.',
    month: 'a month',
    saved: 'Your details have been saved',
  },
};

export const language = document.documentElement.lang === 'en' ? 'en' : 'nl';

export function say(key, values = {}) {
  return TEXTS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const locale = language === 'en' ? 'en-GB' : 'nl-NL';

export function count(value) {
  return new Intl.NumberFormat(locale).format(value);
}

export function euros(cents) {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(Math.round(cents / 100));
  return language === 'en' ? `€${whole}` : `€\u00a0${whole}`;
}

export function day(value) {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' }).format(value);
}
