import { sha256 } from "./sha256";

/** `<form data-proof="15">`: while the customer writes, the browser looks for a number with which SHA-256 of the form's
 *  own number begins with so many zero bits (huiyin/portal/proving.py). What asks people instead is put away. */
const SLICE_MS = 24;

function work(challenge: string, bits: number): Promise<string> {
  let nonce = 0;
  return new Promise((resolve) => {
    const slice = (): void => {
      const until = performance.now() + SLICE_MS;
      while (performance.now() < until) {
        for (let i = 0; i < 64; i++, nonce++) {
          if (sha256(`${challenge}:${nonce}`)[0]! >>> (32 - bits) === 0) return resolve(String(nonce));
        }
      }
      setTimeout(slice);
    };
    slice();
  });
}

export function start(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-proof]")) {
    const answer = form.querySelector<HTMLInputElement>("[data-proof-answer]");
    const challenge = form.querySelector<HTMLInputElement>("input[name=form]")?.value.split(":")[0]; // without its signature
    if (!answer || !challenge) continue;
    form.querySelectorAll<HTMLElement>("[data-proof-else]").forEach((part) => (part.hidden = true));
    const done = work(challenge, Number(form.dataset["proof"])).then((nonce) => (answer.value = nonce));
    form.addEventListener(
      "submit",
      (event) => {
        if (answer.value) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        const button = (event as SubmitEvent).submitter;
        button?.setAttribute("aria-busy", "true");
        void done.then(() => form.requestSubmit(button));
      },
      true,
    );
  }
}
