// What a page's script asks of the element and hears of it, typed. Compiled by npm.spec.js; nothing runs it.
import 'linreg-lab';
import { LinregLab } from 'linreg-lab/element';
import type { GivenState, LabDetails, LabState, Options, Speed, Stride } from 'linreg-lab/element';
const element = document.createElement('linreg-lab');
const speed: Speed = 'fast';
const stride: Stride = 'phase';
const state: LabState = await element.train({ speed });
await element.step(stride);
await element.train({ speed: undefined });
export const options: Options = state.options;
const saved: GivenState = { ...state, step: undefined, log: [] };
export const again: LabState[] = [
  await element.setState(saved),
  await element.setState(state),
  await element.setState({}),
];
// @ts-expect-error its data stand beside its options
await element.setState({ options: { data: { features: [1], labels: [1] } } });
// @ts-expect-error there is no such status
await element.setState({ status: 'bogus' });
// @ts-expect-error nor a format of this name
element.exportAs('yaml');
export const link: string = element.exportAs('link');
element.addEventListener('linreg-ready', ({ detail }) => detail.status.length + detail.step);
element.addEventListener(
  'step',
  ({ detail: { step, epoch, loss = NaN, weight, bias } }) => step + epoch + loss + weight.length + bias,
);
element.addEventListener('epoch', (event) => event.detail.epoch + event.detail.loss, { once: true });
element.addEventListener('done', function ({ detail }) {
  const { step, epoch }: LabDetails['done'] = detail;
  return this.rewind(step + epoch);
});
element.addEventListener('diverge', ({ detail: { step, epoch, lr } }) => step + epoch + lr);
element.addEventListener('error', ({ detail }) => detail.hint);
element.addEventListener('click', (event) => event.clientX); // what every element tells of
element.addEventListener('mine', (event) => event.type);
element.addEventListener('epoch', { handleEvent: (event: Event) => event.type });
const hear = (event: CustomEvent<LabDetails['epoch']>) => event.detail.loss;
element.addEventListener('epoch', hear);
element.removeEventListener('epoch', hear);
// @ts-expect-error an epoch tells nothing of the weights
element.addEventListener('epoch', (event) => event.detail.weight);
export const lab: LinregLab & HTMLElement = element;
