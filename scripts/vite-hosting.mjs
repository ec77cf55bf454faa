/**
 * What a host and a browser must know of the page besides its files: `_headers` (the format of Netlify and Cloudflare
 * Pages) and the meta tag of the policy, both made from the one list in src/core/security-headers.ts.
 * @param {{ headers: Readonly<Record<string, string>>, policy: string }} options
 * @returns {import('vite').Plugin}
 */
export function hosting({ headers, policy }) {
  return {
    name: 'plume:hosting',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
    ],
    generateBundle() {
      const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)
      this.emitFile({ type: 'asset', fileName: '_headers', source: `/*\n${lines.join('\n')}\n` })
    },
  }
}
