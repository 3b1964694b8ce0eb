/**
 * The programs behind the executables under {@code bench/}: each measures one figure on real data, without arguments,
 * and prints a readable table and then {@code key=value} lines. They may use every module; nothing uses them. The
 * module's tests hold the rules of the architecture.
 */
package io.rootstock.bench;
