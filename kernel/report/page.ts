// Makes a report out of the page that nbconvert wrote: one self-contained file that reads well and works without a
// network, with a bar that leads to the other reports. nbconvert's template loads require.js and MathJax (newer
// ones mermaid too) from CDNs: those scripts go; what a notebook's own outputs would load is found and named.

import { escapeHtml, logo } from "./html.ts";
import { typesetMath } from "./math.ts";
import { PAGE } from "./style.ts";

/** A report's place among its neighbours. */
export interface Neighbour {
  readonly title: string;
  /** File name within the folder of reports. */
  readonly file: string;
}

/** What the page needs to know besides nbconvert's HTML. */
export interface PageFacts {
  readonly title: string;
  readonly previous?: Neighbour;
  readonly next?: Neighbour;
  /** Shown at the top when a cell failed. */
  readonly failure?: string;
}

/** A finished page, with what its author should hear about. */
export interface Page {
  readonly html: string;
  readonly warnings: readonly string[];
}

/** Turns nbconvert's page into a report. */
export async function finishPage(converted: string, facts: PageFacts): Promise<Page> {
  const bare = withoutRemoteScripts(converted)
    .replace(/<html(?=>)/, '<html lang="en"')
    .replace(
      /<title>[\s\S]*?<\/title>/,
      () => `<title>${escapeHtml(facts.title.replaceAll("$", ""))} · Wengert</title>`,
    )
    .replace("</head>", () => `<style>${PAGE}</style></head>`)
    .replace(/<body[^>]*>/, (tag) => `${tag}\n${bar(facts)}${failureBox(facts)}`);
  const { html, refused } = await typesetMath(bare);
  return {
    html,
    warnings: [
      ...refused.map((each) => `TeX that MathJax refuses: ${each}`),
      ...remoteReferences(html).map((url) => `an output loads ${url} from the network`),
    ],
  };
}

function bar({ previous, next }: PageFacts): string {
  const link = (target: Neighbour | undefined, before: string, after: string) =>
    target === undefined
      ? ""
      : `<a href="${encodeURI(target.file)}">${before}${escapeHtml(target.title)}${after}</a>`;
  const neighbours = link(previous, "← ", "") + link(next, "", " →");
  return `<nav class="wengert-bar" aria-label="Reports"><a href="index.html">${logo()} All reports</a>${neighbours}</nav>\n`;
}

function failureBox({ failure }: PageFacts): string {
  return failure === undefined
    ? ""
    : `<div class="wengert-failure" role="alert">${escapeHtml(failure)}</div>\n`;
}

const SCRIPT = /<script\b(?:"[^"]*"|'[^']*'|[^'">])*>[\s\S]*?<\/script\s*>/gi;
const REMOTE = /(?:https?:)?\/\//.source;

/** Drops the template's scripts, all of the head's, and any other that loads code from the network. */
function withoutRemoteScripts(html: string): string {
  const bodyAt = html.search(/<body\b/);
  const loads = new RegExp(
    `^<script[^>]*\\bsrc\\s*=\\s*["']?${REMOTE}|\\b(?:import|from)\\s*\\(?\\s*["'\`]${REMOTE}`,
  );
  return html.replace(SCRIPT, (script, at: number) => (at < bodyAt || loads.test(script) ? "" : script));
}

/** The addresses that a browser would fetch from the network to show `html`; links to follow don't count. */
export function remoteReferences(html: string): string[] {
  const patterns = [
    `<(?:script|img|iframe|source|video|audio|embed|track|input)\\b[^>]*?\\bsrc\\s*=\\s*["']?(${REMOTE}[^"'\\s>]+)`,
    `<link\\b[^>]*?\\bhref\\s*=\\s*["']?(${REMOTE}[^"'\\s>]+)`,
    `<object\\b[^>]*?\\bdata\\s*=\\s*["']?(${REMOTE}[^"'\\s>]+)`,
    `@import\\s+(?:url\\()?["']?(${REMOTE}[^"')\\s;]+)`,
    `\\burl\\(\\s*["']?(${REMOTE}[^"')\\s]+)`,
    `\\b(?:import|from)\\s*\\(?\\s*["'\`](${REMOTE}[^"'\`]+)`,
  ];
  // Shown source code is text of the page, its tags are escaped; but `from "https://…"` in it looks like an import.
  const live = html.replace(/<pre\b[\s\S]*?<\/pre>/g, "");
  return [
    ...new Set(
      patterns.flatMap((pattern) => [...live.matchAll(new RegExp(pattern, "gi"))].map(([, url]) => url)),
    ),
  ];
}
