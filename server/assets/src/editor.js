// The editor at /sparql. The page works without it: the form sends the query, and the schema is links.

import { startEditor } from "./editor/page.js";

const form = document.querySelector("form[data-editor]");
if (form) startEditor(form);
