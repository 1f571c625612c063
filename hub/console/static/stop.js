// The page that silences everything: what the hub answers is shown above it.

import { watchPage } from "./fragments.js";

watchPage({ changed: () => {}, acted: () => {}, refused: () => {} });
