/**
 * Parameters, or anything else that there is for each of them, as one list: weights, then the bias.
 * @template T
 * @param {{ weight: ArrayLike<T>, bias: T }} parameters
 * @returns {T[]}
 */
export const parameterList = ({ weight, bias }) => [...Array.from(weight), bias];
