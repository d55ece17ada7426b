/**
 * Functions that give what they are given as a constant.
 *
 * What: `stopping`, the set of them. Why a set: lowering has to know `stopGradient` when it meets it, which belongs to
 * the floor above; that one puts it in here.
 */
export const stopping = new WeakSet<object>();
