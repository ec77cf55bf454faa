export const page = {
  title: 'Plume',
  tagline: 'Shrink your AI model.',
  promise: 'Nothing leaves this device.',
  lead: 'Drop a model and get a smaller one back, with measured proof that it still works.',
  skip: 'Skip to your files',
  jobs: 'Your files',
  shrinkAll: (count: number) => `Shrink all ${count}`,
  privacy: 'Everything runs in this tab: no upload, no account, no tracking.',
  menu: 'Pages',
  back: 'Back to your files',
  views: {
    work: 'Shrink',
    history: 'History',
    compare: 'Compare',
    settings: 'Settings',
    help: 'Help',
  },
}
