// Builds all that is given away into build/dist, byte for byte the same at every build, and prints what it weighs.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildNpm } from './build-npm.mjs';
import { buildClassic, buildOneFile } from './build-one-file.mjs';
import { releaseSite } from './build-site.mjs';
import { printSizes, printVisits } from './sizes.mjs';

const folder = process.argv[2] ?? 'build/dist';

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const oneFile = join(folder, 'linreg-lab.html');
await buildOneFile(oneFile);
const classic = join(folder, 'linreg-lab.classic.js');
await buildClassic(classic);
await buildNpm(join(folder, 'npm'));
const widget = join(folder, 'anywidget.mjs');
cpSync(join(folder, 'npm/anywidget.js'), widget);
const files = await releaseSite(join(folder, 'site'), [oneFile, classic, widget]);

printSizes(folder);
printVisits(join(folder, 'site'), files);
