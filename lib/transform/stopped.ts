/**
 * Functions that give what they are given as a constant: programs know them by this set, which the floor above fills.
 */
export const stopping = new WeakSet<object>();
