export const page = {
  title: 'Plume',
  tagline: 'Shrink your AI model.',
  promise: 'Nothing leaves this device.',
  lead: 'Drop a model and get a smaller one back, with measured proof that it still works. Drop a table and train one first.',
  jobs: 'Your files',
  trainings: 'Training',
  shrinkAll: (count: number) => `Shrink all ${count}`,
  privacy: 'Everything runs in this tab: no upload, no account, no tracking.',
  menu: 'Pages',
  views: {
    work: 'Shrink',
    history: 'History',
    compare: 'Compare',
    settings: 'Settings',
    help: 'Help',
  },
}
