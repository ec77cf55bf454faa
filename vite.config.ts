import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { manifest } from './scripts/manifest.mjs'
import { hosting } from './scripts/vite-hosting.mjs'
import { CONTENT_SECURITY_POLICY, SECURITY_HEADERS } from './src/core/security-headers'

const { plugin, describeFiles } = hosting({ headers: SECURITY_HEADERS, policy: CONTENT_SECURITY_POLICY, manifest })

export default defineConfig({
  base: './',
  // A missing file is answered with 404, not with the page: a page in place of a script would be cached as one.
  appType: 'mpa',
  plugins: [
    svelte({ configFile: false }),
    plugin,
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'sw.ts',
      injectRegister: false,
      // The plugin would list its manifest without a hash; ours comes from `hosting`.
      manifest: false,
      injectManifest: {
        rollupFormat: 'iife',
        globPatterns: ['**/*.{html,js,mjs,css,wasm,wgsl,woff2,svg,png,webmanifest}', 'samples/*'],
        // onnxruntime's WebGPU build (27 MB) is fetched for those who ask for it, never for work offline.
        globIgnores: ['**/node_modules/**', '**/*asyncify*', '**/ort-webgpu*'],
        manifestTransforms: [describeFiles],
        // onnxruntime's module is 14 MB.
        maximumFileSizeToCacheInBytes: 32 * 2 ** 20,
      },
    }),
  ],
  // onnxruntime finds its WASM by URL; pre-bundling would move it away from them.
  optimizeDeps: { exclude: ['onnxruntime-web', '@jsquash/jpeg', '@jsquash/png', '@jsquash/webp'] },
  worker: { format: 'es' },
  build: {
    target: 'esnext',
    // A data: URL would be refused by connect-src 'self'.
    assetsInlineLimit: (file) => (file.endsWith('.wasm') ? false : undefined),
  },
  server: { host: '127.0.0.1', headers: SECURITY_HEADERS },
  preview: { host: '127.0.0.1', headers: SECURITY_HEADERS },
})
