/**
 * Callbacks of cells, wherever Node calls them from: in the guard, so that an interrupt stops them.
 *
 * What: timers, `process.nextTick`, `queueMicrotask`, the handlers of promises and of event emitters (so of streams,
 * servers, sockets, child processes and workers) and the callbacks of `node:fs`; and the waiting for child processes. Why not one place for all of them:
 * Node has none in which stopping the code leaves its own bookkeeping whole. The kernel's own code on this thread uses
 * `await` and message ports, which are not changed.
 */
import { AsyncResource } from "node:async_hooks";
import childProcess, { type ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { currentExecution } from "./executions.ts";
import { guardedAnew, guardedCallback, guardedFor, waitForChild } from "./guard.ts";

type AnyFunction = (this: unknown, ...args: any[]) => unknown;

export function guardCallbacks(): void {
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const)
    replace(globalThis, name, timer(globalThis[name] as never));
  replace(globalThis, "fetch", outside(fetch));
  replace(globalThis, "queueMicrotask", first(queueMicrotask));
  replace(process, "nextTick", first(process.nextTick));
  replace(Promise.prototype, "then", then(Promise.prototype.then as AnyFunction));
  replace(EventEmitter.prototype, "emit", emit(EventEmitter.prototype.emit));
  replace(AsyncResource.prototype, "runInAsyncScope", inScope(AsyncResource.prototype.runInAsyncScope));
  for (const [name, value] of Object.entries(fs))
    if (typeof value === "function" && `${name}Sync` in fs) replace(fs, name, last(value as AnyFunction));
  for (const name of ["spawnSync", "execSync", "execFileSync"] as const)
    replace(childProcess, name, waiting(childProcess[name] as AnyFunction));
  const child = childProcess.ChildProcess.prototype as unknown as Record<"spawn", AnyFunction>;
  replace(child, "spawn", remembered(child.spawn));
  syncBuiltinESMExports();
}

/** Puts a function in another's place, with all that is said of that one (as Node's promisified forms). */
function replace(holder: object, name: string, wrapped: AnyFunction): void {
  const descriptor = Object.getOwnPropertyDescriptor(holder, name) as PropertyDescriptor;
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(descriptor.value));
  Object.defineProperty(holder, name, { ...descriptor, value: wrapped });
}

const guardedFunction = (callback: AnyFunction): AnyFunction =>
  function (this: unknown, ...args: unknown[]) {
    return guardedCallback(() => Reflect.apply(callback, this, args));
  };
const guardedIfFunction = (value: unknown): unknown =>
  typeof value === "function" ? guardedFunction(value as AnyFunction) : value;

const timer =
  (original: AnyFunction): AnyFunction =>
  (callback, ...rest) => {
    if (typeof callback !== "function") return original(callback, ...rest);
    const execution = currentExecution();
    return original(
      function (this: unknown, ...args: unknown[]) {
        return guardedFor(execution, () => Reflect.apply(callback, this, args));
      },
      ...rest,
    );
  };

const first = (original: Function): AnyFunction =>
  function (callback, ...rest) {
    return Reflect.apply(original, this, [guardedIfFunction(callback), ...rest]);
  };

const last = (original: AnyFunction): AnyFunction =>
  function (...args) {
    const at = args.length - 1;
    return Reflect.apply(original, this, args.with(at, guardedIfFunction(args[at])));
  };

const then = (original: AnyFunction): AnyFunction =>
  function (fulfilled, rejected) {
    return Reflect.apply(original, this, [guardedIfFunction(fulfilled), guardedIfFunction(rejected)]);
  };

const waiting = (original: AnyFunction): AnyFunction =>
  function (...args) {
    return waitForChild(() => Reflect.apply(original, this, args));
  };

/** Child processes that cells go on beside. */
const children = new Set<ChildProcess>();

/** Those of them that have not ended. */
export function openChildren(): number[] {
  for (const child of children)
    if (child.exitCode !== null || child.signalCode !== null) children.delete(child);
  return [...children].flatMap(({ pid }) => pid ?? []);
}

const remembered = (original: AnyFunction): AnyFunction =>
  function (this: unknown, ...args) {
    openChildren();
    children.add(this as ChildProcess);
    return Reflect.apply(original, this, args);
  };

/** Node ends the process when it finds a scope entered and not left. */
const inScope = (original: AnyFunction): AnyFunction =>
  function (callback, ...rest) {
    if (typeof callback !== "function") return Reflect.apply(original, this, [callback, ...rest]);
    const anew = function (this: unknown, ...args: unknown[]) {
      return guardedAnew(() => Reflect.apply(callback, this, args));
    };
    return Reflect.apply(original, this, [anew, ...rest]);
  };

/** Node loads `fetch` when it is first called; an interrupt in the midst of that would leave it broken for good. */
const outside = (original: AnyFunction): AnyFunction => {
  const { nextTick } = process;
  return (...args) => new Promise((resolve) => nextTick(() => resolve(original(...args))));
};

const emit = (original: AnyFunction): AnyFunction =>
  function (...args) {
    // the process tells of errors by events; nothing may be thrown there
    if (this === process) return Reflect.apply(original, this, args);
    return guardedCallback(() => Reflect.apply(original, this, args));
  };
