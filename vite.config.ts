import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { CONTENT_SECURITY_POLICY, SECURITY_HEADERS } from './src/core/security-headers'
import { manifest } from './scripts/manifest.mjs'
import { hosting } from './scripts/vite-hosting.mjs'

export default defineConfig({
  base: './',
  plugins: [
    svelte({ configFile: false }),
    hosting({ headers: SECURITY_HEADERS, policy: CONTENT_SECURITY_POLICY }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'sw.ts',
      injectRegister: false,
      manifest,
      injectManifest: {
        globPatterns: ['**/*.{js,mjs,css,html,wasm,svg,png,woff2,onnx,npz,json,webmanifest}'],
        // onnxruntime's WASM has 14 MB
        maximumFileSizeToCacheInBytes: 32 * 1024 * 1024,
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
