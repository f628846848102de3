// All that the engine takes and gives, by the names of its types. Compiled by npm.spec.js; nothing runs it.
import { LinregError, Trainer, loadEngine } from 'linreg-lab/engine';
import type {
  Curvature,
  DescentOptions,
  Engine,
  ErrorCode,
  GivenData,
  GivenOptions,
  LeastSquares,
  LoadOptions,
  Notice,
  NumberList,
  Optimum,
  OptionName,
  Options,
  Parameters,
  Phase,
  Plane,
  Rows,
  SliceOptions,
  Status,
  SurfaceValues,
  Text,
  TrainingOptions,
} from 'linreg-lab/engine';
const none = undefined;
const how: LoadOptions = { simd: none, wasmBinary: new Uint8Array(8), wasmUrl: none };
export const engine: Engine = await loadEngine(how);
const names: readonly string[] = ['age'];
const numbers: NumberList = new Float32Array(2);
const data: GivenData = { features: numbers, labels: [1, 2] as const, names, label_name: none };
const given: GivenOptions = { lr: none, beta: none, true_w: new Float32Array([1]), data: none };
const options: GivenOptions[] = [given, { data }, { true_w: [2, -3.4] as const }, { ...given, lr: 0.1 }];
// @ts-expect-error these are no data
options.push({ data: 5 });
// @ts-expect-error nor are data without labels
options.push({ data: { features: [1] } });
// @ts-expect-error numbers that are no float64
options.push({ true_w: new BigInt64Array(1) });
// @ts-expect-error neither a list nor a view of one
options.push({ true_w: new DataView(new ArrayBuffer(8)) });
const trainer: Trainer = engine.createTrainer(options[0]);
export const now: Options = trainer.options;
export const lr: Options['lr'] = trainer.options.lr;
const changes: Partial<TrainingOptions> = { lr: 0.1 };
trainer.set(changes);
trainer.set({ momentum: none, lr: 0.1 });
export const told: readonly [Status, Phase, Parameters] = [trainer.status, trainer.phase, trainer.initial];
const notice: Notice | undefined = trainer.notices[0];
export const field: OptionName | undefined = notice?.field;
const slices: SliceOptions = { onProgress: none, signal: new AbortController().signal };
const rows: Rows = { features: new Float64Array(2), labels: [1, 2] as const, d: 1, names, intercept: none };
const descent: DescentOptions = { lr: none, momentum: 0.9 };
export const fit: LeastSquares = await engine.leastSquares({ ...rows, ...slices });
export const curvature: Curvature = await engine.curvature({ ...rows, ...slices, ...descent });
export const optimum: Optimum = trainer.optimum;
const plane: Plane = { x: 0, y: 1, width: 2, height: 2, ranges: { x: [0, 1], y: [0, 1] } };
export const surface: SurfaceValues = trainer.lossSurface(plane);
export const text: Text | undefined = notice?.text;
export const code = (error: unknown): ErrorCode | undefined => (error instanceof LinregError ? error.code : undefined);
