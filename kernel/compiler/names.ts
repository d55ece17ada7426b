/** Names that the compiler and the running cells agree on. */

/** Earlier cells are imported by this name and a number. */
export const cellModule = "wengert:cell/";

/** The global through which cells reach the kernel. */
export const kernelName = "$$kernel";
