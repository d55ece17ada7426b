/**
 * Proxies: a handler whose traps are prepared code, and see nothing of ours.
 *
 * What: prepared code that makes a Proxy gives it a handler of a handler, which calls each trap as its recording
 * program while an evaluation is recorded, and answers the two symbols of the recorder without asking the user's
 * traps. Why: a trap may count, log or change what it is asked, so that any question of ours would be an effect.
 * Reference: ECMA-262, section 10.5 (proxy object internal methods).
 */
import { Box } from "./handle.ts";
import type { Recorder } from "./recorder.ts";

type Trap = (...args: unknown[]) => unknown;
const deeds = ["get", "apply", "construct", "getOwnPropertyDescriptor", "ownKeys", "getPrototypeOf"];

/** The handler in place of the user's. */
export function handlerOf(recorder: Recorder, handler: object): ProxyHandler<object> {
  const ours = (key: unknown): boolean => key === recorder.shadow || key === recorder.target;
  const plain = Reflect as unknown as Record<PropertyKey, Trap>;
  return new Proxy(handler, {
    get(_, name) {
      const trap = Reflect.get(handler, name) as Trap | undefined;
      if (trap === undefined || trap === null) {
        if (name === "get")
          return (target: object, key: PropertyKey, receiver: unknown) =>
            key === recorder.target ? target : Reflect.get(target, key, receiver);
        if (name === "apply")
          return (f: unknown, self: unknown, args: unknown[]) => recorder.invoke(f, self, args);
        if (name === "construct") return undefined;
        return trap;
      }
      return (...args: unknown[]) => {
        const key = args[1];
        if (ours(key)) {
          if (name === "get") return key === recorder.target ? args[0] : undefined;
          return plain[name](...args);
        }
        if (!recorder.on) return Reflect.apply(trap, handler, args);
        const y = recorder.invoke(trap, handler, args);
        // whether something is so, or was done
        return deeds.includes(name as string) ? y : y instanceof Box ? y.v : y;
      };
    },
  }) as ProxyHandler<object>;
}

/** A Proxy known to the recorder: one of a function is called through its traps. */
export function proxied<T>(recorder: Recorder, proxy: T): T {
  if (typeof proxy === "function") recorder.own(proxy as never);
  return proxy;
}
