/** Mail addresses of a function (drift@, vagt@) may come along; those of a person are personal data and stay where they are. */

/** What municipalities, utilities and suppliers call their shared mailboxes. Anything else may be somebody's name. */
const FUNCTIONS = new Set(
  `affald alarm belysning borgerservice byggeri data digital digitalisering drift driftsvagt ejendomme energi forsyning
   gis info iot it itdrift it-drift iot-drift klima kloak kommunen kontakt mail miljo miljø natur park post renovation
   service servicedesk smartcity spildevand support teknik tekniskvagt trafik vagt vand vandløb vandlob varme vej veje
   vejdrift vejogpark operations helpdesk office contact`.split(/\s+/),
);

export function isFunctionAddress(mail: string): boolean {
  const [local = '', domain = ''] = mail.trim().toLowerCase().split('@');
  return domain.includes('.') && FUNCTIONS.has(local);
}
