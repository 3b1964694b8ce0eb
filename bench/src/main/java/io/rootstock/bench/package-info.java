/**
 * Programs behind the executables of {@code bench/}: each measures one figure on real data, without arguments, and
 * prints a readable table and then {@code key=value} lines. They may use every module; no module uses them. The
 * module's tests check the rules of the architecture.
 */
package io.rootstock.bench;
