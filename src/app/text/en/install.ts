export const install = {
  offlineReady: 'Ready to work offline',
  offlineProgress: (done: string, total: string) => `Getting ready to work offline: ${done} of ${total} files`,
  offlineNever: 'This browser keeps no copy of the page: it needs the network to load.',
  update: 'A new version is ready.',
  updateNow: 'Reload',
  updateWaits: 'Reloading when the running jobs have ended.',
  isolate: 'A reload lets Plume use all cores of this device.',
  isolateNow: 'Reload now',
}
