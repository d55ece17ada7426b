// The index of reports: a page of cards, one for each notebook, with its title, first words, first picture, and what
// its execution came to. It stands alone as the reports do: no script, nothing from the network.

import { escapeHtml, logo } from "./html.ts";
import { typesetMath } from "./math.ts";
import type { Face } from "./notebook.ts";

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

const STYLE = `
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5a6676; --line: #d8dee6; --card: #fff; --ground: #f5f7fa; --link: #1f4e8c; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #9aa7b5; --line: #313c49; --card: #1c242d; --ground: #12181f; --link: #9cc7f5; --bad: #ff8a80; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
header { display: flex; gap: 1rem; align-items: center; margin-bottom: 2rem; }
header svg { width: 3.5rem; height: 3.5rem; flex: none; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0; }
header p { margin: .2rem 0 0; color: var(--soft); }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 1.2rem; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }
li { display: flex; flex-direction: column; background: var(--card); border: 1px solid var(--line); border-radius: .7rem; overflow: hidden; position: relative; }
li:has(a:hover), li:has(a:focus-visible) { border-color: var(--link); }
li img, li .blank { height: 10rem; width: 100%; object-fit: contain; background: #fff; border-bottom: 1px solid var(--line); box-sizing: border-box; padding: .8rem; }
li .blank { display: grid; place-items: center; } li .blank svg { width: 3rem; opacity: .25; }
li > div:last-child { padding: 1rem 1.2rem; display: flex; flex-direction: column; gap: .5rem; flex: 1; }
h2 { font-size: 1.1rem; line-height: 1.3; margin: 0; }
h2 a { color: var(--link); text-decoration: none; } h2 a::after { content: ""; position: absolute; inset: 0; }
li p { margin: 0; font-size: .92rem; display: -webkit-box; -webkit-line-clamp: 4; -webkit-box-orient: vertical; overflow: hidden; }
li .facts { margin-top: auto; color: var(--soft); font-size: .82rem; display: block; } .bad { color: var(--bad); }
`;

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
<style>${STYLE}</style>
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
