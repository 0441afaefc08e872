import "../style/main.scss";
import "htmx.org";
import * as back from "./back";
import * as bulk from "./bulk";
import * as busy from "./busy";
import * as confirm from "./confirm";
import * as copy from "./copy";
import * as drafts from "./drafts";
import { keepTyped } from "./fields";
import * as live from "./live";
import * as menus from "./menus";
import * as moments from "./moments";
import * as requests from "./requests";
import * as shortcuts from "./shortcuts";
import * as timer from "./timer";
import * as toasts from "./toasts";
import * as tree from "./tree";
import * as uploads from "./uploads";

keepTyped();
for (const part of [confirm, drafts, busy, requests, toasts, shortcuts, live, menus, moments, bulk, timer, tree, uploads, copy, back]) {
  part.start();
}
