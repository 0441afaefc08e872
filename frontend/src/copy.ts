import { toast } from "./toasts";
import { say } from "./words";

export function start(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy], [data-copy-from]");
    if (!button) return;
    const source = button.dataset["copyFrom"] ? document.querySelector(button.dataset["copyFrom"]) : null;
    const text = source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement ? source.value : source?.textContent;
    navigator.clipboard.writeText(button.dataset["copy"] ?? text?.trim() ?? "").then(
      () => toast("success", say("copied")),
      () => toast("warning", say("copyFailed")),
    );
  });
}
