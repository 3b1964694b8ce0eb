/**
 * What kill -9 does to a training run and to everything that was acknowledged around it. All processes are the real ones
 * and are killed as the kernel's out-of-memory killer would; nothing is told beforehand.
 */
package io.rootstock.bench.kill;
