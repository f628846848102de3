// The sizes that the core accepts (core/include/linreg/dataset.hpp); a test compares them with what it refuses.

export const maxRows = 1_000_000;
export const maxFeatures = 256;
/** The most cells, n times d: 64 MB as float32. */
export const maxCells = 2 ** 24;
