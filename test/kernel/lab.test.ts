// `wengert lab`: a real Jupyter server, asked over HTTP for the kernel and the notebooks that it shows.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { inTemporaryFolder } from "../support/run.js";

/** What the server answers, as far as it is looked at. */
interface Kernels {
  kernelspecs: Record<string, { spec: { display_name: string }; resources: Record<string, string> }>;
}
interface Contents {
  content: { name: string }[];
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

describe("wengert lab", function () {
  this.timeout(600_000);

  it("opens Jupyter with the kernel and the notebooks, and leaves the user's own Jupyter folders alone", () =>
    inTemporaryFolder(async (folder) => {
      const home = join(folder, "home");
      mkdirSync(home);
      mkdirSync(join(folder, "notebooks"));
      writeFileSync(
        join(folder, "notebooks", "one.ipynb"),
        `{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": []}`,
      );
      const server = spawn(
        process.execPath,
        [resolve("dist/kernel/cli.js"), "lab", "--no-browser", `--port=${await freePort()}`],
        {
          cwd: folder,
          env: { PATH: process.env.PATH, HOME: home },
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      const ended = new Promise<number | null>((done) => server.once("close", done));
      try {
        let said = "";
        let address: URL | undefined;
        for await (const line of createInterface(server.stderr)) {
          said += `${line}\n`;
          const [url] = /https?:\/\/127\.0\.0\.1:\d+\/\S*token=\w+/.exec(line) ?? [];
          if (url === undefined) continue;
          address = new URL(url);
          break;
        }
        assert.ok(address, said);
        const ask = async <T>(path: string) => {
          const headers = { Authorization: `token ${address.searchParams.get("token")}` };
          return (await (await fetch(new URL(path, address.origin), { headers })).json()) as T;
        };
        const { kernelspecs } = await ask<Kernels>("/api/kernelspecs");
        assert.equal(kernelspecs.wengert.spec.display_name, "TypeScript (Wengert)");
        assert.ok(kernelspecs.wengert.resources["logo-64x64"]);
        const { content } = await ask<Contents>("/api/contents/");
        assert.deepEqual(
          content.map(({ name }) => name),
          ["one.ipynb"],
        );
      } finally {
        server.kill("SIGTERM");
        await ended;
      }
      const jupyters = readdirSync(home).filter((name) => /jupyter|ipython|local|config|Library/.test(name));
      assert.deepEqual(jupyters, []);
    }));
});
