import { afterEach, expect, it } from 'vitest';
import { reasonText } from '../src/settings/webhooks/reason';
import { language } from '../src/text/index';

afterEach(() => (language.value = 'en'));

it.each([
  ['answered 503', 'antwoordde 503'],
  ['answered 302 (redirects are not followed)', 'antwoordde 302; doorverwijzingen volgt Balie niet'],
  ['no full answer within 15 seconds', 'geen volledig antwoord binnen 15 seconden'],
  ['no connection within 5 seconds', 'geen verbinding binnen 5 seconden'],
  ['the certificate is not right: self-signed certificate', 'het certificaat klopt niet'],
  ['the connection was refused', 'de verbinding werd geweigerd'],
  ['something nobody thought of', 'something nobody thought of'],
])('says why something did not arrive: %s', (reason, dutch) => {
  language.value = 'nl';
  expect(reasonText(reason)).toBe(dutch);
});
