/**
 * The few numbers that all threads of the kernel share.
 *
 * What: slots of one `Int32Array` on shared memory. Why: while a cell computes, its thread reads no messages; what
 * another thread must tell it or learn of it at once stands here.
 */

export const slot = {
  /** How many interrupts there were. An execution is interrupted when this exceeds what it was at its start. */
  interrupts: 0,
  /** Not 0 while the cells' thread runs code that a SIGINT stops: another number each time. */
  guarded: 1,
  /** Not 0 once there is a watch for SIGINTs: one more than `watchAnew` was when it was begun. */
  watched: 6,
  /** Changes when the watch is to begin anew, to be the one that gets the next SIGINT. */
  watchAnew: 8,
  /** 1 while the cells' thread waits for a child process. */
  child: 9,
  /** The script of code that an interrupted cell has left behind, which is to be stopped. */
  leftover: 10,
  /** How many interrupts there had been at the beginning of the latest execution. */
  before: 7,
  /** SIGINTs that the kernel sent to itself, and those of them that have arrived. */
  signalsSent: 2,
  signalsTaken: 3,
  /** Bytes of output on their way from the cells to the sockets. */
  backlog: 4,
  /** Changes when an answer from the front end has come, or the waiting for it has ended. */
  input: 5,
} as const;

/** What a piece of text output counts for in the backlog beside its characters, until the session has read it. */
export const pieceWeight = 64;

export type Shared = Int32Array<SharedArrayBuffer>;

export const makeShared = (): Shared => new Int32Array(new SharedArrayBuffer(4 * Object.keys(slot).length));
