/** How the choices of an option read in PyTorch's code. @type {Readonly<Record<string, Record<string, string>>>} */
export const choiceCode = Object.freeze({
  loss: { mse: 'MSELoss', l1: 'L1Loss', huber: 'HuberLoss', smooth_l1: 'SmoothL1Loss' },
  reduction: { mean: "'mean'", sum: "'sum'" },
  optimizer: { sgd: 'SGD', adam: 'Adam' },
  init: { normal: 'normal_', zeros: 'fill_' },
});
