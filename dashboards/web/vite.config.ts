/** Builds the web app into dist/, which the api role serves. Nothing in it is fetched from elsewhere. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

const dkfds = join(dirname(createRequire(import.meta.url).resolve('dkfds')), '..');

/** The design system declares 12 MB of fonts in four formats; src/fonts.css names the three cuts we use. */
const withoutFonts: Plugin = {
  name: 'dkfds-without-fonts',
  enforce: 'pre',
  transform(code, id) {
    return id.includes('dkfds.min.css') ? code.replace(/@font-face\{[^}]*\}/g, '') : undefined;
  },
};

export default defineConfig({
  plugins: [withoutFonts, svelte()],
  resolve: { alias: { '@dkfds': dkfds } },
  build: { target: 'es2022', sourcemap: false, assetsInlineLimit: 0 },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
