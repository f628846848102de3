// Makes cars.json: horsepower and weight against miles per gallon, from the npm package vega-datasets.
//
//     node web/src/data/make_cars.mjs
//
// A row without one of the three numbers is dropped, and the file says how many were.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const names = ['Horsepower', 'Weight_in_lbs'];
const labelName = 'Miles_per_Gallon';

const require = createRequire(import.meta.url);
const directory = new URL('../', `file://${require.resolve('vega-datasets')}`);
const { name, version, license } = JSON.parse(readFileSync(new URL('package.json', directory), 'utf8'));
/** @type {Record<string, number | null>[]} */
const rows = JSON.parse(readFileSync(new URL('data/cars.json', directory), 'utf8'));

const kept = rows.filter((row) => [...names, labelName].every((column) => Number.isFinite(row[column])));
const cars = {
  source: `${name} ${version}, data/cars.json; originally from the StatLib archive`,
  licence: `${license} (the package); the original was distributed for educational and scientific purposes (1982)`,
  rows: rows.length,
  dropped: rows.length - kept.length,
  names,
  label_name: labelName,
  features: kept.flatMap((row) => names.map((column) => row[column])),
  labels: kept.map((row) => row[labelName]),
};

writeFileSync(new URL('cars.json', import.meta.url), `${JSON.stringify(cars)}\n`);
console.log(`cars.json: ${kept.length} rows, ${cars.dropped} of ${cars.rows} dropped`);
