// Copies the built console for the jar of the registry: compressed copies of its texts, and files.txt with all names.
// Usage: node pack.mjs FROM TO
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

const [from, to] = process.argv.slice(2);
rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true });

const files = () =>
  readdirSync(to, { recursive: true })
    .map((name) => join(to, name))
    .filter((path) => statSync(path).isFile());

for (const path of files().filter((name) => /\.(js|css|svg)$/.test(name))) {
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
}
const names = files().map((path) => relative(to, path).replaceAll('\\', '/'));
writeFileSync(join(to, 'files.txt'), names.sort().join('\n') + '\n');
