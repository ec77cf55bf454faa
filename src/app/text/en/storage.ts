import { plural } from '../plural'

export const storage = {
  title: 'Storage',
  intro: 'Results, and the files of your cards, stay in this browser so that a reload loses nothing.',
  used: (used: string, quota: string) => `${used} of ${quota} that this browser allows are used.`,
  results: 'Results',
  pinned: 'of them starred',
  inputs: 'Files of cards',
  other: 'The page itself and the rest',
  free: 'Free',
  bar: (results: string, inputs: string, other: string, free: string) =>
    `Results ${results}, files of cards ${inputs}, the rest ${other}, free ${free}.`,
  persisted: 'The browser has promised to keep this data when the disk gets full.',
  notPersisted: 'When the disk gets full, the browser may remove this data.',
  askPersist: 'Ask the browser to keep it',
  persistRefused: 'The browser declined. Installing the page, or using it more often, usually changes its mind.',
  list: 'What is kept',
  item: (recipe: string, size: string) => `${recipe}, ${size},`,
  listEmpty: 'No result is kept.',
  clearInputs: 'Delete files of closed cards',
  clearUnpinned: 'Delete every result without a star',
  exportAll: 'Download everything as zip',
  packing: 'Packing the zip',
  packingAt: (fraction: string) => `Packing… ${fraction}`,
  packed: 'The zip is ready.',
  packCancelled: 'Packing was cancelled.',
  persistHelp:
    'It decides by itself whether to promise more: most often when the page is installed or used a lot; some ask you.',
  cleared: (size: string) => `${size} were freed.`,
  memory: 'This browser keeps nothing for Plume: results last only as long as this tab.',
  dismiss: 'Got it',
  more: (count: number) => plural('en', count, { one: 'one more', other: `${count} more` }),
  troubles: {
    refused: {
      what: (detail: string) => `The browser refuses to keep anything (${detail}).`,
      todo: 'Everything works, but results last only as long as this tab: download what you need.',
    },
    newer: {
      what: 'A newer version of Plume has written the store.',
      todo: 'It is left as it is. Reload the page to get that version; until then nothing is kept.',
    },
    closed: {
      what: 'Another tab runs a newer version of Plume.',
      todo: 'This tab keeps working but keeps nothing more. Reload it when its jobs have ended.',
    },
    evicted: {
      what: (names: string) => `The browser removed the files of ${names}.`,
      todo: 'Their reports and recipes are still in the history, and they can be made again. Installing the page helps against this.',
    },
    damaged: {
      what: (names: string) => `What was stored of ${names} is damaged and was set aside.`,
      todo: 'Everything else is fine. You can make it again from the history.',
    },
    madeRoom: {
      what: (names: string, freed: string) =>
        `To make room, the oldest results without a star were removed: ${names} (${freed}).`,
      todo: 'Star the results that must stay.',
    },
    full: {
      what: (needed: string, free: string) =>
        `There is no room to keep this result: it needs ${needed}, ${free} are free.`,
      todo: 'Download it now: it lasts as long as this tab. Deleting results in the history makes room for the next.',
    },
  },
}
