// Builds the playground into web/static/playground, which is committed: whoever runs Kontor needs no Node.
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/playground/',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic' } },
  worker: { format: 'es' },
  build: {
    outDir: '../static/playground',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing is inlined: the content security policy then allows no `data:` fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 5000,
    license: { fileName: 'LICENSES.md' },
    rolldownOptions: {
      output: {
        // What is ours and what is others' change apart: a new line of ours leaves the big files as they are.
        codeSplitting: { groups: [{ name: 'libraries', test: /node_modules\/(?!prettier)|preload-helper/ }] },
      },
      // "use client" speaks to servers that render React; there is none here.
      onLog: (level, log, tell) => log.code === 'MODULE_LEVEL_DIRECTIVE' || tell(level, log),
    },
  },
});
