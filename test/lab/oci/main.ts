// main.ts ARCHIVE IMAGE CONFIG_JSON ROOT...: an image archive from directories, one layer each
import { type ImageConfig, writeImage } from './archive.ts';

const [archive, image, configJson, ...roots] = process.argv.slice(2);
if (archive === undefined || image === undefined || configJson === undefined || roots.length === 0) {
  console.error('usage: main.ts ARCHIVE IMAGE:TAG CONFIG_JSON ROOT...');
  process.exit(2);
}
const config: ImageConfig = JSON.parse(configJson);
console.error(image, writeImage(archive, image, config, roots));
