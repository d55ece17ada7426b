// The index of reports: a page of cards, one for each notebook, with its title, first words, first picture, and what
// its execution came to. It stands alone as the reports do: no script, nothing from the network.

import { escapeHtml, logo } from "./html.ts";
import { typesetMath } from "./math.ts";
import type { Face } from "./notebook.ts";
import { INDEX } from "./style.ts";

/** One report, as the index shows it. */
export interface Card extends Face {
  readonly file: string;
  readonly notebook: string;
  readonly seconds: number;
  /** What went wrong, when a cell failed. */
  readonly failure?: string;
  /** False when there is no page to lead to. */
  readonly written: boolean;
}

/** The index page of `cards`, in their order. */
export async function indexPage(cards: readonly Card[], version: string): Promise<string> {
  const failed = cards.filter((card) => card.failure !== undefined).length;
  const cells = cards.reduce((sum, card) => sum + card.cells, 0);
  const total = cards.reduce((sum, card) => sum + card.seconds, 0);
  const facts = `${cards.length} ${cards.length === 1 ? "notebook" : "notebooks"}, ${cells} cells, executed in ${total.toFixed(1)} s`;
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Wengert reports</title>
<style>${INDEX}</style>
</head>
<body>
<main>
<header>${logo()}<div><h1>Wengert reports</h1>
<p>${facts}${failed === 0 ? "" : `, <strong class="bad">${failed} failed</strong>`} · Wengert ${escapeHtml(version)}</p></div></header>
<ol>
${cards.map(cardHtml).join("\n")}
</ol>
</main>
</body>
</html>
`;
  return (await typesetMath(html)).html;
}

function cardHtml(card: Card): string {
  const picture =
    card.picture === undefined
      ? `<div class="blank">${logo()}</div>`
      : `<img src="data:image/png;base64,${card.picture}" alt="">`;
  const title = escapeHtml(card.title);
  const outcome =
    card.failure === undefined
      ? `${card.cells} cells · ${card.seconds.toFixed(1)} s`
      : `<span class="bad">failed: ${escapeHtml(card.failure)}</span>`;
  return `<li>${picture}<div><h2>${card.written ? `<a href="${encodeURI(card.file)}">${title}</a>` : title}</h2>
<p>${escapeHtml(card.summary)}</p><p class="facts">${escapeHtml(card.notebook)} · ${outcome}</p></div></li>`;
}
