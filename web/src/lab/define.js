// Registers <linreg-lab>. A page that already has the name keeps what it has.

import { LinregLab } from './element.js';

if (!customElements.get('linreg-lab')) customElements.define('linreg-lab', LinregLab);
