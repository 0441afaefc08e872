import "../style/main.scss";
import "htmx.org";
import * as announce from "./announce";
import * as assign from "./assign";
import * as atHand from "./at-hand";
import * as back from "./back";
import * as bulk from "./bulk";
import * as busy from "./busy";
import * as composer from "./composer";
import * as confirm from "./confirm";
import * as copy from "./copy";
import * as cursor from "./cursor";
import * as days from "./days";
import * as drafts from "./drafts";
import { keepTyped } from "./fields";
import * as folds from "./folds";
import * as insert from "./insert";
import * as live from "./live";
import * as menus from "./menus";
import * as moments from "./moments";
import * as palette from "./palette";
import * as proof from "./proof";
import * as queue from "./queue";
import * as quick from "./quick";
import * as requests from "./requests";
import * as rows from "./rows";
import * as samePlace from "./same-place";
import * as scripted from "./scripted";
import * as shortcuts from "./shortcuts";
import * as steps from "./steps";
import * as timer from "./timer";
import * as toasts from "./toasts";
import * as tree from "./tree";
import * as turn from "./turn";
import * as uploads from "./uploads";
import * as waits from "./waits";

keepTyped();
for (const part of [announce, confirm, composer, drafts, busy, requests, toasts, shortcuts, cursor, palette, live, menus, moments, bulk, folds, timer, tree, uploads, copy, insert, atHand, waits, back, steps, proof, days, scripted, quick, turn, samePlace, queue, rows, assign]) {
  try {
    part.start();
  } catch (error) {
    reportError(error); // the others work without it
  }
}
