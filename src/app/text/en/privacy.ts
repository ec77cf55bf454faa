import { plural } from '../plural'

export const privacy = {
  title: 'Privacy, provable',
  promise:
    'Your models and data never leave this device. There is no server to send them to, no account and no analytics.',
  line: (count: number, text: string) =>
    plural('en', count, {
      one: `${text} request to another site since this page was loaded`,
      other: `${text} requests to other sites since this page was loaded`,
    }),
  requests: 'Requests since this page was loaded',
  own: 'for files of Plume itself',
  others: 'to other sites',
  blocked: 'stopped by the policy',
  files: 'Every address that this page asked for',
  answered: (cached: string, network: string) =>
    `${cached} were answered from this device, ${network} by the host of this page.`,
  policy: 'The rule that your browser enforces',
  policyWords:
    'Page and workers may connect to nothing but the address that this page came from. The browser refuses everything else, whatever our code tries.',
  policyRaw: 'The policy as it was received',
  enforcement: {
    header: 'The host of this page sends it with every file.',
    'service-worker': 'The service worker of this page puts it on every file, those of workers included.',
    none: 'This browser allows no service worker and the host sends no policy: here the promise is not enforced for workers.',
    unknown: 'Being looked up…',
  },
  check: 'See for yourself',
  steps: [
    'Wait until “Ready to work offline” stands at the foot of the page.',
    'Switch to flight mode, or pull the plug.',
    'Reload the page and shrink a model: everything works.',
    'Or open the developer tools of your browser: their Network tab lists every request.',
  ],
  stored: 'What stays on this device',
  storedWords:
    'Results, recipes, presets and the files of your cards, in this browser only. You can delete them under Storage.',
}
