import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { SECURITY_HEADERS } from './src/core/security-headers'

export default defineConfig({
  base: './',
  plugins: [svelte({ configFile: false })],
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
