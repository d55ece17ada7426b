// How reports and their index look: one palette for both, light and dark as the reader's system asks, and the
// variables of JupyterLab's theme, which nbconvert's page and our displays take their colours from, for the dark one.
// Pictures are drawn on white paper, in both.

/** The colours of a page; the dark ones are for the screen, paper stays white. */
export const PALETTE = `
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5a6676; --line: #d8dee6; --card: #fff; --ground: #f5f7fa; --link: #1f4e8c; --bad: #b3261e; --bad-ground: #fdecea; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #9aa7b5; --line: #313c49; --card: #1c242d; --ground: #12181f; --link: #9cc7f5; --bad: #ff8a80; --bad-ground: #3a1d1c; } }
@media print { :root { color-scheme: light; } }
`;

/** JupyterLab's variables in the dark, where nbconvert's page has those of the light theme alone. */
const dark: Readonly<Record<string, string>> = {
  "layout-color0": "var(--card)",
  "layout-color1": "var(--card)",
  "layout-color2": "#28323d",
  "layout-color3": "#3b4755",
  "layout-color4": "#5a6776",
  "content-font-color0": "#fff",
  "content-font-color1": "var(--ink)",
  "content-font-color2": "#b4bfcb",
  "content-font-color3": "#8794a2",
  "ui-font-color0": "#fff",
  "ui-font-color1": "var(--ink)",
  "ui-font-color2": "#b4bfcb",
  "ui-font-color3": "#8794a2",
  "content-link-color": "var(--link)",
  "content-link-visited-color": "var(--link)",
  "content-link-hover-color": "var(--link)",
  "border-color0": "#7d8a99",
  "border-color1": "#54616f",
  "border-color2": "#414d5a",
  "border-color3": "#313c49",
  "cell-editor-background": "#161d25",
  "cell-editor-border-color": "var(--line)",
  "cell-inprompt-font-color": "#7fb3e6",
  "cell-outprompt-font-color": "#e39b80",
  "cell-prompt-not-active-font-color": "#9aa7b5",
  "rendermime-table-row-background": "#222c36",
  "rendermime-table-row-hover-background": "#2b3947",
  "rendermime-error-background": "var(--bad-ground)",
  "warn-color3": "rgba(255, 176, 64, 0.28)",
  "mirror-editor-keyword-color": "#7fc98f",
  "mirror-editor-atom-color": "#b3a6f2",
  "mirror-editor-number-color": "#8fd3a8",
  "mirror-editor-def-color": "#8fb8f5",
  "mirror-editor-variable-color": "var(--ink)",
  "mirror-editor-variable-2-color": "#8fc4ea",
  "mirror-editor-variable-3-color": "#7fd0ae",
  "mirror-editor-punctuation-color": "#a9b8c8",
  "mirror-editor-property-color": "#8fc4ea",
  "mirror-editor-operator-color": "#d3a6f5",
  "mirror-editor-comment-color": "#8fa9a9",
  "mirror-editor-string-color": "#f2a097",
  "mirror-editor-string-2-color": "#dba1ea",
  "mirror-editor-meta-color": "#d3a6f5",
  "mirror-editor-builtin-color": "#85bdf0",
  "mirror-editor-bracket-color": "#b3b08d",
  "mirror-editor-tag-color": "#9ccf85",
  "mirror-editor-attribute-color": "#9fb6f5",
  "mirror-editor-error-color": "#ff8a80",
};

export const PAGE = `${PALETTE}
body.jp-Notebook { max-width: 68rem; margin: 0 auto; padding: 0 1.5rem 4rem; box-sizing: border-box; overflow: visible; background: var(--card); color: var(--ink); }
.wengert-bar { position: sticky; top: 0; z-index: 10; display: flex; gap: 1.2rem; align-items: center; margin: 0 0 1.5rem; padding: .6rem .2rem; background: var(--card); border-bottom: 1px solid var(--line); font: 14px/1.4 system-ui, sans-serif; }
.wengert-bar a { color: var(--link); text-decoration: none; }
.wengert-bar a:hover, .wengert-bar a:focus-visible { text-decoration: underline; }
.wengert-bar a:first-child { display: flex; gap: .5rem; align-items: center; font-weight: 600; margin-right: auto; }
.wengert-bar a:first-child > svg { width: 1.5rem; height: 1.5rem; }
.wengert-failure { margin: 0 0 1.5rem; padding: .8rem 1rem; border-left: 4px solid var(--bad); background: var(--bad-ground); font: 14px/1.5 system-ui, sans-serif; white-space: pre-wrap; }
.jp-RenderedHTMLCommon { font-size: 16px; line-height: 1.6; }
.jp-RenderedHTMLCommon table caption { caption-side: top; }
.jp-RenderedImage img { max-width: 100%; height: auto; }
.jp-OutputArea-output { overflow-x: auto; }
mjx-container { font-size: 94%; }
html { scroll-padding-top: 3.5rem; background: var(--card); }
.jp-RenderedHTMLCommon table { font-size: 14px; }
.jp-RenderedHTMLCommon pre code { background: none; }
mjx-container[display="true"] { overflow-x: auto; overflow-y: hidden; }
a.anchor-link { display: inline; visibility: hidden; text-decoration: none; padding-left: .3em; }
:is(h1, h2, h3, h4):hover a.anchor-link, a.anchor-link:focus { visibility: visible; }
@media print { .wengert-bar { display: none; } body.jp-Notebook { max-width: none; padding: 0; } }
@media screen and (prefers-color-scheme: dark) {
:root { ${Object.entries(dark)
  .map(([name, colour]) => `--jp-${name}: ${colour};`)
  .join(" ")} }
.jp-RenderedImage img, .jp-RenderedSVG svg, .jp-RenderedHTMLCommon img { background: #fff; border-radius: .4rem; }
.jp-RenderedText pre .ansi-black-fg { color: #9aa7b5; }
.jp-RenderedText pre .ansi-blue-fg { color: #8fb8f5; }
.jp-RenderedText pre :is(.ansi-red-fg, .ansi-red-intense-fg) { color: #ff8a80; }
}
`;

export const INDEX = `${PALETTE}
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
