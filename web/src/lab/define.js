// Registers <linreg-lab>. A page that already has the name keeps what it has; where there is no page nothing is registered.

import { LinregLab } from './element.js';

const registry = /** @type {CustomElementRegistry | undefined} */ (globalThis.customElements);
if (registry && !registry.get('linreg-lab')) registry.define('linreg-lab', LinregLab);
