export const install = {
  offlineReady: 'Ready to work offline',
  offlineProgress: (done: string, total: string) => `Getting ready to work offline: ${done} of ${total}`,
  offlineAsk: 'Your browser saves data, so Plume does not fetch its large files by itself.',
  offlineFetch: (size: string) => `Make it work offline (${size})`,
  offlineNever: 'This browser keeps no copy of the page: it needs the network to load.',
  update: 'A new version is ready.',
  updateNow: 'Reload',
  updateWaits: 'Reloading when the running jobs have ended.',
  isolate: 'A reload lets Plume use all cores of this device.',
  isolateNow: 'Reload now',
  shareRefused:
    'What was shared could not be taken over: at most 64 files and 2 GB at once. Open Plume and drop the files here.',
}
