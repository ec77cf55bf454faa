/** The web app manifest: what an installed Plume is called, looks like, opens and receives. */

/** @type {Partial<import('vite-plugin-pwa').ManifestOptions>} */
export const manifest = {
  id: './',
  name: 'Plume: shrink AI models',
  short_name: 'Plume',
  description:
    'Makes AI models smaller in your browser, with measured proof that they still work. Nothing leaves your device.',
  lang: 'en',
  dir: 'ltr',
  categories: ['developer', 'utilities', 'productivity'],
  start_url: './',
  scope: './',
  display: 'standalone',
  display_override: ['standalone', 'minimal-ui'],
  theme_color: '#f6f5f1',
  background_color: '#f6f5f1',
  icons: [
    { src: './icon.svg', sizes: 'any', type: 'image/svg+xml' },
    { src: './icons/icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: './icons/icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: './icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
  shortcuts: [
    { name: 'History', url: './#history' },
    { name: 'Help', url: './#help' },
  ],
  // A window with unfinished work is never navigated away.
  launch_handler: { client_mode: ['focus-existing', 'auto'] },
  file_handlers: [{ action: './', accept: { 'application/octet-stream': ['.onnx'], 'application/json': ['.json'] } }],
  share_target: {
    action: './share-target',
    method: 'POST',
    enctype: 'multipart/form-data',
    params: {
      title: 'title',
      text: 'text',
      url: 'url',
      files: [
        {
          name: 'files',
          accept: ['.onnx', '.json', '.npz', '.npy', '.zip', 'application/octet-stream', 'application/json', 'image/*'],
        },
      ],
    },
  },
}
