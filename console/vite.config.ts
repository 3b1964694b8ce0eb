import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The page is served with a strict Content-Security-Policy: no inline script, no data: script.
export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
