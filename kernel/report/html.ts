// The two scraps of HTML that a report and the index of reports share.

import { readFileSync } from "node:fs";
import { asset } from "../package.ts";

/** `text` for HTML, in content and in attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);
}

/** The logo as inline SVG. */
export function logo(): string {
  return readFileSync(asset("install", "logo-svg.svg"), "utf8").replace(
    / role="img" aria-label="\w+"/,
    ' aria-hidden="true"',
  );
}
